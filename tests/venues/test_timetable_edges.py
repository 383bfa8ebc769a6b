"""The timetable at its edges: the last moment, the first day, the sentence of a changed day."""

import datetime

import pytest

from tests.factories import VenueFactory
from tests.venues.test_hours_rules import FRI, MON, SAT, SUN, TUE, WED, london, open_on
from venues.hours.model import HoursState
from venues.hours.timetable import (
    bank_holidays_in_words,
    days_ahead,
    hours_on,
    lacks_term_dates,
    never_closes,
    next_opening,
    now_in_words,
    open_until,
    perhaps_on,
    season_in_words,
    spans_of_days,
    unknown_spans,
    week,
    week_as_read,
)
from venues.models import Closure, Venue

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime.date(2026, 7, 1)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def venue():
    return VenueFactory(bank_holidays="closed")


def again(venue, **changes):
    found = Venue.objects.prefetch_related("opening_hours", "closures").get(pk=venue.pk)
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def on(venue, moment):
    """The first day ahead, as (hours, note)."""
    ahead = days_ahead(venue, london(moment))[0]
    return ahead.hours, ahead.note


def test_hours_in_force_begin_on_their_first_day_and_end_before_their_last(venue):
    open_on(venue, WED, "09:00", "12:00", valid_from=WEDNESDAY, valid_to=WEDNESDAY + 7 * ONE_DAY)
    there = again(venue)
    days = [WEDNESDAY + number * 7 * ONE_DAY for number in (-1, 0, 1)]
    assert [bool(hours_on(there, day)) for day in days] == [False, True, False]
    assert [week(there, day)[WED][1] for day in days] == [
        ["closed"],
        ["09:00 to 12:00"],
        ["closed"],
    ]


def test_hours_of_a_term_nobody_entered_are_missed_only_while_they_are_in_force(venue):
    last = WEDNESDAY + 7 * ONE_DAY
    open_on(venue, WED, "09:00", "12:00", valid_from=WEDNESDAY, valid_to=last, term="term")
    open_on(venue, WED, "14:00", "16:00")  # at any time of the year
    there = again(venue)
    days = [WEDNESDAY - ONE_DAY, WEDNESDAY, last - ONE_DAY, last]
    assert [lacks_term_dates(there, day) for day in days] == [False, True, True, False]


def test_a_place_open_for_exactly_one_more_week_does_close(venue):
    for weekday in range(7):
        open_on(venue, weekday, "00:00", "00:00", valid_to=WEDNESDAY + 7 * ONE_DAY)
    there = again(venue)
    assert open_until(there, london("2026-07-01 00:00")) == london("2026-07-08 00:00")
    assert not never_closes(there, london("2026-07-01 00:00"))
    assert never_closes(there, london("2026-06-30 23:59"))
    assert now_in_words(there, HoursState.OPEN, london("2026-07-01 00:00")) == "Open until 00:00"
    assert now_in_words(there, HoursState.OPEN, london("2026-06-30 23:59")) == "Open now"


def test_a_place_that_opens_now_opens_next_another_time(venue):
    open_on(venue, WED, "09:00", "12:00")
    open_on(venue, WED, "14:00", "16:00")
    there = again(venue)
    assert next_opening(there, london("2026-07-01 08:59")) == london("2026-07-01 09:00")
    assert next_opening(there, london("2026-07-01 09:00")) == london("2026-07-01 14:00")
    assert next_opening(there, london("2026-07-01 14:00")) == london("2026-07-08 09:00")


@pytest.mark.parametrize(
    ("until", "opens"),
    [
        ("2026-07-01 07:00", "2026-07-01 14:00"),  # long over
        ("2026-07-01 13:30", "2026-07-01 14:00"),
        ("2026-07-01 14:00", "2026-07-01 14:00"),
        ("2026-07-01 15:00", "2026-07-01 15:00"),
        ("2026-07-01 16:00", "2026-07-08 09:00"),
    ],
)
def test_a_place_that_cannot_help_opens_when_it_can_again(venue, until, opens):
    open_on(venue, WED, "09:00", "12:00")
    open_on(venue, WED, "14:00", "16:00")
    there = again(venue, unavailable_until=london(until))
    assert next_opening(there, london("2026-07-01 10:00")) == london(opens)


@pytest.mark.parametrize(
    ("until", "hours", "note"),
    [
        ("2026-07-01 09:00", ["09:00 to 12:00", "14:00 to 16:00"], ""),
        ("2026-07-01 09:01", ["09:01 to 12:00", "14:00 to 16:00"], "cannot help until 09:01"),
        ("2026-07-01 12:00", ["14:00 to 16:00"], "cannot help until 12:00"),
        ("2026-07-01 15:30", ["15:30 to 16:00"], "cannot help until 15:30"),
        ("2026-07-01 16:00", ["closed"], "cannot help until 16:00"),
        ("2026-07-02 00:00", ["closed"], "cannot help"),
    ],
)
def test_what_is_left_of_today_once_it_can_help_again(venue, until, hours, note):
    open_on(venue, WED, "09:00", "12:00")
    open_on(venue, WED, "14:00", "16:00")
    there = again(venue, unavailable_until=london(until))
    assert on(there, "2026-07-01 08:00") == (hours, note)


