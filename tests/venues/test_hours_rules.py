"""Each opening-hours rule, tested at a single moment."""

import datetime

import pytest

from tests.factories import SchemeFactory, UserFactory, VenueFactory
from venues.hours.model import BANK_HOLIDAY, LONDON, is_stale
from venues.hours.timetable import hours_on, never_closes, next_opening, open_until, week
from venues.models import Closure, OpeningHours, Venue

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def clock(text):
    return datetime.time.fromisoformat(text)


def london(text, fold=0):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


def open_on(venue, weekday, opens, closes, **more):
    more.setdefault("valid_from", datetime.date(2020, 1, 1))
    return OpeningHours.objects.create(
        venue=venue, weekday=weekday, opens=clock(opens), closes=clock(closes), **more
    )


def state(venue, when, fold=0):
    """The state according to the database, with hours confirmed an hour earlier."""
    when = london(when, fold)
    Venue.objects.filter(pk=venue.pk).update(hours_confirmed_at=when - datetime.timedelta(hours=1))
    return Venue.objects.with_hours_state(when).get(pk=venue.pk).hours_state


@pytest.fixture
def venue():
    return VenueFactory(bank_holidays="closed")


def test_the_opening_moment_is_open_and_the_closing_moment_is_closed(venue):
    open_on(venue, WED, "09:00", "17:00")
    assert state(venue, "2026-07-01 08:59:59.999999") == "closed"
    assert state(venue, "2026-07-01 09:00") == "open"
    assert state(venue, "2026-07-01 16:59:59.999999") == "open"
    assert state(venue, "2026-07-01 17:00") == "closed"


def test_it_is_closed_in_the_lunch_gap(venue):
    open_on(venue, WED, "09:00", "12:00")
    open_on(venue, WED, "13:00", "17:00")
    assert state(venue, "2026-07-01 12:30") == "closed"
    assert state(venue, "2026-07-01 13:00") == "open"


def test_an_overnight_interval_from_yesterday_is_open_after_midnight(venue):
    open_on(venue, FRI, "20:00", "02:00")
    assert state(venue, "2026-07-04 01:59") == "open"
    assert state(venue, "2026-07-04 02:00") == "closed"
    assert state(venue, "2026-07-03 01:00") == "closed"  # Thursday night


def test_a_sunday_night_continues_into_monday(venue):
    open_on(venue, SUN, "20:00", "03:00")
    assert state(venue, "2026-07-06 02:59") == "open"


def test_equal_times_mean_24_hours(venue):
    open_on(venue, WED, "06:00", "06:00")
    assert state(venue, "2026-07-01 06:00") == "open"
    assert state(venue, "2026-07-02 05:59") == "open"
    assert state(venue, "2026-07-02 06:00") == "closed"


def test_a_season_includes_its_first_and_last_day(venue):
    open_on(venue, WED, "09:00", "17:00", season_from=701, season_to=708)
    assert state(venue, "2026-06-24 10:00") == "closed"
    assert state(venue, "2026-07-01 10:00") == "open"
    assert state(venue, "2026-07-08 10:00") == "open"
    assert state(venue, "2026-07-15 10:00") == "closed"


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        ((401, 930), ["2026-04-01", "2026-09-30"], ["2026-03-31", "2026-10-01"]),
        ((1101, 228), ["2026-11-01", "2027-02-28"], ["2026-10-31", "2027-03-01"]),
        ((1225, 1225), ["2026-12-25"], ["2026-12-24", "2026-12-26"]),
        ((1231, 101), ["2026-12-31", "2027-01-01"], ["2026-12-30", "2027-01-02"]),
        ((229, 229), ["2028-02-29"], ["2028-02-28", "2028-03-01"]),
    ],
)
def test_a_season_applies_on_its_first_and_last_day_but_not_outside_them(
    venue, season, inside, outside
):
    Venue.objects.update(bank_holidays="as_usual")
    venue.refresh_from_db()
    for weekday in range(7):
        open_on(venue, weekday, "09:00", "17:00", season_from=season[0], season_to=season[1])
    for day in (*inside, *outside):
        is_open = day in inside
        when = london(f"{day} 10:00")
        assert state(venue, f"{day} 10:00") == ("open" if is_open else "closed"), day
        assert bool(hours_on(venue, when.date())) == is_open, day
        assert (open_until(venue, when) is not None) == is_open, day


