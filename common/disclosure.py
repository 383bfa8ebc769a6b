"""Statistical disclosure control: which counts of people can be published safely.

The method is NHS England's for figures below national level: counts of 1 to 7 are hidden, 8 and
more are rounded to the nearest 5, zero is shown; a total is computed first and rounded separately.
Counts of venues are not counts of people and need none of this.

Tables published together can be subtracted from each other, so a release is checked as a whole:
what is shown, and the fact that the tables divide the same people, must leave every hidden count at
least three possible values. A table that would not is withheld, the last one first. It is withheld
*entirely*: hiding only the total would reveal that the counts are at the edge of their range, and
so give them away. (docs/decisions has the proof and the exhaustive test.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

HIDE_UP_TO = 7
ROUND_TO = 5
POSSIBLE_VALUES = 3
"""At least this many values must stay possible for anything hidden."""

FEWEST_ROWS = 3
"""Of two withheld rows with a known sum, each can be too near its edge."""

UNLIMITED = 10**9


class Span(NamedTuple):
    """The range of integers a count can take, both ends included."""

    least: int
    most: int

    @property
    def values(self) -> int:
        return self.most - self.least + 1

    def within(self, other: Span) -> Span:
        return Span(max(self.least, other.least), min(self.most, other.most))


@dataclass(frozen=True)
class Thresholds:
    """The count up to which figures are hidden, and the step to which others are rounded.

    Both may be raised above the default, never lowered; and rounding must not turn a shown count
    into zero.
    """

    hide_up_to: int = HIDE_UP_TO
    round_to: int = ROUND_TO

    def __post_init__(self):
        if self.hide_up_to < HIDE_UP_TO or self.round_to < ROUND_TO:
            raise ValueError(f"thresholds below {HIDE_UP_TO} and {ROUND_TO}: {self}")
        self._refuse_zero()

    def _refuse_zero(self):
        if self.round(self.hide_up_to + 1) == 0:
            raise ValueError(f"a count that is shown would be rounded to zero: {self}")

    def round(self, count: int) -> int:
        return (count + self.round_to // 2) // self.round_to * self.round_to

    def show(self, count: int) -> int | None:
        """The figure to publish; None means hidden."""
        return None if 0 < count <= self.hide_up_to else self.round(count)

    def could_be(self, figure: int | None) -> Span:
        """The counts that would be published as this figure."""
        if figure is None:
            return Span(1, self.hide_up_to)
        if figure == 0:
            return Span(0, 0)
        least = figure - self.round_to // 2
        return Span(max(least, self.hide_up_to + 1), least + self.round_to - 1)


class PublishedThresholds(Thresholds):
    """The thresholds that figures were published with: for reading them, never for publishing.

    They may lie below today's defaults, if those were raised since.
    """

    def __post_init__(self):
        self._refuse_zero()


@dataclass
class Known:
    """A count, its known range, and the known ways in which it divides into other counts."""

    span: Span
    hidden: bool = False
    divides: list[list[Known]] = field(default_factory=list)

    def narrow(self) -> Span:
        """Bottom-up: limit each count to the sum of its parts. Exact, since no part is shared."""
        for parts in self.divides:
            spans = [part.narrow() for part in parts]
            whole = Span(sum(span.least for span in spans), sum(span.most for span in spans))
            self.span = self.span.within(whole)
        return self.span

    def spread(self) -> Iterator[Known]:
        """Top-down, after `narrow`: limit each part to what its siblings leave of the whole."""
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
    """Whether any hidden count in it has fewer than three possible values left."""
    known.narrow()
    return any(each.hidden and each.span.values < POSSIBLE_VALUES for each in known.spread())


@dataclass(frozen=True)
class Table:
    """One published breakdown of a number of people: the figure of each row.

    No figures means the table is withheld. `excess` says whether the rows add up to more (1), fewer
    (-1) or exactly (0) the people they divide, since one person may have several reasons. `least`
    is the known minimum of each row, from how many of its venues reported more than nil.
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
    """What is published about a group of people: how many, and the tables that divide them.

    `at_least` is a minimum known from elsewhere: that many venues reported more than nil.
    `returned` says who reported a table, where that is public. `sum_of` are the releases that this
    one adds up, as a year adds up quarters; its total follows from theirs, so it publishes none.
    """

    people: int | None
    tables: Mapping[str, Table]
    thresholds: Thresholds
    at_least: int = 0
    returned: Mapping[str, Returned] = field(default_factory=dict)
    sum_of: tuple[Release, ...] = ()

    def known(self) -> Known:
        """Everything a reader of this release, and of those it sums, can know."""
        divides = [
            table.parts(self.thresholds) for table in self.tables.values() if not table.withheld
        ]
        least = Span(self.at_least, UNLIMITED)
        if self.sum_of:
            return Known(least, divides=[*divides, [each.known() for each in self.sum_of]])
        span = self.thresholds.could_be(self.people).within(least)
        return Known(span, hidden=self.people is None, divides=divides)