def test_an_appointment_can_be_made_for_the_rest_of_the_day_only(venue):
    there = open_on(venue, WED, "09:00", "12:00", by_appointment=True)
    there.opens = there.closes = None
    there.save()
    asked = ["by appointment: ring first"]
    assert on(again(venue), "2026-07-01 08:00") == (asked, "")
    today = again(venue, unavailable_until=london("2026-07-01 15:00"))
    assert on(today, "2026-07-01 08:00") == (asked, "")
    later = again(venue, unavailable_until=london("2026-07-02 15:00"))
    assert on(later, "2026-07-01 08:00") == (["closed"], "cannot help")


def test_appointments_at_no_fixed_time_are_named_after_the_open_hours(venue):
    asked = open_on(venue, WED, "09:00", "10:00", by_appointment=True)
    asked.opens = asked.closes = None
    asked.save()
    open_on(venue, WED, "09:00", "12:00")
    words = ["09:00 to 12:00", "by appointment: ring first"]
    there = again(venue)
    assert on(there, "2026-07-01 08:00") == (words, "")
    assert dict(week(there, WEDNESDAY))["Wednesday"] == words


def test_hours_by_appointment_do_not_count_as_open_hours(venue):
    open_on(venue, WED, "09:00", "12:00", by_appointment=True)
    there = again(venue)
    assert hours_on(there, WEDNESDAY) == []
    assert len(hours_on(there, WEDNESDAY, by_appointment=True)) == 1
    assert on(there, "2026-07-01 08:00") == (["09:00 to 12:00, by appointment: ring first"], "")


def test_a_closure_leaves_nothing_that_may_be(venue):
    open_on(venue, WED, "09:00", "12:00", term="term")
    assert len(perhaps_on(again(venue), WEDNESDAY)) == 1
    Closure.objects.create(venue=venue, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    there = again(venue)
    assert perhaps_on(there, WEDNESDAY) == []
    assert len(perhaps_on(there, WEDNESDAY + 7 * ONE_DAY)) == 1
    assert len(perhaps_on(there, WEDNESDAY - 7 * ONE_DAY)) == 1
    assert on(there, "2026-07-01 08:00") == (["closed"], "not as usual")


def test_hours_of_an_unknown_term_are_unknown_for_as_long_as_they_may_run(venue):
    open_on(venue, WED, "22:00", "02:00", term="holidays")
    open_on(venue, WED, "09:00", "12:00", term="term", by_appointment=True)
    there = again(venue)
    night = (london("2026-07-01 22:00"), london("2026-07-02 02:00"))
    assert unknown_spans(there, WEDNESDAY, 1) == [night]
    assert unknown_spans(there, WEDNESDAY + ONE_DAY, 6) == []
    assert unknown_spans(there, WEDNESDAY, 8)[1:] == [
        (london("2026-07-08 22:00"), london("2026-07-09 02:00"))
    ]
    before = again(venue, unavailable_until=london("2026-07-02 01:59"))
    assert on(before, "2026-07-01 08:00")[0] == [
        "22:00 to 02:00 the next day if it is school holidays"
    ]
    after = again(venue, unavailable_until=london("2026-07-02 02:00"))
    assert on(after, "2026-07-01 08:00")[0] == ["closed"]


def test_a_bank_holiday_nobody_answered_for_is_unknown_with_the_night_that_may_begin_on_it(venue):
    christmas = datetime.date(2026, 12, 25)  # a Friday
    open_on(venue, FRI, "22:00", "02:00")
    open_on(venue, FRI, "10:00", "12:00")
    there = again(venue, bank_holidays="not_known")
    (span,) = unknown_spans(there, christmas, 1)
    assert span == (london("2026-12-25 00:00"), london("2026-12-26 02:00"))


def test_hours_that_meet_are_one_span_and_others_are_not(venue):
    open_on(venue, MON, "22:00", "02:00")
    open_on(venue, TUE, "02:00", "04:00")
    open_on(venue, TUE, "04:01", "05:00")
    monday = datetime.date(2026, 7, 6)
    assert spans_of_days(again(venue), monday, 2) == [
        (london("2026-07-06 22:00"), london("2026-07-07 04:00")),
        (london("2026-07-07 04:01"), london("2026-07-07 05:00")),
    ]


def test_the_seasons_of_a_weekday_are_listed_from_the_start_of_the_year(venue):
    for first, last, opens in [(401, 930, "10:00"), (1001, 331, "11:00")]:
        open_on(venue, SAT, opens, "16:00", season_from=first, season_to=last)
    open_on(venue, SUN, "12:00", "13:00", weeks=[1])
    open_on(venue, SUN, "14:00", "16:00", weeks=[2])
    there = again(venue)
    rows = dict(week(there, WEDNESDAY))
    assert rows["Saturday"] == [
        "10:00 to 16:00, from 1 April to 30 September",
        "11:00 to 16:00, from 1 October to 31 March",
    ]
    assert rows["Sunday"] == [
        "12:00 to 13:00 on the 1st Sunday of the month",
        "14:00 to 16:00 on the 2nd Sunday of the month",
    ]
    assert season_in_words(229, 1231) == "from 29 February to 31 December"


def test_a_week_is_read_out_with_its_bank_holidays(venue):
    open_on(venue, WED, "09:00", "12:00")
    assert week_as_read(again(venue), WEDNESDAY) == (
        "Monday and Tuesday closed; Wednesday 09:00 to 12:00; Thursday to Sunday closed; "
        "bank holidays: closed"
    )
    open_on(venue, 7, "10:00", "11:00")
    assert bank_holidays_in_words(again(venue), WEDNESDAY) == "closed"
    own = again(venue, bank_holidays="own_hours")
    assert bank_holidays_in_words(own, WEDNESDAY) == "open 10:00 to 11:00"
