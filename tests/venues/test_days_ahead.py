"""The next seven days as they will be, with closures, bank holidays and "cannot help"."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import VenueFactory
from tests.venues.portal import managed_sign_up
from venues.hours.model import BANK_HOLIDAY, LONDON
from venues.hours.timetable import bank_holidays_in_words, days_ahead, week_as_read
from venues.models import Closure, OpeningHours

pytestmark = pytest.mark.django_db
NINE, FIVE = datetime.time(9), datetime.time(17)
FRIDAY = datetime.date(2026, 11, 27)
CHRISTMAS_WEEK = datetime.date(2026, 12, 24)


def at(hour, minute=0, day=FRIDAY):
    return datetime.datetime.combine(day, datetime.time(hour, minute), LONDON)


@pytest.fixture
def venue():
    venue = VenueFactory(bank_holidays="closed")
    for day in range(5):
        open_on(venue, day, NINE, FIVE)
    return venue


def open_on(venue, day, opens, closes, **more):
    return OpeningHours.objects.create(
        venue=venue,
        weekday=day,
        opens=opens,
        closes=closes,
        valid_from=datetime.date(2026, 1, 1),
        **more,
    )


def said(venue, when):
    return [(day.label, day.hours, day.note) for day in days_ahead(venue, when)]


def test_the_days_are_dated_and_start_today(venue):
    days = said(venue, at(10))
    assert days[0] == ("Today, Friday 27 November", ["09:00 to 17:00"], "")
    assert days[1] == ("Saturday 28 November", ["closed"], "")
    assert days[6][0] == "Thursday 3 December"
    assert len(days) == 7


def test_todays_closure_shows_today(venue):
    Closure.objects.create(venue=venue, starts_on=FRIDAY, ends_on=FRIDAY, note="Burst pipe")
    assert said(venue, at(10))[0] == ("Today, Friday 27 November", ["closed"], "Burst pipe")


def test_different_hours_on_a_date_show_on_that_date(venue):
    tuesday = FRIDAY + datetime.timedelta(days=4)
    Closure.objects.create(
        venue=venue, starts_on=tuesday, ends_on=tuesday, opens=NINE, closes=datetime.time(12)
    )
    assert said(venue, at(10))[4] == ("Tuesday 1 December", ["09:00 to 12:00"], "not as usual")


def test_cannot_help_until_three_leaves_the_rest_of_today(venue):
    venue.unavailable_until = at(15)
    assert said(venue, at(10))[0][1:] == (["15:00 to 17:00"], "cannot help until 15:00")
    assert said(venue, at(10))[3][1:] == (["09:00 to 17:00"], "")


def test_cannot_help_until_tomorrow_morning_closes_only_today(venue):
    venue.unavailable_until = at(6, day=FRIDAY + datetime.timedelta(days=1))
    assert said(venue, at(10))[0][1:] == (["closed"], "cannot help")
    assert said(venue, at(10))[1][1:] == (["closed"], "")


def test_an_already_closed_day_gets_no_note_about_helping(venue):
    venue.unavailable_until = at(6, day=FRIDAY + datetime.timedelta(days=3))
    assert said(venue, at(10))[3][1:] == (["09:00 to 17:00"], "")
    assert said(venue, at(10))[1][1:] == (["closed"], "")


def test_an_expired_cannot_help_is_not_shown(venue):
    venue.unavailable_until = at(9)
    assert said(venue, at(10))[0][1:] == (["09:00 to 17:00"], "")


def test_bank_holidays_show_on_their_days(venue):
    days = said(venue, at(10, day=CHRISTMAS_WEEK))
    assert [each[1:] for each in days[:5]] == [
        (["09:00 to 17:00"], ""),
        (["closed"], "bank holiday"),  # Friday 25 December
        (["closed"], ""),  # Saturday 26 December is not on the published list
        (["closed"], ""),
        (["closed"], "bank holiday"),  # Monday 28 December, its substitute day
    ]


def test_an_unanswered_bank_holiday_is_not_known(venue):
    venue.bank_holidays = "not_known"
    assert said(venue, at(10, day=CHRISTMAS_WEEK))[1][1:] == (["not known"], "bank holiday")


def test_other_hours_show_on_a_bank_holiday(venue):
    venue.bank_holidays = "own_hours"
    open_on(venue, BANK_HOLIDAY, datetime.time(10), datetime.time(14))
    assert said(venue, at(10, day=CHRISTMAS_WEEK))[1][1:] == (["10:00 to 14:00"], "bank holiday")
    assert bank_holidays_in_words(venue, FRIDAY) == "open 10:00 to 14:00"
    assert week_as_read(venue, FRIDAY) == (
        "Monday to Friday 09:00 to 17:00; Saturday and Sunday closed; "
        "bank holidays: open 10:00 to 14:00"
    )


def test_overnight_and_appointment_hours_show_on_their_days(venue):
    open_on(venue, 5, datetime.time(18), datetime.time(2))
    open_on(venue, 6, NINE, FIVE, by_appointment=True)
    days = said(venue, at(10))
    assert days[1][1] == ["18:00 to 02:00 the next day"]
    assert days[2][1] == ["09:00 to 17:00, by appointment: ring first"]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (datetime.date(2026, 3, 31), ["closed"]),
        (datetime.date(2026, 4, 1), ["10:00 to 14:00"]),
        (datetime.date(2026, 9, 30), ["10:00 to 14:00"]),
        (datetime.date(2026, 10, 1), ["closed"]),
    ],
)
def test_a_season_includes_its_first_and_last_day(day, hours):
    venue = VenueFactory(bank_holidays="as_usual")
    for weekday in range(7):
        open_on(
            venue,
            weekday,
            datetime.time(10),
            datetime.time(14),
            season_from=401,
            season_to=930,
        )
    assert days_ahead(venue, at(9, day=day))[0].hours == hours


@pytest.mark.parametrize("day", [datetime.date(2027, 3, 28), datetime.date(2026, 10, 25)])
def test_a_clock_change_does_not_shift_a_days_hours(venue, day):
    open_on(venue, 6, datetime.time(1, 30), datetime.time(4))
    venue.unavailable_until = at(2, 30, day)
    found = days_ahead(venue, at(0, 10, day))[0]
    assert found.hours == ["02:30 to 04:00"]
    assert found.note == "cannot help until 02:30"


def test_the_portal_and_the_public_page_show_the_days_ahead(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    today = timezone.localdate()
    Closure.objects.create(venue=sign_up.venue, starts_on=today, ends_on=today, note="Stocktaking")
    client.force_login(manager)
    page = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
    assert "Today, " in page
    assert "closed <small>Stocktaking</small>" in " ".join(page.split())
    assert "In a usual week:" in page
