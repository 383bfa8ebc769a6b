"""The quarters of the calendar: what a return, a meeting's pack and the public figures are of."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LABELS = {
    1: _("January to March %(year)s"),
    2: _("April to June %(year)s"),
    3: _("July to September %(year)s"),
    4: _("October to December %(year)s"),
}
SHORT_LABELS = {
    1: _("Jan to Mar %(year)s"),
    2: _("Apr to Jun %(year)s"),
    3: _("Jul to Sep %(year)s"),
    4: _("Oct to Dec %(year)s"),
}
CODE = re.compile(r"([1-9][0-9]{3})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three whole months of one year; earlier quarters sort first."""

    year: int
    number: int

    def __post_init__(self):
        if self.number not in LABELS or not datetime.MINYEAR <= self.year <= datetime.MAXYEAR:
            raise ValueError(f"no such quarter: {self.year}, {self.number}")

    @classmethod
    def containing(cls, day: datetime.date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, code: str) -> Quarter:
        """The quarter of a code such as "2026-Q3"; ValueError when it is none."""
        if not (match := CODE.fullmatch(code)):
            raise ValueError(f"not the code of a quarter: {code!r}")
        return cls(int(match[1]), int(match[2]))

    def shift(self, quarters: int) -> Quarter:
        """So many quarters later, or earlier when the number is below zero."""
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    @property
    def index(self) -> int:
        """Its place in the line of all quarters, to tell how far apart two are."""
        return self.year * 4 + self.number - 1

    @property
    def starts(self) -> datetime.date:
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def ends(self) -> datetime.date:
        """Its last day, which belongs to it."""
        return datetime.date(self.year, self.number * 3, 31 if self.number in (1, 4) else 30)

    @property
    def previous(self) -> Quarter:
        return self.shift(-1)

    @property
    def following(self) -> Quarter:
        return self.shift(1)

    @property
    def year_before(self) -> Quarter:
        """The same quarter of the last year."""
        return self.shift(-4)

    def last(self, number: int) -> list[Quarter]:
        """So many quarters up to and with this one, the earliest first."""
        return [self.shift(step) for step in range(1 - number, 1)]

    @property
    def code(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def label(self) -> str:
        return str(LABELS[self.number]) % {"year": self.year}

    @property
    def short_label(self) -> str:
        """For the head of a column."""
        return str(SHORT_LABELS[self.number]) % {"year": self.year}

    def __str__(self) -> str:
        return self.label

    def __contains__(self, day: datetime.date) -> bool:
        return self.starts <= day <= self.ends


class QuarterConverter:
    """The quarter in an address, such as .../2026-Q3/."""

    regex = "[1-9][0-9]{3}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.code
