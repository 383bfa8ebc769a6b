"""The demonstration: a made-up district, with something on every screen."""
