"""The demonstration: a district that does not exist, with something on every screen."""
