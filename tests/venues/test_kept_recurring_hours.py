"""Kept listings of hours of some weeks, fortnights and school terms agree with the live rule."""

import datetime
from bisect import bisect_right

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import SignUpFactory
from venues.hours.model import HoursState
from venues.kept import rebuild
from venues.models import KeptMark, KeptVenue, OpeningHours, SchoolYear, Venue

ONE_DAY = datetime.timedelta(days=1)


def listed(*rows):
    sign_up = SignUpFactory(approved=True, listed=True, venue__bank_holidays="as_usual")
    venue, today = sign_up.venue, timezone.localdate()
    OpeningHours.objects.filter(venue=venue).delete()
    for weekday in range(7):
        for row in rows:
            start = row.get("fortnight_from")
            row = {"opens": datetime.time(9), "closes": datetime.time(17), **row}
            if start:
                row["fortnight_from"] = today - (today.weekday() - weekday + start) * ONE_DAY
            OpeningHours.objects.create(
                venue=venue, weekday=weekday, valid_from=datetime.date(2020, 1, 1), **row
            )
    Venue.objects.filter(pk=venue.pk).update(
        hours_confirmed_at=timezone.now() + datetime.timedelta(days=60)
    )
    return venue


def kept_state(venue, when):
    return state_at(KeptVenue.objects.get(venue=venue), when)


def state_at(kept, when):
    if bisect_right(kept.edges, when) % 2:
        return HoursState.OPEN
    return HoursState.NOT_CONFIRMED if bisect_right(kept.doubt, when) % 2 else HoursState.CLOSED


ROWS = [
    {"weeks": [1, 3]},
    {"weeks": [-1], "closes": datetime.time(2), "opens": datetime.time(20)},
    {"fortnight_from": 7},
    {"fortnight_from": 14, "closes": datetime.time(2), "opens": datetime.time(20)},
    {"term": "term"},
    {"term": "holidays", "weeks": [2, 4, -1]},
    {"opens": None, "closes": None, "by_appointment": True},
]


def differences(rows_by_venue):
    """(row, moment, live state) of the coming fortnight where kept and live state differ.

    One query per moment answers for all venues: building the live rule takes most of the time.
    """
    kept = {row.venue_id: row for row in KeptVenue.objects.all()}
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for hour in range(2, 14 * 24, 11):
        when = midnight + datetime.timedelta(hours=hour)
        live = Venue.objects.with_hours_state(when).in_bulk([venue.pk for venue in rows_by_venue])
        assert len(live) == len(rows_by_venue)
        for venue, row in rows_by_venue.items():
            if live[venue.pk].hours_state != state_at(kept[venue.pk], when):
                yield row, when, live[venue.pk].hours_state


@pytest.mark.django_db
@pytest.mark.parametrize("known", [0, 5, 60])
def test_kept_hours_agree_with_the_live_rule_through_the_fortnight(known):
    """Each row of hours at a venue of its own, in a scheme that knows `known` days of terms."""
    today = timezone.localdate()
    rows_by_venue = {listed(row): row for row in ROWS}
    if known:
        for venue in rows_by_venue:
            year = SchoolYear.objects.create(
                scheme=venue.lead_scheme, starts_on=today - ONE_DAY, ends_on=today + known * ONE_DAY
            )
            year.holidays.create(starts_on=today + 2 * ONE_DAY, ends_on=today + 4 * ONE_DAY)
    rebuild()
    assert list(differences(rows_by_venue)) == []


@pytest.mark.django_db(transaction=True)
def test_a_school_holiday_entered_today_is_in_the_finder_at_once():
    venue, today = listed({"term": "term"}), timezone.localdate()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    rebuild()
    assert kept_state(venue, noon) == HoursState.NOT_CONFIRMED
    with transaction.atomic():
        year = SchoolYear.objects.create(scheme=venue.lead_scheme, starts_on=today, ends_on=today)
    assert kept_state(venue, noon) == HoursState.OPEN
    with transaction.atomic():
        holiday = year.holidays.create(starts_on=today, ends_on=today)
    assert not KeptMark.objects.exists()
    assert kept_state(venue, noon) == HoursState.CLOSED
    with transaction.atomic():
        holiday.delete()
    assert kept_state(venue, noon) == HoursState.OPEN
