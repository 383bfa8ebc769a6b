"""What nil returns say about hidden rows, against a reader who tries every possible data set.

Each venue is in one row. One that did not say nil met at least one person, so a row of `v` venues
and `c` people has between `v - c` and `v - 1` nil returns, or all `v` if nobody was met.
"""

import itertools
import random

import pytest

from common.disclosure import Limits, Returned, Span, Thresholds, release

DEFAULT = Thresholds()


def data_set(seed):
    """Random counts, venues and nil returns of three rows, two of them small."""
    chance = random.Random(seed)
    counts, venues, nil = {}, {}, 0
    for row in "abc":
        counts[row] = chance.choice([0, 1, 2, 3, 5, 7, 8, 9, 12])
        if row == "c" and chance.random() < 0.2:
            continue  # A row whose venues are not known: it takes no nil returns.
        helped = min(counts[row], chance.choice([1, 3, 8, 12]))
        said_nil = chance.choice([0, 0, 1, 2])
        venues[row] = helped + said_nil
        nil += said_nil
    figures = {row: DEFAULT.show(count) for row, count in counts.items()}
    return figures, Returned(venues, nil), sum(counts.values())


def nil_returns(count, venues):
    """The fewest and most nil returns of a row."""
    return max(0, venues - count), max(0, venues - 1) if count else venues


def possible(figures, returned, people, free=None):
    """Every data set that a reader cannot rule out; the figure of the row `free` is unknown."""
    spans = [
        range(15) if row == free else range(span.least, span.most + 1)
        for row, figure in figures.items()
        for span in [DEFAULT.could_be(figure)]
    ]
    for counts in itertools.product(*spans):
        of_rows = [
            nil_returns(count, returned.venues.get(row, 0))
            for row, count in zip(figures, counts, strict=True)
        ]
        fewest, most = map(sum, zip(*of_rows, strict=True))
        if fewest <= returned.nil <= most and people.least <= sum(counts) <= people.most:
            yield dict(zip(figures, counts, strict=True))


@pytest.mark.parametrize("seed", range(150))
def test_the_most_people_a_row_can_have_is_found_by_trying_every_data_set(seed):
    figures, returned, people = data_set(seed)
    for slack in (0, 2):
        span = Span(max(people - slack, 0), people + slack)
        found = list(possible(figures, returned, span))
        for row in figures:
            most = max(each[row] for each in found)
            assert returned.most(figures, row, Limits(span, DEFAULT)) == most


@pytest.mark.parametrize("seed", range(150))
def test_the_fewest_people_a_row_can_have_is_found_by_trying_every_data_set(seed):
    figures, returned, _people = data_set(seed)
    for row, least in returned.least(figures, DEFAULT).items():
        found = possible(figures, returned, Span(0, 100), free=row)
        assert least == min(each[row] for each in found)


def test_a_row_that_the_table_does_not_show_takes_no_nil_returns():
    returned = Returned({"a": 5, "b": 3}, nil=2)
    assert returned.least({"a": 10}, DEFAULT) == {"a": 3}


def test_a_ward_left_exactly_three_values_by_the_nil_returns_is_hidden_in_a_shown_table():
    # 22 people in 25 venues, three of them nil: the last ward has one, two or three people.
    returned = {"ward": Returned(dict(enumerate([11, 10, 1, 3])), nil=3)}
    wards = {"ward": dict(enumerate([10, 9, 0, 3]))}
    made = release(22, wards, DEFAULT, at_least=22, returned=returned)
    assert list(made.tables["ward"].figures.values()) == [10, 10, 0, None]
