"""The 168 hours of a week equal 168 single moments, and both match the database."""

import datetime
import random
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from coverage.sums import Question, measure, measure_week, ordinary_week
from coverage.sums.moments import hours_of_week
from coverage.sums.reach import covered
from coverage.sums.timetables import NOT_CONFIRMED, OPEN
from coverage.sums.venues import venues_near
from venues.hours.model import BankHolidays, HoursState
from venues.models import Closure, OpeningHours, SchoolYear, Venue

from .town import DISTRICT, PEOPLE, at, make_town, member

pytestmark = pytest.mark.django_db
ORDINARY = datetime.date(2026, 11, 16)
SKIPPED_HOUR = datetime.date(2026, 3, 23)
REPEATED_HOUR = datetime.date(2026, 10, 19)
BANK_HOLIDAYS = datetime.date(2026, 12, 21)
WEEKS = [ORDINARY, SKIPPED_HOUR, REPEATED_HOUR, BANK_HOLIDAYS]
TERMS = ["", "", "", "term", "holidays"]
WEEKS_OF_MONTH = [[], [], [], [1, 3], [4], [-1], [2, 5]]
SEASONS = [(None, None)] * 3 + [(401, 930), (1101, 328), (1225, 1226)]


def some_time(rng):
    return datetime.time(rng.randrange(24), rng.choice([0, 0, 15, 59]))


def make_venues(rng, monday):
    """A dozen venues with every kind of opening hours, around one week."""
    for east in range(0, 3000, 250):
        confirmed = datetime.datetime.combine(monday, some_time(rng), datetime.UTC)
        stale_on_third_day = confirmed - datetime.timedelta(days=88)
        venue = member(
            east,
            bank_holidays=rng.choice(BankHolidays.values),
            division=rng.choice(Venue.Division.values),
            hours_confirmed_at=rng.choice([stale_on_third_day, confirmed, confirmed]),
        )
        for number in range(14):
            season = rng.choice(SEASONS)
            weeks = rng.choice(WEEKS_OF_MONTH) if number % 8 < 7 else []
            start = monday + datetime.timedelta(days=number % 8 - 7 * rng.randrange(4))
            is_fortnightly = number % 8 < 7 and not weeks and rng.random() < 0.2
            with suppress(IntegrityError), transaction.atomic():  # Overlaps another.
                OpeningHours.objects.create(
                    venue=venue,
                    weekday=number % 8,
                    opens=some_time(rng),
                    closes=some_time(rng),
                    season_from=season[0],
                    season_to=season[1],
                    by_appointment=rng.random() < 0.1,
                    weeks=weeks,
                    fortnight_from=start if is_fortnightly else None,
                    term=rng.choice(TERMS) if number % 8 < 7 else "",
                    valid_from=rng.choice([datetime.date(2020, 1, 1), monday]),
                    valid_to=rng.choice([None, None, monday + datetime.timedelta(days=4)]),
                )
        for _closure in range(rng.randrange(3)):
            first = monday + datetime.timedelta(days=rng.randrange(-2, 7))
            opens, closes = rng.choice([(None, None), (some_time(rng), some_time(rng))])
            Closure.objects.create(
                venue=venue, starts_on=first, ends_on=first, opens=opens, closes=closes
            )
        if rng.random() < 0.6:
            days = [monday + datetime.timedelta(days=number) for number in (-30, 1, 2, 4)]
            year = SchoolYear.objects.create(
                scheme=venue.lead_scheme, starts_on=days[0], ends_on=days[3]
            )
            year.holidays.create(starts_on=days[1], ends_on=days[2])
        if rng.random() < 0.2:
            until = confirmed + datetime.timedelta(days=2)
            by = venue.sign_ups.get().started_by
            Venue.objects.filter(pk=venue.pk).update(unavailable_until=until, unavailable_by=by)


def in_words(states):
    words = {OPEN: HoursState.OPEN, NOT_CONFIRMED: HoursState.NOT_CONFIRMED}
    return [words.get(state, HoursState.CLOSED) for state in states.tolist()]


