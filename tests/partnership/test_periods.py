import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.periods import (
    HALF_YEAR,
    LENGTHS,
    MONTH,
    QUARTER,
    YEAR,
    Period,
    PeriodConverter,
)

lengths = st.sampled_from(list(LENGTHS))
days = st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2200, 12, 31))
periods = st.builds(Period.containing, lengths, days)


@pytest.mark.parametrize(
    ("period", "starts", "ends", "code", "label", "short"),
    [
        (
            Period(MONTH, 2026, 2),
            "2026-02-01",
            "2026-02-28",
            "2026-02",
            "February 2026",
            "Feb 2026",
        ),
        (
            Period(QUARTER, 2026, 3),
            *("2026-07-01", "2026-09-30", "2026-Q3", "July to September 2026", "Jul to Sep 2026"),
        ),
        (
            Period(HALF_YEAR, 2026, 2),
            *("2026-07-01", "2026-12-31", "2026-H2", "July to December 2026", "Jul to Dec 2026"),
        ),
        (Period(YEAR, 2026, 1), "2026-01-01", "2026-12-31", "2026", "2026", "2026"),
    ],
)
def test_a_periods_dates_code_and_labels(period, starts, ends, code, label, short):
    assert (str(period.starts), str(period.ends)) == (starts, ends)
    assert period.code == code
    assert period.label == str(period) == label
    assert period.short_label == short


def test_neighbouring_periods_cross_the_year():
    assert Period(QUARTER, 2026, 1).previous == Period(QUARTER, 2025, 4)
    assert Period(MONTH, 2026, 12).following == Period(MONTH, 2027, 1)
    assert Period(HALF_YEAR, 2026, 1).previous == Period(HALF_YEAR, 2025, 2)
    assert Period(QUARTER, 2026, 3).year_before == Period(QUARTER, 2025, 3)
    assert Period(YEAR, 2026, 1).year_before == Period(YEAR, 2026, 1).previous
    assert [each.code for each in Period(QUARTER, 2026, 2).last(4)] == [
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    ]


@given(lengths, days)
def test_a_day_is_in_its_own_period_and_in_neither_neighbour(length, day):
    period = Period.containing(length, day)
    assert day in period
    assert day not in period.previous
    assert day not in period.following


@given(periods)
def test_periods_are_contiguous_and_their_codes_round_trip(period):
    assert period.following.starts == period.ends + datetime.timedelta(days=1)
    assert period.previous < period < period.following
    assert Period.parse(period.code) == period
    assert PeriodConverter().to_python(PeriodConverter().to_url(period)) == period


@given(periods, periods)
def test_two_periods_overlap_only_if_one_contains_the_other(one, other):
    holds = (one.starts <= other.starts and other.ends <= one.ends) or (
        other.starts <= one.starts and one.ends <= other.ends
    )
    assert one.overlaps(other) == other.overlaps(one) == holds


@pytest.mark.parametrize(
    "code",
    [
        *("", "2026-Q0", "2026-Q5", "2026-q3", "26-Q3", "2026-Q3 ", "0000-Q1", "-2026-Q1"),
        *("2026-H3", "2026-00", "2026-13", "2026-7", "2026-", "20266"),
    ],
)
def test_parse_refuses_malformed_codes(code):
    with pytest.raises(ValueError, match="quarter"):
        Period.parse(code)
