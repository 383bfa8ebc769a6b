"""Coverage for officers: lists of other spaces, gaps and own areas. One module per noun."""

from . import areas, gaps, other_places, snapshots, sources, unsafe

__all__ = ["areas", "gaps", "other_places", "snapshots", "sources", "unsafe"]
