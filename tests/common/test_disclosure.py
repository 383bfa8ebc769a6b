import collections
import itertools

import pytest

from common.disclosure import Returned, Span, Thresholds, release, release_of_several

DEFAULT = Thresholds()


def figures(made, table):
    return list(made.tables[table].figures.values())


def table_of(*counts):
    return {f"row {number}": count for number, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("count", "figure"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (241, 240)],
)
def test_one_to_seven_are_hidden_zero_is_shown_and_the_rest_rounded_to_five(count, figure):
    assert DEFAULT.show(count) == figure


@pytest.mark.parametrize("thresholds", [DEFAULT, Thresholds(9, 10), Thresholds(20, 5)])
def test_could_be_lists_every_count_published_as_that_figure(thresholds):
    for count in range(200):
        figure = thresholds.show(count)
        least, most = thresholds.could_be(figure)
        published = [other for other in range(300) if thresholds.show(other) == figure]
        assert (least, most) == (published[0], published[-1])


@pytest.mark.parametrize("lower", [(6, 5), (7, 4), (0, 5), (7, 0), (7, 20), (7, 17), (8, 19)])
def test_thresholds_cannot_be_lowered_or_round_a_shown_count_to_zero(lower):
    with pytest.raises(ValueError, match=r"threshold|zero"):
        Thresholds(*lower)


@pytest.mark.parametrize("highest", [(7, 16), (8, 18)])
def test_the_coarsest_rounding_that_keeps_counts_above_zero_is_allowed(highest):
    thresholds = Thresholds(*highest)
    assert thresholds.show(thresholds.hide_up_to + 1) == thresholds.round_to


def test_a_table_leaving_exactly_three_values_for_a_hidden_count_is_shown():
    # 23 to 27 people. Three rows of "10" are at least 24, so the hidden ones add up to 1, 2 or 3.
    assert figures(release(25, {"reason": table_of(8, 8, 8, 1)}, DEFAULT), "reason") == [
        *(10, 10, 10),
        None,
    ]


@pytest.mark.parametrize(
    ("people", "counts", "is_withheld"),
    [
        # Rows add up to the total. "80" is at least 78, six rows of "10" at most 72: six or seven
        # hidden.
        (79, [12] * 6 + [7], True),
        # "40" is at most 42, five rows of "10" at least 40: one or two hidden.
        (41, [8] * 5 + [1], True),
        # A row of zero does not count towards the three: 23 to 27 people, at least 24.
        (25, [8] * 3 + [1, 0], False),
        # Rows may exceed the total, since one person may have several reasons: again six or seven.
        (78, [12] * 6 + [7], True),
        # "55" is at least 53, four rows of "10" at most 48: five, six or seven.
        (53, [12] * 4 + [7], False),
        # The same of rows that add up to the total.
        (53, [12] * 4 + [5], False),
        # Rows may fall short of the total: again one or two.
        (42, [8] * 5 + [1], True),
        # "25" is at most 27, three rows of "10" at least 24: one, two or three.
        (26, [8] * 3 + [1], False),
    ],
)
def test_a_hidden_count_keeps_three_values_whatever_the_rows_add_up_to(people, counts, is_withheld):
    made = release(people, {"reason": table_of(*counts)}, DEFAULT)
    assert made.tables["reason"].withheld == is_withheld


def test_a_ward_left_exactly_three_values_by_its_venues_is_hidden_in_a_shown_table():
    # Seven venues, two of them nil: at least five people, at most seven.
    counts = {"ward": dict(enumerate([7, 20, 30]))}
    made = release(57, counts, DEFAULT, at_least=13, returned=of_wards([7, 4, 4], nil=2))
    assert made.tables["ward"].least[0] == 5
    assert not made.tables["ward"].withheld
    one_less = release(57, counts, DEFAULT, at_least=14, returned=of_wards([7, 4, 4], nil=1))
    assert one_less.tables["ward"].withheld


@pytest.mark.parametrize(
    ("figure", "nil"),
    [
        (0, 2),  # Both venues returned nil, as anybody can see.
        (None, 5),  # Both may have returned nil.
    ],
)
def test_a_ward_whose_venues_may_all_be_nil_has_a_minimum_of_zero(figure, nil):
    returned = of_wards([2, 4, 4], nil=nil)["ward"]
    assert returned.least({0: figure, 1: 20, 2: 30}, DEFAULT)[0] == 0


def test_the_total_is_computed_first_and_rounded_separately():
    made = release(36, {"reason": table_of(12, 12, 12)}, DEFAULT)
    assert made.people == 35
    assert figures(made, "reason") == [10, 10, 10]


