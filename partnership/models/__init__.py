"""Meetings, returns and issues, one module per noun. Import from here."""

from .agreed import Action
from .attendance import Attendance
from .figures import PeriodFigures
from .issues import Away, Issue
from .meetings import AgendaItem, Document, Meeting, Minutes
from .returns import (
    ClosedPeriod,
    Progress,
    ReturnItem,
    ReturnSettings,
    UsageCount,
    UsageReturn,
    VenueLetter,
)
from .series import CalendarFeed, Partner, Series
from .tally import Tally, TallyCount
from .texts import TextState

__all__ = [
    "Action",
    "AgendaItem",
    "Attendance",
    "Away",
    "CalendarFeed",
    "ClosedPeriod",
    "Document",
    "Issue",
    "Meeting",
    "Minutes",
    "Partner",
    "PeriodFigures",
    "Progress",
    "ReturnItem",
    "ReturnSettings",
    "Series",
    "Tally",
    "TallyCount",
    "TextState",
    "UsageCount",
    "UsageReturn",
    "VenueLetter",
]
