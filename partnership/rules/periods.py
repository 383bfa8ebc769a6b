"""The periods that a scheme asks about, one after another, also across a change of its cadence.

Cadences follow each other on days with which a period of either begins, so these never overlap.
"""

import datetime
from collections.abc import Iterator

from partnership.periods import QUARTER, Period
from venues.models import Scheme
from venues.models.parts import Cadence

SHOWN_MONTHS = 24
"""A venue is shown the periods of two years."""
QUARTERS_SHOWN = 9
"""Two years of quarters, and the one that runs."""


def period_on(scheme: Scheme, day: datetime.date) -> Period | None:
    """The period that the scheme asks about and that `day` is in."""
    cadence = scheme.returns_every_on(day)
    return None if cadence == Cadence.NONE else Period.containing(cadence, day)


def last_ended(scheme: Scheme, at: datetime.date) -> Period | None:
    """The scheme's last period that was over on `at`; None when it never asked about one."""
    day: datetime.date | None = at
    if running := period_on(scheme, at):
        day = running.starts
    while day and (day := _day_before(scheme, day)):
        if found := period_on(scheme, day):
            return found
    return None


def _day_before(scheme: Scheme, day: datetime.date) -> datetime.date | None:
    """The day before, or the last one on which returns were asked for; None without any."""
    day -= datetime.timedelta(days=1)
    if scheme.returns_every_on(day) != Cadence.NONE:
        return day
    until = (date for each, date in scheme.returns_earlier if each != Cadence.NONE)
    earlier = [each for each in map(datetime.date.fromisoformat, until) if each < day]
    return max(earlier, default=None)


def ended_periods(scheme: Scheme, at: datetime.date) -> Iterator[Period]:
    """The scheme's periods of about two years that were over on `at`, the newest first."""
    period = newest = last_ended(scheme, at)
    while period and newest and _months_apart(period.starts, newest.ends) < SHOWN_MONTHS:
        yield period
        period = last_ended(scheme, period.starts)


def _months_apart(first: datetime.date, last: datetime.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def is_asked(scheme: Scheme, period: Period) -> bool:
    """Whether it is one of the scheme's periods."""
    return period_on(scheme, period.starts) == period == period_on(scheme, period.ends)


def last_of_pack(scheme: Scheme, at: datetime.date) -> Period:
    """What a meeting pack of that day is about: the last period, or quarter, that was over."""
    return last_ended(scheme, at) or Period.containing(QUARTER, at).previous


def pack_periods(scheme: Scheme, at: datetime.date) -> list[Period]:
    """The packs of two years, the newest first, and of the period that runs; quarters without
    returns."""
    running = period_on(scheme, at)
    found = [*([running] if running else []), *ended_periods(scheme, at)]
    return found or Period.containing(QUARTER, at).last(QUARTERS_SHOWN)[::-1]


def has_pack(scheme: Scheme, period: Period) -> bool:
    """A quarter always has one: a partnership may meet each quarter and ask once a year."""
    return period.length == QUARTER or is_asked(scheme, period)
