"""What a reader with a constraint solver can derive from everything that is published.

The equations are written independently here, from the published figures alone, and share no code
with the check in `common.disclosure`.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from common.disclosure import Returned, Thresholds, release, release_of_several

LARGE = 10**6
SHAPE = {"ward": 4, "reason": 6, "outcome": 4, "part": 3}

counts = st.one_of(st.just(0), st.integers(1, 7), st.integers(8, 13), st.integers(0, 60))


@st.composite
def divided(draw, people, rows):
    """People divided among rows: often uneven, and near the rounding thresholds."""
    left, parts = people, []
    for _ in range(rows - 1):
        parts.append(min(left, draw(counts)))
        left -= parts[-1]
    return draw(st.permutations([*parts, left]))


@st.composite
def quarters(draw, number=1):
    """Quarters with their tables: wards add up to the total, the other tables usually do."""
    made = []
    for _ in range(number):
        wards = [draw(counts) for _ in range(SHAPE["ward"])]
        people = sum(wards)
        tables = {"ward": wards}
        for key in ("reason", "outcome", "part"):
            of = people + draw(st.sampled_from([0, 0, 0, 1, 4, -1]))
            tables[key] = draw(divided(max(of, 0), SHAPE[key]))
        # Each non-nil venue met at least one person.
        helped = [draw(st.integers(min(count, 1), count)) for count in wards]
        said_nil = [draw(st.sampled_from([0, 0, 0, 1, 3])) for _ in wards]
        returned = Returned(
            {
                row: some + none
                for row, (some, none) in enumerate(zip(helped, said_nil, strict=True))
            },
            sum(said_nil),
        )
        tables = {key: dict(enumerate(rows)) for key, rows in tables.items()}
        made.append((people, tables, returned))
    return made


class Reader:
    """Unknown integers, the constraints that publication reveals, and a solver."""

    def __init__(self):
        self.least, self.most, self.equations = [], [], []

    def unknown(self, least, most):
        self.least.append(least)
        self.most.append(most)
        return len(self.least) - 1

    def figure(self, figure):
        """An unknown count, constrained as the notes under the table explain its figure."""
        if figure is None:
            return self.unknown(1, 7)
        return self.unknown(0 if figure == 0 else max(8, figure - 2), figure + 2 if figure else 0)

    def add_up(self, parts, whole, excess=0):
        """Constrain the parts to equal the whole; or to be at least, or at most, the whole."""
        self.equations.append((parts, whole, excess))

    def span(self, unknown):
        rows, low, high = [], [], []
        for parts, whole, excess in self.equations:
            row = np.zeros(len(self.least))
            row[parts], row[whole] = 1, -1
            rows.append(row)
            low.append(0 if excess >= 0 else -LARGE)
            high.append(0 if excess <= 0 else LARGE)
        aim = np.zeros(len(self.least))
        found = []
        for sign in (1, -1):
            aim[unknown] = sign
            answer = milp(
                aim,
                constraints=[LinearConstraint(np.array(rows), low, high)] if rows else (),
                bounds=Bounds(self.least, self.most),
                integrality=np.ones(len(self.least)),
            )
            assert answer.success, "what is published contradicts itself"
            found.append(round(answer.x[unknown]))
        return found

    def read(self, made, whole):
        """Add the constraints of a release; returns the unknowns it hides."""
        hidden = []
        for table in made.tables.values():
            if table.withheld:
                continue
            rows = {row: self.figure(figure) for row, figure in table.figures.items()}
            self.add_up(list(rows.values()), whole, table.excess)
            hidden += [rows[row] for row, figure in table.figures.items() if figure is None]
        return hidden

    def read_quarter(self, made, returned):
        """Add what is public besides the figures: each ward's venues are on the map, and nil
        returns are published wherever the number of people is.
        """
        whole = self.figure(made.people)
        self.least[whole] = max(self.least[whole], made.at_least)
        rows_before = len(self.least)
        hidden = self.read(made, whole)
        if made.people is not None and not made.tables["ward"].withheld:
            nils = []
            for place, (row, venues) in enumerate(returned.venues.items()):
                assert row == list(made.tables["ward"].figures)[place]
                nils.append(self.unknown(0, venues))
                people_of_row = rows_before + place  # Wards are the first table.
                self.add_up([people_of_row, nils[-1]], self.unknown(venues, venues), excess=1)
            self.add_up(nils, self.unknown(returned.nil, returned.nil))
        return whole, [*hidden, whole] if made.people is None else hidden


def still_secret(reader, hidden):
    for unknown in hidden:
        least, most = reader.span(unknown)
        assert most - least + 1 >= 3, (least, most)


def publish(people, tables, returned):
    return release(
        people,
        tables,
        Thresholds(),
        at_least=sum(returned.venues.values()) - returned.nil,
        returned={"ward": returned},
    )


@settings(max_examples=200, deadline=None)
@given(quarters())
def test_a_quarters_tables_together_leave_every_hidden_count_three_values(drawn):
    made = publish(*drawn[0])
    reader = Reader()
    _, hidden = reader.read_quarter(made, drawn[0][2])
    still_secret(reader, hidden)


@settings(max_examples=60, deadline=None)
@given(quarters(number=4))
def test_four_quarters_and_their_annual_table_leave_three_values_too(drawn):
    year_is_safe(drawn)


@settings(max_examples=60, deadline=None)
@given(quarters(number=2))
def test_two_half_years_and_their_annual_table_leave_three_values_too(drawn):
    year_is_safe(drawn)


@settings(max_examples=12, deadline=None)
@given(quarters(number=12))
def test_twelve_months_and_their_annual_table_leave_three_values_too(drawn):
    year_is_safe(drawn)


def year_is_safe(drawn):
    made = [publish(*quarter) for quarter in drawn]
    people = sum(quarter[0] for quarter in drawn)
    tables = {
        key: {row: sum(quarter[1][key][row] for quarter in drawn) for row in range(rows)}
        for key, rows in SHAPE.items()
    }
    year = release_of_several(made, people, tables)
    reader, hidden, wholes = Reader(), [], []
    for quarter, (_people, _tables, returned) in zip(made, drawn, strict=True):
        whole, some = reader.read_quarter(quarter, returned)
        wholes.append(whole)
        hidden += some
    all_year = reader.unknown(0, LARGE)
    reader.add_up(wholes, all_year)
    hidden += reader.read(year, all_year)
    still_secret(reader, hidden)
    for key, table in year.tables.items():
        assert table.withheld or all(quarter.tables[key].withheld for quarter in made)


@settings(max_examples=100, deadline=None)
@given(quarters())
def test_shown_figures_are_the_true_counts_rounded(drawn):
    people, tables, _ = drawn[0]
    made = publish(*drawn[0])
    assert made.people is None or abs(made.people - people) <= 2
    for key, table in made.tables.items():
        for row, figure in table.figures.items():
            count = tables[key][row]
            assert (figure is None) == (1 <= count <= 7)
            assert figure is None or abs(figure - count) <= 2
