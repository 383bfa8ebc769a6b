"""Gaps in coverage and who could close them: other spaces, drawn areas, gaps."""

from .areas import DrawnArea
from .gaps import Approach, Gap
from .other_places import NotTheSame, OtherPlace, OtherPlaceHours, Source
from .public_maps import PublicMap
from .snapshots import Snapshot

__all__ = [
    "Approach",
    "DrawnArea",
    "Gap",
    "NotTheSame",
    "OtherPlace",
    "OtherPlaceHours",
    "PublicMap",
    "Snapshot",
    "Source",
]
