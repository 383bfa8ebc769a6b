"""Bar charts, rendered on the server for screen and paper.

Bars differ by fill pattern and outline, not by colour, and each shows its number. A table beside
the chart must give the same figures: it is the text alternative. Units are those of the drawing,
which is 360 wide and scales with the page.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH = 360
LONGEST = 290
"""The longest bar; the remaining width is for its number."""
BAR, GAP = 14, 3
LINE = 17
LETTERS_A_LINE = 48


@dataclass(frozen=True)
class Bar:
    """One number of one row; `words` are shown beside it, even if there is no bar."""

    words: str
    length: int
    top: int
    style: int

    @property
    def text_left(self) -> int:
        return self.length + 6

    @property
    def text_top(self) -> int:
        return self.top + 12


@dataclass(frozen=True)
class Line:
    words: str
    top: int


@dataclass(frozen=True)
class Chart:
    """Rows of numbers, one bar per series: `rows` are (label, numbers, their words).

    A number that is None has no bar. `key` is unique on the page.
    """

    key: str
    title: str
    series: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int | None], Sequence[str]]]

    width = WIDTH

    @cached_property
    def _drawn(self) -> tuple[list[Line], list[Bar], int]:
        lines, bars, top = [], [], self._legend_height
        for label, numbers, words in self.rows:
            for part in textwrap.wrap(label, LETTERS_A_LINE) or [""]:
                lines.append(Line(part, top + 13))
                top += LINE
            for style, (number, said) in enumerate(zip(numbers, words, strict=True)):
                bars.append(Bar(said, self._length(number), top, style))
                top += BAR + GAP
            top += 8
        return lines, bars, top

    @property
    def labels(self) -> list[Line]:
        return self._drawn[0]

    @property
    def bars(self) -> list[Bar]:
        return self._drawn[1]

    @property
    def height(self) -> int:
        return self._drawn[2]

    @property
    def legend(self) -> list[Bar]:
        """The meaning of each fill; empty if there is only one series."""
        if len(self.series) < 2:
            return []
        return [Bar(name, 24, style * LINE, style) for style, name in enumerate(self.series)]

    @property
    def _legend_height(self):
        return len(self.legend) * LINE + 8 if self.legend else 0

    @cached_property
    def _most(self):
        return max((number or 0 for _label, numbers, _words in self.rows for number in numbers))

    def _length(self, number):
        return round(LONGEST * number / self._most) if number and self._most else 0

    @property
    def description(self) -> str:
        return _("Bars of the figures in the table beside it: %(series)s.") % {
            "series": "; ".join(self.series)
        }

    def __str__(self) -> SafeString:
        return render_to_string("common/_bar_chart.html", {"chart": self})

    __html__ = __str__


def has_bars(rows: Iterable[Sequence[int | None]]) -> bool:
    """Whether there are any bars to draw."""
    return any(number for numbers in rows for number in numbers)
