"""The meeting pack of a period, assembled from the records; read-only."""

import datetime

from partnership.periods import Period
from venues.models import Scheme

from .agreed import actions_part
from .attendance import attendance_parts
from .cover import coverage_part
from .issues import issues_part, progress_part
from .members import members_part
from .parts import Pack
from .returns import returns_part
from .use import compared, use_part


def make_pack(scheme: Scheme, period: Period, at: datetime.date) -> Pack:
    """The pack as of `at`, in a constant number of queries."""
    meetings, returns = [], []
    if scheme.has_meetings:
        meetings = attendance_parts(scheme, period)
    if scheme.has_returns:
        use = compared(scheme, period)
        returns = [use_part(use), returns_part(scheme, period, use.figures, at)]
    return Pack(
        scheme,
        period,
        [
            *meetings,
            members_part(scheme, period),
            *returns,
            coverage_part(scheme, period),
            issues_part(scheme, period),
            *([actions_part(scheme, at)] if scheme.has_meetings else []),
            *([progress_part(scheme, period)] if scheme.has_returns else []),
        ],
    )
