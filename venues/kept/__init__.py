"""Keeping ready what the finder reads, by the rules themselves (docs/decisions/kept-listings.md).

`refresh` works out the kept rows of some venues, `refresh_marked` those that the current
transaction changed, `rebuild` all. `version` says by which code.
"""

from .comparing import heal, keep_up
from .rows import kept_days
from .version import version
from .writing import can_be_used, rebuild, refresh, refresh_left_over, refresh_marked

__all__ = [
    "can_be_used",
    "heal",
    "keep_up",
    "kept_days",
    "rebuild",
    "refresh",
    "refresh_left_over",
    "refresh_marked",
    "version",
]