def test_a_table_whose_total_pins_a_hidden_count_is_withheld_entirely():
    # 18 or 19 people. One row of "10" is at most 12, so the hidden row would be 6 or 7.
    made = release(19, {"reason": table_of(12, 7, 0)}, DEFAULT)
    assert made.tables["reason"].withheld
    assert made.people == 20
    assert not release(31, {"reason": table_of(12, 12, 7)}, DEFAULT).tables["reason"].withheld


def test_a_second_table_is_withheld_when_it_pins_a_count_hidden_in_the_first():
    # The second table says at least 42, and three rows of "10" are at most 36.
    first = table_of(12, 12, 12, 6)
    assert not release(42, {"reason": first}, DEFAULT).tables["reason"].withheld
    both = release(42, {"reason": first, "part": table_of(8, 8, 8, 18)}, DEFAULT)
    assert not both.tables["reason"].withheld
    assert both.tables["part"].withheld


def test_a_mostly_hidden_table_is_withheld():
    assert release(21, {"reason": table_of(8, 7, 6, 0, 0)}, DEFAULT).tables["reason"].withheld
    assert not release(46, {"reason": table_of(18, 20, 8, 0, 0)}, DEFAULT).tables["reason"].withheld


def test_a_table_of_two_rows_is_never_published():
    assert release(200, {"ward": table_of(100, 100)}, DEFAULT).tables["ward"].withheld


def test_all_zeros_are_shown_as_zeros():
    made = release(0, {"reason": table_of(0, 0, 0)}, DEFAULT)
    assert made.people == 0
    assert figures(made, "reason") == [0, 0, 0]


def test_the_published_number_of_non_nil_venues_is_taken_into_account():
    # Twelve venues each reported at least one person, so "10" can only be twelve.
    counts = {"reason": table_of(8, 2, 2, 0)}
    assert not release(12, {"reason": table_of(8, 4, 0)}, DEFAULT).tables["reason"].withheld
    assert release(12, counts, DEFAULT, at_least=12).tables["reason"].withheld
    assert release(5, {}, DEFAULT, at_least=5).at_least == 0, "not to be published either"


def of_wards(venues, nil):
    return {"ward": Returned(dict(enumerate(venues)), nil)}


def test_a_hidden_ward_of_only_non_nil_venues_is_not_pinned():
    # Seven venues, none nil, so at least seven people; and a hidden count is at most seven.
    counts = {"ward": dict(enumerate([7, 20, 30]))}
    made = release(57, counts, DEFAULT, at_least=15, returned=of_wards([7, 4, 4], nil=0))
    assert made.tables["ward"].withheld
    shown = release(57, counts, DEFAULT, at_least=11, returned=of_wards([7, 4, 4], nil=4))
    assert not shown.tables["ward"].withheld, "three and more values are left"


def test_a_hidden_ward_keeps_three_values_though_all_wards_share_the_nil_returns():
    # 21 or 22 people in 22 venues, of which one said nil: the wards of 10 and 11 venues have at
    # least 20 people together, though each alone may have one fewer. That would leave 1 or 2.
    wards = {"ward": {"a": 0, "b": 10, "c": 1, "d": 10}}
    returned = {"ward": Returned({"a": 0, "b": 10, "c": 1, "d": 11}, 1)}
    made = release(21, wards, Thresholds(), at_least=21, returned=returned)
    assert made.tables["ward"].withheld


def test_a_hidden_ward_is_shown_when_enough_nil_returns_are_shared():
    wards = {"ward": {"a": 0, "b": 10, "c": 1, "d": 10}}
    returned = {"ward": Returned({"a": 0, "b": 8, "c": 1, "d": 8}, 4)}
    made = release(21, wards, Thresholds(), at_least=13, returned=returned)
    assert made.tables["ward"].figures["c"] is None


def test_nil_returns_that_must_belong_to_another_ward_are_not_used_twice():
    # Nine venues but at most seven people: both of the nil returns were theirs.
    counts = {"ward": dict(enumerate([7, 7, 30, 40]))}
    returned = of_wards([9, 6, 3, 3], nil=2)
    assert release(84, counts, DEFAULT, at_least=19, returned=returned).tables["ward"].withheld


@pytest.mark.parametrize(("venues", "is_withheld"), [(5, False), (6, True), (7, True), (8, False)])
@pytest.mark.parametrize("count", [8, 40])
def test_withholding_a_ward_at_risk_does_not_depend_on_its_own_count(count, venues, is_withheld):
    # None of its venues said nil. If it were hidden, six or seven would leave two values or one.
    returned = of_wards([venues, 4, 4], nil=0)
    counts = {"ward": dict(enumerate([count, 20, 30]))}
    made = release(50 + count, counts, DEFAULT, at_least=venues + 8, returned=returned)
    assert made.tables["ward"].withheld == is_withheld


