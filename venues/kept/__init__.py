"""Rows for the finder and for officers' queues, computed in advance by the rules themselves
(docs/decisions/kept-listings.md).

`refresh` computes the kept rows of some venues, `refresh_marked` those that the current transaction
changed, `rebuild` all. `version` identifies the code that computed them. `stamp` says whether the
rows can be used, and the functions beside it read them.
"""

from .comparing import heal, keep_up
from .proofs import can_use_proofs
from .reading import (
    KeptPlace,
    count_open,
    keys_in_order,
    outermost,
    page_of_slug,
    places_of,
    places_within,
    stamp,
)
from .rows import kept_days
from .version import version
from .writing import can_be_used, rebuild, refresh, refresh_left_over, refresh_marked

__all__ = [
    "KeptPlace",
    "can_be_used",
    "can_use_proofs",
    "count_open",
    "heal",
    "keep_up",
    "kept_days",
    "keys_in_order",
    "outermost",
    "page_of_slug",
    "places_of",
    "places_within",
    "rebuild",
    "refresh",
    "refresh_left_over",
    "refresh_marked",
    "stamp",
    "version",
]
