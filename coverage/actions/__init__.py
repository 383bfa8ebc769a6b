"""The only code that changes coverage data. One module per noun; import from here."""

from .areas import draw_area, redraw_area, remove_area
from .gaps import change_gap, close_gap, open_gap, record_approach, reopen_gap
from .groups import set_priority_groups
from .other_places import (
    change_source,
    invite_other_place,
    link_other_place,
    remove_source,
    say_not_the_same,
    unlink_other_place,
)
from .public_maps import hide_public_map, show_public_map
from .snapshots import keep_snapshot
from .unsafe import bring_in_felt_unsafe, remove_felt_unsafe

__all__ = [
    "bring_in_felt_unsafe",
    "change_gap",
    "change_source",
    "close_gap",
    "draw_area",
    "hide_public_map",
    "invite_other_place",
    "keep_snapshot",
    "link_other_place",
    "open_gap",
    "record_approach",
    "redraw_area",
    "remove_area",
    "remove_felt_unsafe",
    "remove_source",
    "reopen_gap",
    "say_not_the_same",
    "set_priority_groups",
    "show_public_map",
    "unlink_other_place",
]
