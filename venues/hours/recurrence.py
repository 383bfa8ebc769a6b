"""The calendar days on which a weekly interval takes place.

Besides every week: in some weeks of the month ("1st and 3rd Sunday", "last Friday"), every other
week from a date, and only in term time or only in school holidays. Whether a day is in term time
comes from the term dates of the venue's lead scheme (`venues.hours.terms`); a day outside them is
unknown, and is never guessed.

`day_of_fortnight` has an SQL equivalent in the migration that adds these columns.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import models
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

LAST = -1
"""The last of its weekday in a month: the 4th or the 5th."""
WEEKS = (1, 2, 3, 4, 5, LAST)
FIRST_MONDAY = datetime.date(2000, 1, 3)
WEEK = datetime.timedelta(days=7)


class Term(models.TextChoices):
    """The part of the school year in which an interval applies; blank is all year."""

    TERM = "term", gettext_lazy("in term time")
    HOLIDAYS = "holidays", gettext_lazy("in school holidays")


class Recurring(Protocol):
    """The part of an OpeningHours row, or of a parsed Interval, that this module reads."""

    @property
    def weeks(self) -> Sequence[int]: ...

    @property
    def fortnight_from(self) -> datetime.date | None: ...

    @property
    def term(self) -> str: ...


def occurrences(day: datetime.date) -> list[int]:
    """The ordinals of `day` among its weekdays of the month: [1] to [5], and LAST for the last."""
    number = (day.day - 1) // 7 + 1
    return [number, LAST] if (day + WEEK).month != day.month else [number]


def day_of_fortnight(day: datetime.date) -> int:
    """0 to 13, continuous across the turn of a year, unlike the week number."""
    return (day - FIRST_MONDAY).days % 14


def takes_place(hours: Recurring, day: datetime.date) -> bool:
    """Whether `hours` recur on `day`, which must be their weekday. Ignores term time."""
    if hours.weeks and not set(hours.weeks) & set(occurrences(day)):
        return False
    start = hours.fortnight_from
    return start is None or (start <= day and day_of_fortnight(start) == day_of_fortnight(day))


def may_coincide(one: Recurring, other: Recurring) -> bool:
    """Whether two intervals of one weekday can take place on the same day."""
    if one.term and other.term and one.term != other.term:
        return False
    if one.fortnight_from and other.fortnight_from:
        days = (day_of_fortnight(each.fortnight_from) for each in (one, other))
        if len(set(days)) == 2:
            return False
    if not one.weeks or not other.weeks:
        return True
    return bool(_possible_weeks(one.weeks) & _possible_weeks(other.weeks))


def _possible_weeks(weeks: Iterable[int]) -> set[int]:
    return {each for week in weeks for each in ((4, 5) if week == LAST else (week,))}


def next_of_fortnight(start: datetime.date, at: datetime.date) -> datetime.date:
    """The first day of the fortnightly series from `start` that is not before `at`."""
    if at <= start:
        return start
    return at + datetime.timedelta(days=(start - at).days % 14)


def weeks_in_words(weeks: Iterable[int]) -> str:
    """ "1st", "1st and 3rd", "2nd and last"."""
    names = {
        1: pgettext("week of the month", "1st"),
        2: pgettext("week of the month", "2nd"),
        3: pgettext("week of the month", "3rd"),
        4: pgettext("week of the month", "4th"),
        5: pgettext("week of the month", "5th"),
        LAST: pgettext("week of the month", "last"),
    }
    return get_text_list([names[week] for week in sorted(weeks, key=WEEKS.index)], _("and"))


def recurrence_in_words(hours: Recurring, weekday: str, at: datetime.date | None = None) -> str:
    """When `hours` recur, to follow their times in a sentence; empty for every week.

    " on the 1st and 3rd Sunday of the month", ", every other Tuesday, next on 8 December 2026".
    With `at`, a fortnight is given by its first day from then on, else by its very first.
    """
    words = ""
    if hours.weeks:
        words += _(" on the %(which)s %(weekday)s of the month") % {
            "which": weeks_in_words(hours.weeks),
            "weekday": weekday,
        }
    if hours.fortnight_from:
        start = hours.fortnight_from
        following = next_of_fortnight(start, at) if at else start
        said = {"weekday": weekday, "day": date_format(following, "j F Y")}
        if at and start < at:
            words += _(", every other %(weekday)s, next on %(day)s") % said
        else:
            words += _(", every other %(weekday)s from %(day)s") % said
    if hours.term:
        words += f" {Term(hours.term).label}" if not words else f", {Term(hours.term).label}"
    return words
