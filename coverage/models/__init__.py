"""Where nobody is covered, and who else is there: places of others, own areas, gaps."""

from .areas import DrawnArea
from .gaps import Approach, Gap
from .places import NotTheSame, Place, PlaceHours, Source
from .public_maps import PublicMap
from .snapshots import Snapshot

__all__ = [
    "Approach",
    "DrawnArea",
    "Gap",
    "NotTheSame",
    "Place",
    "PlaceHours",
    "PublicMap",
    "Snapshot",
    "Source",
]
