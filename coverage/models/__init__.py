"""Gaps in coverage and who could close them: other spaces, drawn areas, gaps."""

from .areas import DrawnArea
from .gaps import Approach, Gap
from .groups import PriorityGroup
from .other_places import NotTheSame, OtherPlace, OtherPlaceHours, Source
from .public_maps import PublicMap
from .snapshots import Snapshot
from .unsafe import FeltUnsafe, UnsafeSquare

__all__ = [
    "Approach",
    "DrawnArea",
    "FeltUnsafe",
    "Gap",
    "NotTheSame",
    "OtherPlace",
    "OtherPlaceHours",
    "PriorityGroup",
    "PublicMap",
    "Snapshot",
    "Source",
    "UnsafeSquare",
]
