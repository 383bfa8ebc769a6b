"""Calendar months, quarters, half-years and years, for returns, packs and public figures."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from venues.models.parts import Cadence

MONTH, QUARTER, HALF_YEAR, YEAR = Cadence.MONTH, Cadence.QUARTER, Cadence.HALF_YEAR, Cadence.YEAR
LENGTHS = {MONTH: 12, QUARTER: 4, HALF_YEAR: 2, YEAR: 1}
"""Periods of each length in a year."""
LABELS = {
    QUARTER: {
        1: _("January to March %(year)s"),
        2: _("April to June %(year)s"),
        3: _("July to September %(year)s"),
        4: _("October to December %(year)s"),
    },
    HALF_YEAR: {1: _("January to June %(year)s"), 2: _("July to December %(year)s")},
    YEAR: {1: "%(year)s"},
}
SHORT_LABELS = {
    QUARTER: {
        1: _("Jan to Mar %(year)s"),
        2: _("Apr to Jun %(year)s"),
        3: _("Jul to Sep %(year)s"),
        4: _("Oct to Dec %(year)s"),
    },
    HALF_YEAR: {1: _("Jan to Jun %(year)s"), 2: _("Jul to Dec %(year)s")},
    YEAR: {1: "%(year)s"},
}
NOUNS = {
    MONTH: _("month"),
    QUARTER: _("quarter"),
    HALF_YEAR: _("half-year"),
    YEAR: _("year"),
}
PLURALS = {
    MONTH: _("months"),
    QUARTER: _("quarters"),
    HALF_YEAR: _("half-years"),
    YEAR: _("years"),
}
PATTERN = "[1-9][0-9]{3}(?:-(?:Q[1-4]|H[12]|0[1-9]|1[0-2]))?"
CODE = re.compile(r"([1-9][0-9]{3})(?:-([QH]?)([0-9]{1,2}))?")
LETTERS = {"Q": QUARTER, "H": HALF_YEAR, "": MONTH}


@total_ordering
@dataclass(frozen=True)
class Period:
    """A whole calendar month, quarter, half-year or year.

    Sorted by end; of two that end together, the longer comes first.
    """

    length: Cadence
    year: int
    number: int

    def __post_init__(self):
        object.__setattr__(self, "length", Cadence(self.length))
        fits = 1 <= self.number <= LENGTHS.get(self.length, 0)
        if not fits or not datetime.MINYEAR <= self.year <= datetime.MAXYEAR:
            raise ValueError(f"no such {self.length}: {self.year}, {self.number}")

    @classmethod
    def containing(cls, length: Cadence, day: datetime.date) -> Period:
        return cls(length, day.year, (day.month - 1) // Cadence(length).months + 1)

    @classmethod
    def parse(cls, code: str) -> Period:
        """Parse a code such as "2026-07", "2026-Q3", "2026-H2" or "2026"; else ValueError."""
        if not re.fullmatch(PATTERN, code):
            raise ValueError(f"not the code of a month, quarter, half-year or year: {code!r}")
        year, letter, number = CODE.fullmatch(code).groups()
        if number is None:
            return cls(YEAR, int(year), 1)
        return cls(LETTERS[letter], int(year), int(number))

    def shift(self, periods: int) -> Period:
        """The period of this length so many periods later, or earlier if negative."""
        year, number = divmod(self.index + periods, self.in_a_year)
        return Period(self.length, year, number + 1)

    @property
    def in_a_year(self) -> int:
        """How many periods of this length make a year."""
        return LENGTHS[self.length]

    @property
    def index(self) -> int:
        """Its index among all periods of its length; differences are distances."""
        return self.year * self.in_a_year + self.number - 1

    @property
    def starts(self) -> datetime.date:
        return datetime.date(self.year, (self.number - 1) * self.length.months + 1, 1)

    @property
    def ends(self) -> datetime.date:
        """The last day, inclusive."""
        if self.number == self.in_a_year:  # no date exists after the year 9999
            return datetime.date(self.year, 12, 31)
        return self.following.starts - datetime.timedelta(days=1)

    @property
    def previous(self) -> Period:
        return self.shift(-1)

    @property
    def following(self) -> Period:
        return self.shift(1)

    @property
    def year_before(self) -> Period:
        """The same period a year earlier."""
        return self.shift(-self.in_a_year)

    def last(self, number: int) -> list[Period]:
        """The `number` periods up to and including this one, earliest first."""
        return [self.shift(step) for step in range(1 - number, 1)]

    def overlaps(self, other: Period) -> bool:
        return self.starts <= other.ends and other.starts <= self.ends

    @property
    def code(self) -> str:
        ending = {QUARTER: f"-Q{self.number}", HALF_YEAR: f"-H{self.number}", YEAR: ""}
        return f"{self.year:04}{ending.get(self.length, f'-{self.number:02}')}"

    @property
    def label(self) -> str:
        if self.length == MONTH:
            return date_format(self.starts, "F Y")
        return str(LABELS[self.length][self.number]) % {"year": self.year}

    @property
    def short_label(self) -> str:
        """For column headings."""
        if self.length == MONTH:
            return date_format(self.starts, "M Y")
        return str(SHORT_LABELS[self.length][self.number]) % {"year": self.year}

    @property
    def noun(self) -> str:
        """The word "month", "quarter", "half-year" or "year", translated."""
        return str(NOUNS[self.length])

    @property
    def nouns(self) -> str:
        return str(PLURALS[self.length])

    def __str__(self) -> str:
        return self.label

    def __contains__(self, day: datetime.date) -> bool:
        return self.starts <= day <= self.ends

    def __lt__(self, other: Period) -> bool:
        return (self.ends, self.starts) < (other.ends, other.starts)


class PeriodConverter:
    """A period in a URL, such as .../2026-Q3/."""

    regex = PATTERN

    def to_python(self, value: str) -> Period:
        return Period.parse(value)

    def to_url(self, value: Period) -> str:
        return value.code