def test_tables_that_do_not_add_up_are_not_assumed_to():
    made = release(19, {"reason": table_of(12, 7, 9)}, DEFAULT)
    assert made.tables["reason"].excess == 1
    assert not made.tables["reason"].withheld


def test_the_annual_table_replaces_tables_no_quarter_could_show():
    reasons, parts = table_of(5, 4, 3, 0), table_of(12, 0, 0)
    quarters = [release(12, {"reason": reasons, "part": parts}, DEFAULT) for _ in range(4)]
    assert all(quarter.tables["reason"].withheld for quarter in quarters)
    year = release_of_several(
        quarters, 48, {"reason": table_of(20, 16, 12, 0), "part": table_of(48, 0, 0)}
    )
    assert figures(year, "reason") == [20, 15, 10, 0]
    assert year.tables["part"].withheld, "its quarters are published; they could be subtracted"
    assert year.people is None


def test_the_annual_table_is_hidden_by_the_newest_thresholds():
    raised, rows = Thresholds(9), {"reason": table_of(20, 19, 9)}
    for thresholds, shown in [
        ([DEFAULT, DEFAULT, raised], [20, 20, None]),
        ([raised, raised, DEFAULT], [20, 20, 10]),
    ]:
        thirds = [release(16, {"reason": {}}, each) for each in thresholds]
        assert figures(release_of_several(thirds, 48, rows), "reason") == shown


def test_a_year_is_withheld_when_it_pins_a_quarter():
    # 15, 10 and 10 are at least 29 and "20" at most 22, so the last quarter must be seven.
    quarters = [release(people, {"reason": {}}, DEFAULT) for people in (0, 0, 22, 7)]
    year = release_of_several(quarters, 29, {"reason": table_of(13, 8, 8)})
    assert year.tables["reason"].withheld
    assert not release(29, {"reason": table_of(13, 8, 8)}, DEFAULT).tables["reason"].withheld


def test_a_year_is_withheld_when_it_leaves_a_ward_two_values_by_the_nil_returns():
    # The first half alone has 24 to 27 people. The year's table says at most 46, the second half
    # has at least 22: so there are 24 in 25 venues, of which one said nil. Every other venue met
    # one, and the ward of three venues has two people or three.
    wards = {"ward": dict(enumerate([10, 10, 3, 1])), "reason": {}}
    returned = of_wards([10, 11, 3, 1], nil=1)
    first = release(24, wards, DEFAULT, at_least=24, returned=returned)
    second = release(22, {"reason": {}}, DEFAULT, at_least=22)
    assert figures(first, "ward") == [10, 10, None, None]
    reasons = {"reason": table_of(12, 17, 17)}
    assert release_of_several([first, second], 46, reasons).tables["reason"].withheld
    loose = release(22, {"reason": {}}, DEFAULT)
    assert not release_of_several([first, loose], 46, reasons).tables["reason"].withheld


def test_there_is_no_annual_table_of_wards_whose_nil_returns_are_public():
    wards = dict(enumerate([10, 9, 2, 1]))
    half = release(22, {"ward": {}}, DEFAULT, returned=of_wards([3, 3, 3, 3], nil=0))
    assert release_of_several([half, half], 44, {"ward": wards}).tables["ward"].withheld


@pytest.mark.parametrize(
    ("rows", "people"), [([3], range(23)), ([4], range(8, 13)), ([3, 3], range(8, 13))]
)
def test_nobody_who_knows_the_rule_can_derive_a_hidden_count(rows, people):
    """Exhaustive: publish every possible data set and group them by what is published.

    Each output must be reachable from enough data sets, so even withholding a table reveals
    nothing. `people` covers whole rounding classes.
    """
    came_from = collections.defaultdict(list)
    for total in people:
        for tables in itertools.product(*(divisions(total, number) for number in rows)):
            made = release(total, dict(enumerate(map(numbered, tables))), DEFAULT)
            shown = tuple(tuple(table.figures.values()) for table in made.tables.values())
            came_from[made.people, shown].append(tables)
    tried = 0
    for (total, shown), data_sets in came_from.items():
        for table, row in [(t, r) for t, number in enumerate(rows) for r in range(number)]:
            if total != 0 and (not shown[table] or shown[table][row] is None):
                values = {data[table][row] for data in data_sets}
                assert len(values) >= 3, (total, shown, table, row, values)
                tried += 1
    assert tried > 3


def numbered(counts):
    return dict(enumerate(counts))


def divisions(total, rows):
    """Every way of dividing so many people among so many rows."""
    if rows == 1:
        return [(total,)]
    return [
        (first, *rest) for first in range(total + 1) for rest in divisions(total - first, rows - 1)
    ]


def test_a_span_counts_its_values():
    assert Span(1, 7).values == 7
    assert Span(1, 7).within(Span(6, 9)) == (6, 7)
