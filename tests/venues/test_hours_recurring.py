"""Hours of some weeks of the month, of fortnights and of school terms, day by day.

The right days come from an independent reading: a calendar leafed through by hand.
"""

import calendar
import datetime
import itertools

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geography.models import Area
from tests.factories import SchemeFactory, VenueFactory
from venues.hours.model import LONDON, HoursState
from venues.hours.recurrence import takes_place
from venues.hours.timetable import (
    days_ahead,
    hours_on,
    never_closes,
    next_opening,
    open_until,
    perhaps_on,
    week_as_read,
)
from venues.models import OpeningHours, SchoolYear, Venue

ONE_DAY = datetime.timedelta(days=1)
TWO, FOUR = datetime.time(14), datetime.time(16)
THREE_YEARS = [datetime.date(2025, 12, 1) + number * ONE_DAY for number in range(1100)]
CONFIRMED = datetime.datetime(2030, 1, 1, tzinfo=LONDON)


def day(*parts):
    return datetime.date(*parts)


def at(date, hour=15, minute=0):
    return datetime.datetime.combine(date, datetime.time(hour, minute), LONDON)


def nth_days(weekday, weeks):
    """Leaf through a wall calendar, month by month."""
    found = set()
    for year in range(2025, 2030):
        for month in range(1, 13):
            dates = [row[weekday] for row in calendar.monthcalendar(year, month) if row[weekday]]
            found |= {
                datetime.date(year, month, dates[week - 1 if week > 0 else week])
                for week in weeks
                if week <= len(dates)
            }
    return found


@pytest.fixture
def venue(db):
    return VenueFactory(hours_confirmed_at=CONFIRMED, bank_holidays="as_usual")


def keep(venue, **given):
    given = {"weekday": 6, "opens": TWO, "closes": FOUR, "valid_from": day(2020, 1, 1)} | given
    return OpeningHours.objects.create(venue=venue, **given)


def again(venue):
    return Venue.objects.prefetch_related("opening_hours", "closures").get(pk=venue.pk)


def state(venue, when):
    return Venue.objects.with_hours_state(when).get(pk=venue.pk).hours_state


@given(
    weekday=st.integers(0, 6),
    weeks=st.sets(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1),
)
def test_hours_of_some_weeks_are_on_the_days_a_wall_calendar_shows(weekday, weeks):
    hours = OpeningHours(weekday=weekday, weeks=sorted(weeks))
    mine = {date for date in THREE_YEARS if date.weekday() == weekday and takes_place(hours, date)}
    assert mine == nth_days(weekday, weeks) & set(THREE_YEARS)


@given(start=st.sampled_from(THREE_YEARS))
def test_fortnights_continue_in_steps_of_fourteen_days_across_every_new_year(start):
    hours = OpeningHours(weekday=start.weekday(), fortnight_from=start)
    mine = [
        date
        for date in THREE_YEARS
        if date.weekday() == start.weekday() and takes_place(hours, date)
    ]
    assert mine[0] == start
    assert {later - earlier for earlier, later in itertools.pairwise(mine)} <= {14 * ONE_DAY}
    assert THREE_YEARS[-1] - mine[-1] < 14 * ONE_DAY


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    weeks=st.sampled_from([[], [1, 3], [5], [-1]]),
    start=st.none() | st.sampled_from(THREE_YEARS[:60]),
    term=st.sampled_from(["", "term", "holidays"]),
    dates=st.lists(st.sampled_from(THREE_YEARS[60:500]), min_size=12, max_size=12),
)
def test_the_database_agrees_with_a_calendar_read_by_hand(weeks, start, term, dates):
    with transaction.atomic():
        venue = VenueFactory(hours_confirmed_at=at(day(2030, 1, 1)), bank_holidays="as_usual")
        weekday = start.weekday() if start else 6
        start = None if weeks else start
        keep(venue, weekday=weekday, weeks=weeks, fortnight_from=start, term=term)
        year = SchoolYear.objects.create(
            scheme=venue.lead_scheme, starts_on=day(2025, 9, 1), ends_on=day(2026, 8, 31)
        )
        year.holidays.create(starts_on=day(2026, 4, 3), ends_on=day(2026, 4, 17))
        holidays = {day(2026, 4, 3) + number * ONE_DAY for number in range(15)}
        python = again(venue)
        for date in [*dates, day(2026, 4, 5), day(2026, 8, 30), day(2026, 9, 6), day(2026, 5, 31)]:
            recurs = date.weekday() == weekday
            if weeks:
                recurs &= date in nth_days(weekday, weeks)
            if start:
                recurs &= date >= start and (date - start).days % 14 == 0
            should = HoursState.OPEN if recurs else HoursState.CLOSED
            if recurs and term:
                if date > day(2026, 8, 31):
                    should = HoursState.NOT_CONFIRMED
                elif (date in holidays) != (term == "holidays"):
                    should = HoursState.CLOSED
            assert state(venue, at(date)) == should, date
            assert bool(open_until(python, at(date))) == (should == HoursState.OPEN), date
            assert bool(perhaps_on(python, date)) == (should == HoursState.NOT_CONFIRMED), date
        transaction.set_rollback(True)


