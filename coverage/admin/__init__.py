"""Coverage for officers: lists of places, gaps and own areas. One module a noun."""

from . import areas, gaps, places, snapshots, sources

__all__ = ["areas", "gaps", "places", "snapshots", "sources"]
