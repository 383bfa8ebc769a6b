"""The pieces of a pack: parts with sentences, tables and charts, for page, PDF and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from common.charts import Chart
from partnership.periods import Period
from venues.models import Scheme


@dataclass(frozen=True)
class Sheet:
    """One table. The first column has the row headings; `numbers` aligns the others right.

    `on_paper` replaces it where there are too many rows for paper.
    """

    key: str
    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    chart: Chart | None = None
    notes: Sequence[str] = ()
    numbers: bool = False
    on_paper: Sheet | None = None


@dataclass(frozen=True)
class Part:
    """A heading and what is below it; `empty` is shown if there is nothing."""

    key: str
    title: str
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    quotes: Sequence[tuple[str, str]] = ()
    """(text, venue) pairs."""
    how: str = ""
    """How the part's figures are calculated."""
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.sheets or self.quotes)


@dataclass(frozen=True)
class Pack:
    """Everything a partnership meeting looks at for one period."""

    scheme: Scheme
    period: Period
    parts: list[Part] = field(default_factory=list)

    @property
    def sheets(self) -> list[Sheet]:
        return [sheet for part in self.parts for sheet in part.sheets]
