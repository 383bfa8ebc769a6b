"""What each role may do about coverage, and each object's scheme."""

from coverage.models import (
    Approach,
    DrawnArea,
    FeltUnsafe,
    Gap,
    NotTheSame,
    OtherPlace,
    PriorityGroup,
    PublicMap,
    Snapshot,
    Source,
)
from venues.roles import ADMINISTRATORS, DECIDERS, EVERYONE, allow, belongs_to

allow(
    "coverage",
    EVERYONE,
    "view_coverage",
    "view_source",
    "view_otherplace",
    "view_otherplacehours",
    "view_gap",
    "view_approach",
    "view_drawnarea",
    "view_snapshot",
)
allow(
    "coverage",
    ADMINISTRATORS,
    "show_public_map",
)
allow(
    "coverage",
    DECIDERS,
    "import_other_places",
    "change_source",
    "remove_source",
    "link_other_place",
    "unlink_other_place",
    "say_not_the_same",
    "invite_other_place",
    "open_gap",
    "change_gap",
    "close_gap",
    "reopen_gap",
    "record_approach",
    "draw_area",
    "redraw_area",
    "remove_area",
    "view_feltunsafe",
    "bring_in_felt_unsafe",
    "remove_felt_unsafe",
    "set_priority_groups",
)

for each in (DrawnArea, FeltUnsafe, Gap, PriorityGroup, PublicMap, Snapshot, Source):
    belongs_to(each, "scheme")
# The scheme of its list, even once it is one of our venues; open data has no scheme.
belongs_to(OtherPlace, "source")
belongs_to(Approach, "gap")
belongs_to(NotTheSame, "venue")
