"""What may be published of counts of people, so that no figure points at somebody.

The method is NHS England's for figures below the whole country: a count of 1 to 7 is hidden, 8 and
more are rounded to the nearest 5, zero is shown; a total is worked out first and rounded by itself.
Counts of venues are not counts of people and need none of this.

Tables published together may be subtracted from each other. So a release is checked as a whole:
what is shown, and that the tables divide the same people, must leave every hidden count at least
three possible values. A table that would not is withheld, the last in order first. It is withheld
*whole*: were only the total hidden, that it was hidden would say that the counts are at the edge of
what they can be, and so give them away. (docs/decisions has the proof and the exhaustive test.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

HIDE_UP_TO = 7
ROUND_TO = 5
POSSIBLE_VALUES = 3
"""So many values at least stay possible for whatever is hidden."""

FEWEST_ROWS = 3
"""Of two withheld rows with a known sum, each can be too near its edge."""

UNLIMITED = 10**9


class Span(NamedTuple):
    """The whole numbers that a count can be, both ends included."""

    least: int
    most: int

    @property
    def values(self) -> int:
        return self.most - self.least + 1

    def within(self, other: Span) -> Span:
        return Span(max(self.least, other.least), min(self.most, other.most))


@dataclass(frozen=True)
class Thresholds:
    """Up to which count a figure is hidden, and to what the others are rounded.

    Either may be raised above the default, never lowered; and rounding may not turn a count that
    is shown into zero.
    """

    hide_up_to: int = HIDE_UP_TO
    round_to: int = ROUND_TO

    def __post_init__(self):
        if self.hide_up_to < HIDE_UP_TO or self.round_to < ROUND_TO:
            raise ValueError(f"thresholds below {HIDE_UP_TO} and {ROUND_TO}: {self}")
        if self.round(self.hide_up_to + 1) == 0:
            raise ValueError(f"a count that is shown would be rounded to zero: {self}")

    def round(self, count: int) -> int:
        return (count + self.round_to // 2) // self.round_to * self.round_to

    def show(self, count: int) -> int | None:
        """The figure to publish; None means hidden."""
        return None if 0 < count <= self.hide_up_to else self.round(count)

    def could_be(self, figure: int | None) -> Span:
        """The counts that are published as this figure."""
        if figure is None:
            return Span(1, self.hide_up_to)
        if figure == 0:
            return Span(0, 0)
        least = figure - self.round_to // 2
        return Span(max(least, self.hide_up_to + 1), least + self.round_to - 1)


@dataclass
class Known:
    """A count, what is known of it, and the ways it is known to divide into other counts."""

    span: Span
    hidden: bool = False
    divides: list[list[Known]] = field(default_factory=list)

    def narrow(self) -> Span:
        """From below: no count is outside the sum of its parts. Exact, since no part is shared."""
        for parts in self.divides:
            spans = [part.narrow() for part in parts]
            whole = Span(sum(span.least for span in spans), sum(span.most for span in spans))
            self.span = self.span.within(whole)
        return self.span

    def spread(self) -> Iterator[Known]:
        """From above, after `narrow`: each part is what the others leave of the whole."""
        yield self
        for parts in self.divides:
            whole = Span(sum(p.span.least for p in parts), sum(p.span.most for p in parts))
            for part in parts:
                part.span = part.span.within(
                    Span(
                        self.span.least - (whole.most - part.span.most),
                        self.span.most - (whole.least - part.span.least),
                    )
                )
                yield from part.spread()


def gives_away(known: Known) -> bool:
    """Whether some hidden count in it has fewer than three possible values left."""
    known.narrow()
    return any(each.hidden and each.span.values < POSSIBLE_VALUES for each in known.spread())


@dataclass(frozen=True)
class Table:
    """One way of dividing a number of people, as published: the figure of each row.

    No figures at all: the table is withheld. `excess` is whether the counts are above (1), below
    (-1) or the same as (0) the people they divide; somebody may have had several reasons. `least`
    is what is known of a row's count from elsewhere: so many of its venues said more than nil.
    """

    figures: Mapping[str, int | None]
    excess: int = 0
    least: Mapping[str, int] = field(default_factory=dict)

    @property
    def withheld(self) -> bool:
        return not self.figures

    def parts(self, thresholds: Thresholds) -> list[Known]:
        slack = {0: (0, 0), 1: (-UNLIMITED, 0), -1: (0, UNLIMITED)}[self.excess]
        rows = [
            Known(
                thresholds.could_be(figure).within(Span(self.least.get(row, 0), UNLIMITED)),
                hidden=figure is None,
            )
            for row, figure in self.figures.items()
        ]
        return [*rows, Known(Span(*slack))]


WITHHELD = Table({})


@dataclass(frozen=True)
class Release:
    """What is published of some people: how many, and the tables that divide them.

    `at_least` is what is known of their number from elsewhere: so many venues said more than nil.
    `sum_of` are the releases of which this one is the sum, as a year is of its quarters; their
    numbers of people are enough, so it publishes none.
    """

    people: int | None
    tables: Mapping[str, Table]
    thresholds: Thresholds
    at_least: int = 0
    sum_of: tuple[Release, ...] = ()

    def known(self) -> Known:
        """Everything that a reader of this release, and of those in it, can know."""
        divides = [
            table.parts(self.thresholds) for table in self.tables.values() if not table.withheld
        ]
        least = Span(self.at_least, UNLIMITED)
        if self.sum_of:
            return Known(least, divides=[*divides, [each.known() for each in self.sum_of]])
        span = self.thresholds.could_be(self.people).within(least)
        return Known(span, hidden=self.people is None, divides=divides)


Counts = Mapping[str, Mapping[str, int]]
"""Table -> row -> count, the tables that matter most first."""


@dataclass(frozen=True)
class Returned:
    """Who returned the counts of a table: venues by row, and how many of all said nil.

    Anybody can count the venues of a ward on the map, and how many said nil is published.
    """

    venues: Mapping[str, int]
    nil: int

    def least(self, figures: Mapping[str, int | None], thresholds: Thresholds) -> dict[str, int]:
        """The fewest people each row can have, once these figures are published.

        A venue that did not say nil met one person or more. Where a row has fewer people than
        venues, some of its venues said nil, and so many fewer are left to have said it elsewhere.
        """
        said_nil = {
            row: max(0, venues - thresholds.could_be(figures[row]).most)
            for row, venues in self.venues.items()
            if row in figures
        }
        everywhere = sum(said_nil.values())
        return {
            row: max(0, self.venues[row] - max(0, self.nil - (everywhere - nil)))
            for row, nil in said_nil.items()
        }


def release(
    people: int,
    counts: Counts,
    thresholds: Thresholds,
    *,
    at_least: int = 0,
    returned: Mapping[str, Returned] | None = None,
) -> Release:
    """What may be published of `people`; `returned` says of a table who returned its counts.

    Where the number of people is hidden, `at_least` and the nil returns must not be published
    either: they are ignored.
    """
    figure = thresholds.show(people)
    known = figure is not None
    empty = Release(figure, {}, thresholds, at_least=at_least if figure else 0)
    return _with_tables(empty, people, counts, returned or {} if known else {})


def release_of_several(releases: Iterable[Release], people: int, counts: Counts) -> Release:
    """The tables that their sum may have in place of those that none of `releases` could show.

    A table that one of them shows stays withheld here: it could be subtracted.
    """
    several = tuple(releases)
    shown = {key for each in several for key, table in each.tables.items() if not table.withheld}
    counts = {key: {} if key in shown else rows for key, rows in counts.items()}
    return _with_tables(Release(None, {}, several[-1].thresholds, sum_of=several), people, counts)


def _with_tables(
    made: Release, people: int, counts: Counts, returned: Mapping[str, Returned] | None = None
) -> Release:
    """Each table in turn, if all so far and it together give nothing away."""
    for key, rows in counts.items():
        table = _table(people, rows, made.thresholds, (returned or {}).get(key))
        if not table.withheld and gives_away(_with(made, key, table).known()):
            table = WITHHELD
        made = _with(made, key, table)
    return made


def _with(made: Release, key: str, table: Table) -> Release:
    return replace(made, tables={**made.tables, key: table})


def _table(
    people: int,
    rows: Mapping[str, int],
    thresholds: Thresholds,
    returned: Returned | None = None,
) -> Table:
    """Withheld when most of what is not zero is hidden, or the table is too short to hide in.

    Also when the least that a row can have leaves too few values to hide in: whatever its count
    is, so that its being withheld tells nothing of it.
    """
    figures = {row: thresholds.show(count) for row, count in rows.items()}
    hidden = sum(figure is None for figure in figures.values())
    some = sum(count > 0 for count in rows.values())
    if len(rows) < FEWEST_ROWS or hidden * 2 > some:
        return WITHHELD
    least = returned.least(figures, thresholds) if returned else {}
    most_hidden = thresholds.hide_up_to
    if any(most_hidden - POSSIBLE_VALUES + 1 < few <= most_hidden for few in least.values()):
        return WITHHELD
    total = sum(rows.values())
    return Table(figures, excess=(total > people) - (total < people), least=least)
