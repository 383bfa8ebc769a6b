"""Coverage for officers: lists of places, gaps and own areas. One module a noun."""

from . import areas, gaps, places, sources

__all__ = ["areas", "gaps", "places", "sources"]