@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_a_venue_is_open_exactly_when_the_database_says_so(monday):
    make_venues(random.Random(str(monday)), monday)
    moments = [hour for hour in hours_of_week(monday) if hour is not None]
    moments += [moments[-1] + datetime.timedelta(minutes=59, microseconds=1)]
    days = (monday, moments[-1].date())
    found = venues_near(np.array([at(1500).coords]), 5000, day=days[1], days=days)
    states = found.timetables.states(moments)
    assert states.shape == (12, len(moments))
    for index in range(0, len(moments), 4):
        database = Venue.objects.with_hours_state(moments[index]).order_by("pk")
        assert in_words(states[:, index]) == list(database.values_list("hours_state", flat=True))
    assert set(np.unique(states)) == {0, 1, 2}


@pytest.mark.parametrize("monday", WEEKS, ids=str)
def test_the_week_matches_168_single_moments(monday):
    """Each hour separately, from the arrays on; the next test asks the database for each."""
    make_town()
    make_venues(random.Random(f"again {monday}"), monday)
    week = measure_week(Question(DISTRICT, within=700), monday + datetime.timedelta(days=3))
    assert week.monday == monday
    days = (monday, monday + datetime.timedelta(days=6))
    points = np.array([at(east).coords for _name, east, *_rest in PEOPLE])
    people = np.array([people for _name, _east, people, *_rest in PEOPLE])
    found = venues_near(points, 700, day=days[0], days=days)
    for index, hour in enumerate(hours_of_week(monday)):
        if hour is None:
            assert week.people_covered[index] is week.shares[index] is None
            continue
        is_open = found.timetables.states([hour]) == OPEN
        there = covered(points, found.xy, is_open, 700)[:, 0]
        assert week.people_covered[index] == people[there].sum()
        assert week.shares[index] == people[there].sum() / 1000
    assert len(set(week.shares)) > 3
    assert [week.grid[day][hour] for day in range(7) for hour in range(24)] == week.shares


@pytest.mark.parametrize("monday", [BANK_HOLIDAYS, SKIPPED_HOUR], ids=str)
def test_chosen_hours_of_a_week_match_measuring_them_alone(monday):
    make_town()
    make_venues(random.Random(f"again {monday}"), monday)
    asked = Question(DISTRICT, within=700)
    week = measure_week(asked, monday)
    hours = hours_of_week(monday)
    for index in range(4, 168, 23):
        alone = measure(replace(asked, at=hours[index]))
        assert week.people_covered[index] == alone.people_covered
        assert week.shares[index] == alone.share
        assert week.venues[index] == alone.venues
        assert week.not_confirmed[index] == alone.not_confirmed
        assert {row.key: row.covered for row in alone.wards} == {
            code: by_hour[index] for code, by_hour in week.wards.items()
        }


def test_the_hour_skipped_by_the_clocks_has_no_figure():
    make_town()
    week = measure_week(Question(DISTRICT), SKIPPED_HOUR)
    assert [index for index, share in enumerate(week.shares) if share is None] == [6 * 24 + 1]
    assert "The clocks skip one hour of this week, which has no figure." in week.notes


def test_the_first_of_a_repeated_hour_is_used():
    hours = hours_of_week(REPEATED_HOUR)
    assert (hours[145].hour, hours[145].fold) == (1, 0)
    assert len(hours) == 168


def test_an_ordinary_week_has_no_bank_holiday_or_clock_change():
    assert ordinary_week(datetime.date(2026, 11, 21)) == datetime.date(2026, 11, 16)
    assert ordinary_week(datetime.date(2026, 12, 31)) == datetime.date(2027, 1, 4)
    last = datetime.date(2026, 12, 31)
    assert ordinary_week(last, backwards=True) == datetime.date(2026, 12, 14)
    march = datetime.date(2026, 3, 31)
    assert ordinary_week(march, backwards=True) == datetime.date(2026, 3, 16)
    sunday = datetime.date(2026, 9, 20)
    assert ordinary_week(sunday, backwards=True) == datetime.date(2026, 9, 14)