def test_a_season_may_span_the_new_year(venue):
    open_on(venue, WED, "09:00", "17:00", season_from=1101, season_to=228)
    assert state(venue, "2026-12-30 10:00") == "open"
    assert state(venue, "2027-01-06 10:00") == "open"
    assert state(venue, "2027-03-03 10:00") == "closed"


def test_the_last_night_of_a_season_runs_to_its_end(venue):
    open_on(venue, WED, "20:00", "02:00", season_from=601, season_to=701)
    assert state(venue, "2026-07-02 01:00") == "open"


def test_by_appointment_is_not_open(venue):
    open_on(venue, WED, "09:00", "17:00", by_appointment=True)
    assert state(venue, "2026-07-01 10:00") == "closed"


def test_replaced_hours_apply_until_the_day_before_their_replacement(venue):
    open_on(venue, WED, "09:00", "17:00", valid_to=datetime.date(2026, 7, 8))
    open_on(venue, WED, "12:00", "17:00", valid_from=datetime.date(2026, 7, 8))
    assert state(venue, "2026-07-01 10:00") == "open"
    assert state(venue, "2026-07-08 10:00") == "closed"
    assert state(venue, "2026-07-08 12:00") == "open"


def test_closed_on_bank_holidays(venue):
    open_on(venue, MON, "09:00", "17:00")
    assert state(venue, "2026-05-25 10:00") == "closed"
    assert state(venue, "2026-05-18 10:00") == "open"


def test_open_as_usual_on_bank_holidays(venue):
    Venue.objects.update(bank_holidays="as_usual")
    open_on(venue, MON, "09:00", "17:00")
    assert state(venue, "2026-05-25 10:00") == "open"


def test_bank_holidays_can_have_their_own_hours(venue):
    Venue.objects.update(bank_holidays="own_hours")
    open_on(venue, MON, "09:00", "17:00")
    open_on(venue, BANK_HOLIDAY, "11:00", "15:00")
    assert state(venue, "2026-05-25 10:00") == "closed"
    assert state(venue, "2026-05-25 11:00") == "open"
    assert state(venue, "2026-05-18 10:00") == "open"


def test_unknown_bank_holiday_hours_make_the_whole_day_unconfirmed(venue):
    Venue.objects.update(bank_holidays="not_known")
    open_on(venue, MON, "09:00", "17:00")
    assert state(venue, "2026-05-25 10:00") == "not_confirmed"
    assert state(venue, "2026-05-25 23:00") == "not_confirmed"
    assert state(venue, "2026-05-18 10:00") == "open"


def test_an_overnight_interval_into_an_unknown_bank_holiday_stays_open(venue):
    Venue.objects.update(bank_holidays="not_known")
    open_on(venue, SUN, "20:00", "02:00")
    assert state(venue, "2026-05-25 01:00") == "open"
    assert state(venue, "2026-05-25 02:00") == "not_confirmed"


def test_an_overnight_interval_out_of_an_unknown_bank_holiday_is_unconfirmed_until_its_end(venue):
    Venue.objects.update(bank_holidays="not_known")
    open_on(venue, MON, "20:00", "02:00")
    assert state(venue, "2026-05-26 01:00") == "not_confirmed"
    assert state(venue, "2026-05-26 02:00") == "closed"


def test_an_overnight_appointment_interval_leaves_no_doubt(venue):
    Venue.objects.update(bank_holidays="not_known")
    open_on(venue, MON, "20:00", "02:00", by_appointment=True)
    assert state(venue, "2026-05-26 01:00") == "closed"


