"""Opening hours kept as one text, for a helpline or a staffed place that is not our venue.

The text is read by `venues.hours.reading` and answered by `venues.hours.timetable`, like a venue's.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from venues.hours.model import LONDON, BankHolidays, Division
from venues.hours.reading import read_hours
from venues.hours.timetable import (
    DAYS_AHEAD,
    ONE_DAY,
    spans_of_days,
)
from venues.models import OpeningHours

ALWAYS = datetime.date.min


@dataclass(frozen=True)
class _Rows:
    """The part of a related manager's interface that a timetable uses."""

    rows: Sequence[OpeningHours] = ()

    def all(self) -> Sequence[OpeningHours]:
        return self.rows


class WrittenHours:
    """The hours in a text such as “Monday to Friday 9am to 5pm”, as the timetable reads them."""

    closures = _Rows()
    unavailable_until = None

    def __init__(self, text: str, division: str = Division.ENGLAND_AND_WALES) -> None:
        read = read_hours(text)
        # School terms here are unknown, and by appointment it is never simply open: such a text is
        # shown unchanged.
        is_certain = not any(each.term or each.by_appointment for each in read.intervals)
        rows = read.opening_hours() if is_certain else []
        for row in rows:
            row.valid_from = ALWAYS
        self.is_read = bool(rows)
        self.opening_hours = _Rows(rows)
        self.division = division
        self._known: tuple[datetime.date | None, list] = (None, [])
        # Day and night includes bank holidays; other hours are unknown on them unless it says so.
        all_day = len({row.weekday for row in rows if row.opens == row.closes}) >= 7
        otherwise = BankHolidays.AS_USUAL if all_day else BankHolidays.NOT_KNOWN
        self.bank_holidays = read.bank_holidays or otherwise

    def until(self, when: datetime.datetime) -> datetime.datetime | None:
        """When the interval running at `when` ends; None while it is closed."""
        now = when.timestamp()
        for opens, closes in self._spans(when.astimezone(LONDON).date()):
            if opens.timestamp() <= now < closes.timestamp():
                return closes
        return None

    def is_open(self, when: datetime.datetime) -> bool:
        return self.until(when) is not None

    def _spans(self, day: datetime.date) -> list[tuple[datetime.datetime, datetime.datetime]]:
        """The intervals from the day before until a fortnight after, worked out once a day: every
        search by night asks the same few texts.
        """
        known_for, spans = self._known
        if known_for != day:
            spans = spans_of_days(self, day - ONE_DAY, DAYS_AHEAD + 1)
            self._known = day, spans
        return spans


@lru_cache(maxsize=1024)
def written_hours(text: str, division: str = Division.ENGLAND_AND_WALES) -> WrittenHours:
    """The same, parsed once: every search uses the same few texts."""
    return WrittenHours(text, division)
