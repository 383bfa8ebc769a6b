import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.quarters import Quarter, QuarterConverter

quarters = st.builds(Quarter, st.integers(1900, 2200), st.integers(1, 4))


def test_a_quarter_has_its_days_its_code_and_its_words():
    quarter = Quarter(2026, 3)
    assert quarter.starts == datetime.date(2026, 7, 1)
    assert quarter.ends == datetime.date(2026, 9, 30)
    assert quarter.code == "2026-Q3"
    assert quarter.label == str(quarter) == "July to September 2026"
    assert quarter.short_label == "Jul to Sep 2026"


def test_its_neighbours_pass_the_year():
    assert Quarter(2026, 1).previous == Quarter(2025, 4)
    assert Quarter(2026, 4).following == Quarter(2027, 1)
    assert Quarter(2026, 3).year_before == Quarter(2025, 3)
    assert [quarter.code for quarter in Quarter(2026, 2).last(4)] == [
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    ]


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2200, 12, 31)))
def test_every_day_is_in_the_quarter_that_contains_it_and_in_no_neighbour(day):
    quarter = Quarter.containing(day)
    assert day in quarter
    assert day not in quarter.previous
    assert day not in quarter.following


@given(quarters)
def test_quarters_follow_each_other_without_a_gap_and_read_back_from_their_code(quarter):
    assert quarter.following.starts == quarter.ends + datetime.timedelta(days=1)
    assert quarter.previous < quarter < quarter.following
    assert Quarter.parse(quarter.code) == quarter


@pytest.mark.parametrize(
    "code",
    ["", "2026", "2026-Q0", "2026-Q5", "2026-q3", "26-Q3", "2026-Q3 ", "0000-Q1", "-2026-Q1"],
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(code)


def test_an_address_names_its_quarter():
    converter = QuarterConverter()
    assert converter.to_python("2026-Q3") == Quarter(2026, 3)
    assert converter.to_url(Quarter(2026, 3)) == "2026-Q3"
