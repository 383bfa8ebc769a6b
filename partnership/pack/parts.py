"""What a pack is made of: parts with sentences, tables and charts, for page, PDF and CSV alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from common.charts import Chart
from partnership.periods import Period
from venues.models import Scheme


@dataclass(frozen=True)
class Sheet:
    """One table. The first column heads its rows; `numbers` aligns the others to the right.

    `on_paper` stands for it where so many rows would fill the paper.
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
    """A heading of the pack with what stands below it; `empty` is said where nothing does."""

    key: str
    title: str
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    quotes: Sequence[tuple[str, str]] = ()
    """(what a venue wrote, which venue it was)."""
    how: str = ""
    """How the figures of the part were made."""
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.sheets or self.quotes)


@dataclass(frozen=True)
class Pack:
    """Everything that a partnership meeting looks at for one period."""

    scheme: Scheme
    period: Period
    parts: list[Part] = field(default_factory=list)

    @property
    def sheets(self) -> list[Sheet]:
        return [sheet for part in self.parts for sheet in part.sheets]
