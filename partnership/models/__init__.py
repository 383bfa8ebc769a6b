"""What the partnership's returns and issues are. One module a noun; import from here."""

from .issues import Away, Issue
from .returns import (
    ClosedQuarter,
    Progress,
    ReturnItem,
    ReturnSettings,
    UsageCount,
    UsageReturn,
    VenueLetter,
)
from .tally import Tally, TallyCount
from .texts import TextState

__all__ = [
    "Away",
    "ClosedQuarter",
    "Issue",
    "Progress",
    "ReturnItem",
    "ReturnSettings",
    "Tally",
    "TallyCount",
    "TextState",
    "UsageCount",
    "UsageReturn",
    "VenueLetter",
]
