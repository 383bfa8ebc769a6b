"""The SQL and the Python timetable agree on any week at any moment."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories import UserFactory, VenueFactory
from venues.hours.model import BANK_HOLIDAY, LONDON, BankHolidays
from venues.hours.timetable import hours_on, open_until, perhaps_on
from venues.models import Closure, OpeningHours, SchoolYear, Venue

MOMENTS_A_WEEK = 8
TIMES = st.builds(
    datetime.time, hour=st.integers(0, 23), minute=st.sampled_from([0, 0, 15, 30, 45])
)
NIGHTLY = st.sampled_from([datetime.time(h, m) for h in (0, 1, 2) for m in (0, 15, 30, 45)])
CLOCKS = TIMES | NIGHTLY
SEASONS = st.just((None, None)) | st.sampled_from(
    [(401, 930), (1025, 1025), (1101, 328), (1225, 1226), (329, 1024), (1231, 101)]
)
AROUND = [
    datetime.date(2026, 3, 29),  # clocks go forward
    datetime.date(2026, 10, 25),  # clocks go back
    datetime.date(2026, 4, 6),  # Easter Monday
    datetime.date(2026, 5, 25),
    datetime.date(2026, 12, 26),  # its substitute is the Monday after
    datetime.date(2027, 1, 1),
    datetime.date(2026, 7, 1),
]
DAYS = st.builds(
    lambda day, offset: day + datetime.timedelta(days=offset),
    st.sampled_from(AROUND),
    st.integers(-3, 3),
)
ALWAYS = (datetime.date(2020, 1, 1), None)
VALID = st.sampled_from(
    [ALWAYS] * 3
    + [
        (datetime.date(2020, 1, 1), datetime.date(2026, 3, 29)),
        (datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)),
        (datetime.date(2026, 10, 25), None),
    ]
)
CLOCK_CHANGES = [
    datetime.datetime(2026, month, day, hour, minute, tzinfo=datetime.UTC)
    for month, day in ((3, 29), (10, 25))
    for hour, minute in ((0, 10), (0, 40), (1, 0), (1, 40))
]
WEEKLY = ("every", None, "")
RECURRING = st.just(WEEKLY) | st.one_of(
    st.tuples(
        st.just("weeks"),
        st.sampled_from([[1], [1, 3], [2, 4], [4], [5], [-1], [1, -1]]),
        st.sampled_from(["", "term", "holidays"]),
    ),
    st.tuples(st.just("fortnight"), st.integers(0, 900), st.sampled_from(["", "term"])),
    st.tuples(st.just("every"), st.none(), st.sampled_from(["term", "holidays"])),
)
SCHOOL_YEARS = st.sampled_from(
    [
        [],
        [((2025, 9, 1), (2026, 8, 31), [((2026, 3, 30), (2026, 4, 10))])],
        [
            ((2025, 9, 1), (2026, 4, 5), [((2026, 3, 28), (2026, 4, 5))]),
            ((2026, 4, 7), (2026, 10, 25), [((2026, 5, 25), (2026, 5, 29))]),
            ((2026, 12, 27), (2027, 8, 31), [((2026, 12, 27), (2027, 1, 1))]),
        ],
    ]
)
INTERVALS = st.lists(
    st.tuples(
        st.sampled_from([*range(BANK_HOLIDAY + 1), 5, 6, 6, 6]),
        CLOCKS,
        CLOCKS,
        SEASONS,
        VALID,
        st.booleans(),
        RECURRING,
    ),
    min_size=1,
    max_size=14,
)
OWN_HOURS = st.none() | st.tuples(CLOCKS, CLOCKS)
CLOSURES = st.lists(st.tuples(DAYS, st.integers(0, 2), OWN_HOURS), max_size=3)
MOMENTS = st.lists(
    st.tuples(DAYS, CLOCKS, st.integers(0, 1)),
    min_size=MOMENTS_A_WEEK,
    max_size=MOMENTS_A_WEEK,
)


def moment(day, clock, fold):
    """An aware moment; a clock time that London skips becomes the moment an hour later."""
    naive = datetime.datetime.combine(day, clock).replace(fold=fold, tzinfo=LONDON)
    return naive.astimezone(datetime.UTC)


def keep(intervals, venue):
    for weekday, opens, closes, season, valid, appointment, recurring in intervals:
        kind, value, term = WEEKLY if weekday == BANK_HOLIDAY else recurring
        weeks = value if kind == "weeks" else []
        start = None
        if kind == "fortnight":
            start = datetime.date(2025, 1, 6) + datetime.timedelta(days=value // 7 * 7 + weekday)
        try:
            with transaction.atomic():
                OpeningHours.objects.create(
                    venue=venue,
                    weekday=weekday,
                    opens=opens,
                    closes=closes,
                    season_from=season[0],
                    season_to=season[1],
                    valid_from=valid[0],
                    valid_to=valid[1],
                    by_appointment=appointment,
                    weeks=weeks,
                    fortnight_from=start,
                    term=term,
                )
        except IntegrityError:
            pass  # it overlaps another, which no venue's week can


def keep_school_years(school_years, venue):
    for first, last, holidays in school_years:
        year = SchoolYear.objects.create(
            scheme=venue.lead_scheme,
            starts_on=datetime.date(*first),
            ends_on=datetime.date(*last),
        )
        for starts, ends in holidays:
            year.holidays.create(starts_on=datetime.date(*starts), ends_on=datetime.date(*ends))


def expected(venue, when):
    if venue.unavailable_until and venue.unavailable_until > when:
        return "closed"
    if open_until(venue, when):
        return "open"
    today = when.astimezone(LONDON).date()
    if hours_on(venue, today) is None or may_be_open(venue, when):
        return "not_confirmed"
    return None


def may_be_open(venue, when):
    """Whether hours of an unknown part of the school year would run, by plain wall clock."""
    local = when.astimezone(LONDON)
    clock = datetime.time(1, 59, 59, 999999) if local.fold else local.time()
    today, eve = local.date(), local.date() - datetime.timedelta(days=1)
    return any(
        hours.opens <= clock and (clock < hours.closes or hours.closes <= hours.opens)
        for hours in perhaps_on(venue, today)
    ) or any(
        hours.closes <= hours.opens and clock < hours.closes for hours in perhaps_on(venue, eve)
    )


@pytest.mark.django_db
@settings(
    max_examples=24,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example(
    intervals=[
        (6, datetime.time(1, 15), datetime.time(1, 30), (None, None), ALWAYS, False, WEEKLY),
        (6, datetime.time(1, 45), datetime.time(5), (None, None), ALWAYS, False, WEEKLY),
        (5, datetime.time(20), datetime.time(1), (None, None), ALWAYS, False, WEEKLY),
    ],
    closures=[],
    school_years=[],
    bank_holidays="closed",
    division="england-and-wales",
    unavailable=None,
    moments=[],
)
@given(
    intervals=INTERVALS,
    closures=CLOSURES,
    school_years=SCHOOL_YEARS,
    bank_holidays=st.sampled_from(BankHolidays.values),
    division=st.sampled_from(Venue.Division.values),
    unavailable=st.none() | DAYS,
    moments=MOMENTS,
)
def test_sql_and_python_agree_on_any_week_at_any_moment(
    intervals, closures, school_years, bank_holidays, division, unavailable, moments
):
    with transaction.atomic():
        venue = VenueFactory(
            bank_holidays=bank_holidays,
            division=division,
            hours_confirmed_at=datetime.datetime(2030, 1, 1, tzinfo=LONDON),
            unavailable_until=unavailable and moment(unavailable, datetime.time(1, 30), 0),
            unavailable_by=unavailable and UserFactory(),
        )
        keep(intervals, venue)
        keep_school_years(school_years, venue)
        for starts_on, days, own in closures:
            Closure.objects.create(
                venue=venue,
                starts_on=starts_on,
                ends_on=starts_on + datetime.timedelta(days=days),
                opens=own and own[0],
                closes=own and own[1],
            )
        python = Venue.objects.prefetch_related("opening_hours", "closures").get(pk=venue.pk)
        wanted = [*CLOCK_CHANGES, *(moment(*parts) for parts in moments)]
        # And the boundaries of whatever runs then, to the microsecond.
        edges = [edge for when in wanted if (edge := open_until(python, when))]
        tick = datetime.timedelta(microseconds=1)
        wanted += [
            e.astimezone(datetime.UTC) - back for e in edges[:4] for back in (tick, 0 * tick)
        ]
        for when in wanted:
            said = Venue.objects.with_hours_state(when).get(pk=venue.pk).hours_state
            should = expected(python, when)
            # Closed, or unknown because of yesterday's overnight bank holiday hours.
            if should is None:
                assert said in ("closed", "not_confirmed"), when
                if bank_holidays != BankHolidays.NOT_KNOWN:
                    assert said == "closed", when
            else:
                assert said == should, when
        transaction.set_rollback(True)
