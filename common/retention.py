"""Retention periods: each defined once, with its wording and its deletion.

Each app registers its rows in its `retention.py`:

    @keep_for(
        "enquiries",
        Period(months=6),
        _("An enquiry by somebody who wants to be rung is deleted after %(period)s."),
    )
    def delete_old_enquiries(before):
        deleted, __ = Enquiry.objects.filter(asked_at__lt=before).delete()
        return deleted

A row provides the hourly deletion duty, the sentence on the privacy page, and the period in forms
(`with_periods`) and templates (`{% kept_for "enquiries" %}`). Nothing else may state a period.
"""

import calendar
import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import lazy

from common.durations import in_words, months_in_words

A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole calendar months, or days; never both. The last day counts in full, in local time.

    What happened on 15 January is kept for six months until the end of 15 July, and is due on
    16 July. A month from 31 January ends on the last day of February.
    """

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        """In words that follow "after" or "for": a month, six months, two years."""
        if self.months:
            return months_in_words(self.months)
        return in_words(datetime.timedelta(days=self.days))

    def last_day(self, day: datetime.date) -> datetime.date:
        """The last day on which data from `day` is kept."""
        return _months_after(day, self.months) + self.days * A_DAY

    def before(self, at: datetime.datetime | None = None) -> datetime.datetime:
        """Data older than this moment is due for deletion at `at`."""
        today = timezone.localdate(at)
        day = _months_after(today, -self.months) - self.days * A_DAY
        while self.last_day(day) < today:  # Counting months back may land too early: 31 August.
            day += A_DAY
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

    @property
    def longest(self) -> datetime.timedelta:
        """An upper bound of the period, whenever it starts: for links to what is kept."""
        return datetime.timedelta(days=31 * self.months + self.days)


@dataclass(frozen=True)
class Row:
    """One kind of personal detail. `sentence` says on the privacy page what is deleted when."""

    key: str
    period: Period
    sentence: str
    duty: Callable[[datetime.datetime | None], int]

    def __str__(self) -> str:
        return str(self.sentence) % {"period": self.period}


_rows: dict[str, Row] = {}


def keep_for(key: str, period: Period, sentence: str):
    """Register a deletion as a duty, which takes the time `at` and returns how many it deleted.

    The function receives `before`: anything older is due.
    """

    def register(forget: Callable[[datetime.datetime], int]):
        @functools.wraps(forget)
        def duty(at: datetime.datetime | None = None) -> int:
            return forget(period.before(at))

        if key in _rows:
            raise ValueError(f"Two retention periods are called {key!r}.")
        _rows[key] = Row(key, period, sentence, duty)
        return duty

    return register


def rows() -> list[Row]:
    """All rows, lower apps first."""
    return list(_rows.values())


def period_of(key: str) -> Period:
    """The period of a row; KeyError if no app has registered it."""
    return _rows[key].period


def with_periods(text: str, **keys: str) -> str:
    """Lazy: `text` with each name replaced by the period of its row, as in `%(period)s`.

    Forms and models use this while apps are still loading, so the rows are looked up on rendering.
    """
    return _filled(text, keys)


def _fill(text, keys):
    return str(text) % {name: period_of(key) for name, key in keys.items()}


_filled = lazy(_fill, str)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or that month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
