"""The periods that a scheme asks about, also across a change of cadence.

A new cadence starts on a day that begins a period of both, so periods never overlap.
"""

import datetime
from collections.abc import Iterator

from partnership.periods import QUARTER, Period
from venues.models import Scheme
from venues.models.parts import Cadence

SHOWN_MONTHS = 24
"""A venue is shown two years of periods."""
QUARTERS_SHOWN = 9
"""Two years of quarters and the one in progress."""


def period_on(scheme: Scheme, day: datetime.date) -> Period | None:
    """The period containing `day` that the scheme asks about."""
    cadence = scheme.returns_every_on(day)
    return None if cadence == Cadence.NONE else Period.containing(cadence, day)


def last_ended(scheme: Scheme, at: datetime.date) -> Period | None:
    """The scheme's last period that had ended by `at`; None if it never asked about one."""
    day: datetime.date | None = at
    if running := period_on(scheme, at):
        day = running.starts
    while day and (day := _day_before(scheme, day)):
        if found := period_on(scheme, day):
            return found
    return None


def _day_before(scheme: Scheme, day: datetime.date) -> datetime.date | None:
    """The day before or, in a gap without returns, the last day they were asked for."""
    day -= datetime.timedelta(days=1)
    if scheme.returns_every_on(day) != Cadence.NONE:
        return day
    until = (date for each, date in scheme.returns_earlier if each != Cadence.NONE)
    earlier = [each for each in map(datetime.date.fromisoformat, until) if each < day]
    return max(earlier, default=None)


def ended_periods(scheme: Scheme, at: datetime.date) -> Iterator[Period]:
    """About two years of the scheme's ended periods, newest first."""
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
    """A pack's period on `at`: the last ended one, or the last quarter without returns."""
    return last_ended(scheme, at) or Period.containing(QUARTER, at).previous


def pack_periods(scheme: Scheme, at: datetime.date) -> list[Period]:
    """Two years of packs, newest first, from the period in progress; quarters without returns."""
    running = period_on(scheme, at)
    found = [*([running] if running else []), *ended_periods(scheme, at)]
    return found or Period.containing(QUARTER, at).last(QUARTERS_SHOWN)[::-1]


def has_pack(scheme: Scheme, period: Period) -> bool:
    """Quarters always have a pack: a partnership may meet quarterly but ask for yearly returns."""
    return period.length == QUARTER or is_asked(scheme, period)
