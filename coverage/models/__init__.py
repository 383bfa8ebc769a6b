"""Where nobody is covered, and who else is there: other spaces, own areas, gaps."""

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