Counts = Mapping[str, Mapping[str, int]]
"""Table -> row -> count, the most important tables first."""


@dataclass(frozen=True)
class Returned:
    """Who reported the counts of a table: venues per row, and how many in total said nil.

    Both are public: the map shows the venues of a ward, and the number of nil returns is published.
    """

    venues: Mapping[str, int]
    nil: int

    def least(self, figures: Mapping[str, int | None], thresholds: Thresholds) -> dict[str, int]:
        """The minimum each row can have, once these figures are published.

        A venue that did not say nil met at least one person. Where a row has fewer people than
        venues, some of its venues must have said nil, which leaves fewer nil returns for other
        rows.
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

    def most(self, figures: Mapping[str, int | None], row: str, of: Limits) -> int:
        """The maximum the row can have, once these figures are published.

        All rows share the nil returns. The other rows have the fewest people together when they
        have as many of them as possible, and this row has what they leave of everybody.
        """
        others = {
            other: (of.thresholds.could_be(figure).least, self.venues.get(other, 0))
            for other, figure in figures.items()
            if other != row
        }
        without_nil = sum(max(least, venues) for least, venues in others.values())
        saved_by_nil = sum(max(0, venues - least) for least, venues in others.values())
        own = of.thresholds.could_be(figures[row])
        possible = own.least - 1
        for count in range(own.least, own.most + 1):
            nil = self.nil - max(0, self.venues.get(row, 0) - count)
            if nil >= 0 and count + without_nil - min(nil, saved_by_nil) <= of.people.most:
                possible = count
        return possible


@dataclass(frozen=True)
class Limits:
    """How many people there are, as far as a reader knows, and the thresholds of the figures."""

    people: Span
    thresholds: Thresholds


def release(
    people: int,
    counts: Counts,
    thresholds: Thresholds,
    *,
    at_least: int = 0,
    returned: Mapping[str, Returned] | None = None,
) -> Release:
    """Decide what may be published of `people`; `returned` says who reported each table.

    Where the number of people is hidden, `at_least` and the nil returns must not be published
    either, so they are ignored.
    """
    figure = thresholds.show(people)
    if figure is None:
        at_least, returned = 0, {}
    empty = Release(figure, {}, thresholds, at_least=at_least, returned=returned or {})
    return _with_tables(empty, people, counts)


def release_of_several(releases: Iterable[Release], people: int, counts: Counts) -> Release:
    """Tables of the sum of `releases`, instead of those that none of them could show.

    A table that one of them shows stays withheld here: it could be subtracted. So does one whose
    nil returns are public: what they say of each release's rows would limit the rows of the sum.
    """
    several = tuple(releases)
    barred = {key for each in several for key, table in each.tables.items() if not table.withheld}
    barred.update(key for each in several for key in each.returned)
    counts = {key: {} if key in barred else rows for key, rows in counts.items()}
    return _with_tables(Release(None, {}, several[-1].thresholds, sum_of=several), people, counts)


def _with_tables(made: Release, people: int, counts: Counts) -> Release:
    """Add each table in turn, if together with those before it gives nothing away."""
    for key, rows in counts.items():
        table = _table(people, rows, made.thresholds, made.returned.get(key))
        if not table.withheld and _is_unsafe(_with(made, key, table)):
            table = WITHHELD
        made = _with(made, key, table)
    return made


def _is_unsafe(made: Release) -> bool:
    """Whether a hidden count has too few possible values left, alone or by the nil returns."""
    known = made.known()
    if gives_away(known):
        return True
    # A table of the sum also narrows how many people each release can have.
    summed = zip(made.sum_of, known.divides[-1], strict=True) if made.sum_of else ()
    return any(_nil_returns_give_away(each, of.span) for each, of in [(made, known), *summed])


def _nil_returns_give_away(made: Release, people: Span) -> bool:
    """Whether the nil returns leave a hidden row too few values, if there are so many people."""
    limits = Limits(people, made.thresholds)
    return any(
        returned.most(table.figures, row, limits) - max(table.least.get(row, 0), 1) + 1
        < POSSIBLE_VALUES
        for key, returned in made.returned.items()
        for table in [made.tables.get(key, WITHHELD)]
        if not table.excess
        for row, figure in table.figures.items()
        if figure is None
    )


def _with(made: Release, key: str, table: Table) -> Release:
    return replace(made, tables={**made.tables, key: table})


def _table(
    people: int,
    rows: Mapping[str, int],
    thresholds: Thresholds,
    returned: Returned | None = None,
) -> Table:
    """Withhold a table if most of its non-zero rows are hidden, or it has too few rows.

    Also when a row's minimum leaves too few values to hide in. That test ignores the row's own
    count, so withholding reveals nothing about it.
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