def test_the_next_opening_is_the_next_matching_sunday(venue):
    keep(venue, weeks=[1, 3])
    there = again(venue)
    assert next_opening(there, at(day(2026, 12, 6), 17)) is None  # more than a fortnight ahead
    assert next_opening(there, at(day(2026, 12, 10))) == at(day(2026, 12, 20), 14)
    assert open_until(there, at(day(2026, 12, 20))) == at(day(2026, 12, 20), 16)
    assert not never_closes(there, at(day(2026, 12, 20)))


def test_the_night_of_the_last_saturday_runs_on_through_the_clock_change(venue):
    keep(venue, weekday=5, weeks=[-1], opens=datetime.time(22), closes=datetime.time(3))
    last = day(2026, 10, 31)
    assert state(venue, at(last + ONE_DAY, 2)) == HoursState.OPEN
    assert state(venue, at(day(2026, 10, 25), 2)) == HoursState.CLOSED
    spring = day(2026, 3, 28)  # the clocks go forward in this night
    assert state(venue, at(spring + ONE_DAY, 2, 30)) == HoursState.OPEN
    assert open_until(again(venue), at(spring, 23)) == at(spring + ONE_DAY, 3)


def test_hours_by_appointment_without_times_never_count_as_open(venue):
    for weekday in range(7):
        keep(venue, weekday=weekday, opens=None, closes=None, by_appointment=True)
    for hour in (0, 9, 15, 23):
        assert state(venue, at(day(2026, 12, 2), hour)) == HoursState.CLOSED
    there = again(venue)
    assert hours_on(there, day(2026, 12, 2)) == []
    assert next_opening(there, at(day(2026, 12, 2))) is None
    assert days_ahead(there, at(day(2026, 12, 2)))[0].hours == ["by appointment: ring first"]
    assert week_as_read(there, day(2026, 12, 2)).startswith("every day by appointment: ring first")


def test_term_time_hours_are_not_confirmed_while_no_term_dates_are_known_and_it_says_why(venue):
    keep(venue, weekday=2, term="term")
    wednesday = day(2026, 12, 2)
    assert state(venue, at(wednesday)) == HoursState.NOT_CONFIRMED
    assert state(venue, at(wednesday, 17)) == HoursState.CLOSED
    ahead = days_ahead(again(venue), at(wednesday))[0]
    assert ahead.hours == ["14:00 to 16:00 if it is term time"]
    assert ahead.note == "not confirmed: we do not have the school term dates"
    assert week_as_read(again(venue), wednesday).startswith(
        "Monday and Tuesday closed; Wednesday 14:00 to 16:00 in term time;"
    )


def test_certain_hours_beside_those_of_an_unknown_term_are_open(venue):
    keep(venue, weekday=2)
    keep(venue, weekday=2, opens=FOUR, closes=datetime.time(18), term="holidays")
    assert state(venue, at(day(2026, 12, 2), 15)) == HoursState.OPEN
    assert state(venue, at(day(2026, 12, 2), 17)) == HoursState.NOT_CONFIRMED
    assert open_until(again(venue), at(day(2026, 12, 2))) == at(day(2026, 12, 2), 16)


def test_the_dates_of_the_smallest_area_around_a_venue_come_before_those_of_its_scheme(venue):
    keep(venue, weekday=2, term="holidays")
    scheme, wednesday = venue.lead_scheme, day(2026, 12, 23)
    years = {"starts_on": day(2026, 9, 1), "ends_on": day(2027, 8, 31)}
    SchoolYear.objects.create(scheme=scheme, **years)
    SchoolYear.objects.create(scheme=SchemeFactory(), **years).holidays.create(
        starts_on=wednesday, ends_on=wednesday
    )
    assert state(venue, at(wednesday)) == HoursState.CLOSED  # another scheme's are no matter
    boundary = MultiPolygon(venue.point.buffer(2000), srid=27700)
    local = SchoolYear.objects.create(
        scheme=scheme,
        area=Area.objects.create(code="E10000001", name="Here", kind="county", boundary=boundary),
        **years,
    )
    local.holidays.create(starts_on=wednesday, ends_on=wednesday)
    assert state(venue, at(wednesday)) == HoursState.OPEN
    assert hours_on(again(venue), wednesday)


def test_hours_of_different_weeks_terms_or_fortnights_do_not_overlap(venue):
    keep(venue, weeks=[1, 3])
    keep(venue, weeks=[2], closes=datetime.time(18))
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(venue, weeks=[3, 4])
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(venue)
    keep(venue, weeks=[4])
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(venue, weeks=[-1])
    keep(venue, weekday=1, fortnight_from=day(2026, 12, 8))
    keep(venue, weekday=1, fortnight_from=day(2026, 12, 29))
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(venue, weekday=1, fortnight_from=day(2027, 1, 5))
    keep(venue, weekday=2, term="term")
    keep(venue, weekday=2, term="holidays", closes=datetime.time(18))


def test_the_terms_of_many_venues_are_fetched_with_their_hours(venue, django_assert_num_queries):
    for other in (venue, VenueFactory(lead_scheme=venue.lead_scheme), VenueFactory()):
        for weekday in range(5):
            keep(other, weekday=weekday, term="term")
    with django_assert_num_queries(3):
        for each in Venue.objects.prefetch_related("opening_hours", "closures"):
            days_ahead(each, timezone.now())