def test_a_closure_on_an_unknown_bank_holiday_leaves_no_doubt(venue):
    Venue.objects.update(bank_holidays="not_known")
    open_on(venue, MON, "09:00", "17:00")
    day = datetime.date(2026, 5, 25)
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day)
    assert state(venue, "2026-05-25 10:00") == "closed"


def test_each_division_has_its_own_bank_holidays(venue):
    open_on(venue, MON, "09:00", "17:00")
    assert state(venue, "2026-08-03 10:00") == "open"
    Venue.objects.update(division="scotland")
    assert state(venue, "2026-08-03 10:00") == "closed"
    assert state(venue, "2026-08-31 10:00") == "open"


def test_a_closure_applies_on_each_of_its_days(venue):
    open_on(venue, WED, "09:00", "17:00")
    open_on(venue, THU, "09:00", "17:00")
    Closure.objects.create(
        venue=venue, starts_on=datetime.date(2026, 7, 1), ends_on=datetime.date(2026, 7, 2)
    )
    assert state(venue, "2026-07-01 10:00") == "closed"
    assert state(venue, "2026-07-02 10:00") == "closed"
    assert state(venue, "2026-07-08 10:00") == "open"


def test_a_closure_cancels_its_own_night_but_not_the_night_before(venue):
    open_on(venue, TUE, "20:00", "02:00")
    open_on(venue, WED, "20:00", "02:00")
    day = datetime.date(2026, 7, 1)
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day)
    assert state(venue, "2026-07-01 01:00") == "open"
    assert state(venue, "2026-07-01 21:00") == "closed"
    assert state(venue, "2026-07-02 01:00") == "closed"


def test_other_hours_replace_the_usual_ones_past_midnight_too(venue):
    open_on(venue, WED, "09:00", "17:00")
    day = datetime.date(2026, 7, 1)
    Closure.objects.create(
        venue=venue, starts_on=day, ends_on=day, opens=clock("22:00"), closes=clock("01:00")
    )
    assert state(venue, "2026-07-01 10:00") == "closed"
    assert state(venue, "2026-07-01 22:00") == "open"
    assert state(venue, "2026-07-02 00:59") == "open"


def test_closed_takes_precedence_over_other_hours_on_the_same_day(venue):
    day = datetime.date(2026, 7, 1)
    Closure.objects.create(
        venue=venue, starts_on=day, ends_on=day, opens=clock("09:00"), closes=clock("17:00")
    )
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day)
    assert state(venue, "2026-07-01 10:00") == "closed"


def test_an_interval_that_closed_in_the_repeated_hour_stays_closed(venue):
    open_on(venue, SAT, "20:00", "01:30")
    assert state(venue, "2026-10-25 01:29") == "open"
    assert state(venue, "2026-10-25 01:30") == "closed"
    assert state(venue, "2026-10-25 01:00", fold=1) == "closed"
    assert open_until(venue, london("2026-10-25 01:00")) == london("2026-10-25 01:30")
    assert open_until(venue, london("2026-10-25 01:00", fold=1)) is None


def test_an_interval_that_opened_in_the_repeated_hour_stays_open(venue):
    open_on(venue, SUN, "01:30", "05:00")
    assert state(venue, "2026-10-25 01:00") == "closed"
    assert state(venue, "2026-10-25 01:30") == "open"
    assert state(venue, "2026-10-25 01:00", fold=1) == "open"
    assert open_until(venue, london("2026-10-25 01:00", fold=1)) == london("2026-10-25 05:00")


def test_a_night_until_two_lasts_through_the_repeated_hour(venue):
    open_on(venue, SAT, "20:00", "02:00")
    assert state(venue, "2026-10-25 01:59", fold=1) == "open"
    assert state(venue, "2026-10-25 02:00") == "closed"


def test_a_closing_time_in_the_skipped_hour_falls_when_the_clocks_change(venue):
    open_on(venue, SAT, "20:00", "01:30")
    assert state(venue, "2026-03-29 00:59") == "open"
    assert state(venue, "2026-03-29 02:00") == "closed"
    assert open_until(venue, london("2026-03-29 00:30")) == london("2026-03-29 02:00")


