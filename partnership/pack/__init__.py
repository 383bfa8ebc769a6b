"""The meeting pack of a quarter, put together from what is known; no writes."""

import datetime

from partnership.quarters import Quarter
from venues.models import Scheme

from .agreed import actions_part
from .attendance import attendance_parts
from .cover import coverage_part
from .issues import issues_part, progress_part
from .members import members_part
from .parts import Pack
from .returns import returns_part
from .use import compared, use_part


def make_pack(scheme: Scheme, quarter: Quarter, at: datetime.date) -> Pack:
    """The pack as it is on the date `at`; as many queries for many venues as for few."""
    meetings, returns = [], []
    if scheme.has_meetings:
        meetings = attendance_parts(scheme, quarter)
    if scheme.has_returns:
        use = compared(scheme, quarter)
        returns = [use_part(use), returns_part(scheme, quarter, use.figures, at)]
    return Pack(
        scheme,
        quarter,
        [
            *meetings,
            members_part(scheme, quarter),
            *returns,
            coverage_part(scheme, quarter),
            issues_part(scheme, quarter),
            *([actions_part(scheme, at)] if scheme.has_meetings else []),
            *([progress_part(scheme, quarter)] if scheme.has_returns else []),
        ],
    )
