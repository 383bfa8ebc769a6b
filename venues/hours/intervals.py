"""The result of parsing opening hours, and how it is put back into words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from venues.hours.model import BANK_HOLIDAY, BankHolidays, OpeningHours
from venues.hours.recurrence import Term, recurrence_in_words
from venues.hours.times import (
    run_in_words,
    span_in_words,
)

EVERY_DAY = tuple(range(7))


class Interval(NamedTuple):
    """One weekly interval; Monday is 0, `BANK_HOLIDAY` (7) stands for bank holidays.

    The times are None for "by appointment" alone. The other fields are those of OpeningHours.
    """

    weekday: int
    opens: datetime.time | None
    closes: datetime.time | None
    weeks: tuple[int, ...] = ()
    fortnight_from: datetime.date | None = None
    term: str = ""
    by_appointment: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it applies every week of the year, without an appointment."""
        return not (self.weeks or self.fortnight_from or self.term or self.by_appointment)


class Unread(NamedTuple):
    """Text that was left unread, and why, in words."""

    text: str
    why: str

    @property
    def reason(self) -> str:
        """`why` as a sentence."""
        words = self.why[:1].upper() + self.why[1:]
        return words if words.endswith("?") else f"{words}."

    def __str__(self):
        return _("“%(text)s” (%(why)s)") % {"text": _short(self.text), "why": self.why}


@dataclass
class HoursRead:
    """The weekly hours in a text. If anything is `unread`, `intervals` is empty."""

    intervals: list[Interval] = field(default_factory=list)
    bank_holidays: BankHolidays | None = None
    unread: list[Unread] = field(default_factory=list)
    closed_in: Term | None = None
    """The part of the school year in which the whole week is closed, if the text says so."""

    @property
    def week(self) -> set[Interval]:
        """The intervals of the seven weekdays, without bank holidays."""
        return {each for each in self.intervals if each.weekday != BANK_HOLIDAY}

    @property
    def notes(self) -> list[str]:
        """What was understood besides the week, in words."""
        if self.bank_holidays is None:
            return []
        return [_("bank holidays: %(rule)s") % {"rule": self.bank_holidays.label.lower()}]

    def opening_hours(self) -> list[OpeningHours]:
        """Unsaved rows without a venue."""
        return [
            OpeningHours(**{**each._asdict(), "weeks": list(each.weeks)}) for each in self.intervals
        ]

    def only_plain(self) -> "HoursRead":
        """The same, but unread if it is anything other than one week for the whole year.

        For lists that cannot store the rest: it is refused by name, never dropped.
        """
        special = next((each for each in self.intervals if not each.is_plain), None)
        if special is None:
            return self
        why = _("%(hours)s: this list can only keep hours that are the same every week")
        words = why % {"hours": week_in_words([special])}
        return HoursRead(unread=[Unread(week_in_words(self.intervals), words)])

    def __str__(self):
        return "; ".join([week_in_words(self.intervals), *self.notes])


def in_order(each):
    """Sort key: within one day the hours of every week come first, and those without times last."""
    return (each.weekday, bool(each.weeks), each.opens is None, each.opens or datetime.time(0))


def week_in_words(week: Iterable[tuple]) -> str:
    """Intervals, or (weekday, opens, closes) triples, on one line, grouping days of the same hours.

    "Monday to Friday 09:00 to 17:00; Saturday 10:00 to 13:00".
    """
    names = dict(OpeningHours.WEEKDAYS)
    hours: dict[int, str] = {}
    for each in sorted((Interval(*each) for each in week), key=in_order):
        words = _interval_in_words(each, str(names[each.weekday]))
        if each.weekday in hours:
            words = _("%(one)s and %(other)s") % {"one": hours[each.weekday], "other": words}
        hours[each.weekday] = words
    alike: dict[str, list[int]] = {}
    for day, words in hours.items():
        alike.setdefault(words, []).append(day)
    return "; ".join(
        _("%(days)s %(hours)s") % {"days": _days_in_words(days, names), "hours": words}
        for words, days in alike.items()
    )


def _interval_in_words(each, weekday):
    recurrence = recurrence_in_words(each, weekday)
    if each.opens is None:
        return _("by appointment") + recurrence
    words = span_in_words((each.opens, each.closes)) + recurrence
    return _("%(hours)s, by appointment") % {"hours": words} if each.by_appointment else words


def _days_in_words(days, names):
    """Monday to Friday; Monday, Wednesday and Friday; Monday to Thursday and Saturday."""
    if days == list(EVERY_DAY):
        return _("Every day")
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1 and day != BANK_HOLIDAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        parts += (
            [run_in_words([str(names[day]) for day in run])]
            if len(run) > 2
            else [str(names[day]) for day in run]
        )
    return get_text_list(parts, _("and"))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"