def test_an_opening_time_in_the_skipped_hour_is_the_first_moment_after_it(venue):
    open_on(venue, SUN, "01:30", "05:00")
    assert state(venue, "2026-03-29 02:00") == "open"
    assert next_opening(venue, london("2026-03-29 00:30")) == london("2026-03-29 02:00")


def test_an_interval_within_the_skipped_hour_never_happens(venue):
    open_on(venue, SUN, "01:15", "01:45")
    assert state(venue, "2026-03-29 02:00") == "closed"
    assert next_opening(venue, london("2026-03-29 00:30")) == london("2026-04-05 01:15")


def test_cannot_help_takes_precedence(venue):
    open_on(venue, WED, "09:00", "17:00")
    Venue.objects.update(unavailable_until=london("2026-07-01 11:00"), unavailable_by=UserFactory())
    assert state(venue, "2026-07-01 10:59") == "closed"
    assert state(venue, "2026-07-01 11:00") == "open"
    venue.refresh_from_db()
    assert next_opening(venue, london("2026-07-01 10:00")) == london("2026-07-01 11:00")


@pytest.mark.parametrize(
    ("days_ago", "expected"), [(None, "not_confirmed"), (90, "open"), (91, "not_confirmed")]
)
def test_hours_are_trusted_for_the_number_of_days_the_scheme_sets(days_ago, expected):
    venue = VenueFactory(lead_scheme=SchemeFactory(hours_valid_days=90))
    open_on(venue, WED, "09:00", "17:00")
    when = london("2026-07-01 10:00")
    confirmed = days_ago and when - datetime.timedelta(days=days_ago)
    Venue.objects.update(hours_confirmed_at=confirmed)
    assert Venue.objects.with_hours_state(when).get().hours_state == expected
    assert Venue.objects.open_at(when).exists() == (expected == "open")


def test_never_confirmed_hours_are_never_shown_as_open():
    venue = VenueFactory(
        lead_scheme=SchemeFactory(hours_valid_days=10_000), hours_confirmed_at=None
    )
    for weekday in range(7):
        open_on(venue, weekday, "00:00", "00:00")
    when = london("2026-07-01 10:00")
    assert Venue.objects.with_hours_state(when).get().hours_state == "not_confirmed"
    assert not Venue.objects.open_at(when).exists()
    assert is_stale(venue, when)


def test_cannot_help_shows_as_closed_even_when_hours_are_stale(venue):
    when = london("2026-07-01 10:00")
    Venue.objects.update(
        hours_confirmed_at=None,
        unavailable_until=when + datetime.timedelta(hours=1),
        unavailable_by=UserFactory(),
    )
    assert Venue.objects.with_hours_state(when).get().hours_state == "closed"


def test_adjacent_intervals_are_one_and_always_open_never_closes(venue):
    for weekday in range(7):
        open_on(venue, weekday, "00:00", "00:00")
    when = london("2026-07-01 10:00")
    assert never_closes(venue, when)
    OpeningHours.objects.filter(weekday=FRI).delete()
    assert open_until(venue, when) == london("2026-07-03 00:00")


def test_the_week_is_described_in_words(venue):
    open_on(venue, MON, "09:00", "12:00")
    open_on(venue, MON, "13:00", "00:00")
    open_on(venue, TUE, "00:00", "00:00")
    open_on(venue, WED, "09:00", "17:00", season_from=401, season_to=930, by_appointment=True)
    assert week(venue, datetime.date(2026, 7, 1)) == [
        ("Monday", ["09:00 to 12:00", "13:00 to midnight"]),
        ("Tuesday", ["all day and night"]),
        ("Wednesday", ["09:00 to 17:00, from 1 April to 30 September, by appointment: ring first"]),
        *((day, ["closed"]) for day in ("Thursday", "Friday", "Saturday", "Sunday")),
    ]
