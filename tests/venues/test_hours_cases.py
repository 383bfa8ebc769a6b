"""Real-world opening hours (the case files), with the right answers."""

import datetime
import json

import pytest

from coverage.importers.other_places import import_other_places
from coverage.models import OtherPlace
from tests.factories import VenueFactory
from tests.venues.test_portal_hours import kept, place, save
from venues.models import Closure, Venue

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
__all__ = ["place"]


def read_case(real_cases, name):
    return json.loads((real_cases / name).read_text(encoding="utf-8"))


def hours_of(real_cases, name):
    import_other_places(name, (real_cases / name).read_bytes(), name="Trial")
    return {
        each.name: [str(hours) for hours in each.hours.order_by("weekday", "opens")]
        for each in OtherPlace.objects.all()
    }


def test_a_cafe_typing_9_and_5_is_asked_what_it_means(client, place, real_cases):
    fields = read_case(real_cases, "501-hours-form-9-to-5.json")["fields"]
    page = save(client, place, fields)
    assert "5 in the afternoon" in page.content.decode()
    assert not kept(place)


def test_overnight_hours_survive_the_clock_change_and_a_closure(real_cases):
    case = read_case(real_cases, "512-night-hours-clock-change.json")
    night = [(day, datetime.time(22), datetime.time(3)) for day in range(7)]
    venue = VenueFactory(hours=night)
    venue.opening_hours.update(valid_from=datetime.date(2026, 1, 1))
    Venue.objects.update(
        bank_holidays="as_usual",
        hours_confirmed_at=datetime.datetime(2027, 6, 1, tzinfo=datetime.UTC),
    )

    def state(moment):
        return Venue.objects.with_hours_state(moment).get(pk=venue.pk).hours_state

    for line in case["at_utc"]:
        moment, expected = line.split()
        assert state(datetime.datetime.fromisoformat(moment)) == expected, line
    christmas = datetime.date(2026, 12, 25)
    Closure.objects.create(venue=venue, starts_on=christmas, ends_on=christmas)
    found = [
        state(datetime.datetime(2026, 12, day, hour, tzinfo=datetime.UTC))
        for day, hour in ((25, 1), (25, 12), (25, 23), (26, 1))
    ]
    assert found == ["open", "closed", "closed", "closed"]


def test_a_singular_column_name_is_read(real_cases):
    found = hours_of(real_cases, "010-opening-time-singular.csv")
    assert {name: len(hours) for name, hours in found.items()} == {
        "Mill Library": 5,
        "Weir Hall": 5,
    }


def test_an_ambiguous_twelve_hour_time_is_not_guessed(real_cases):
    assert hours_of(real_cases, "011-twelve-hour-clock.csv") == {
        "Mill Library": [],
        "Weir Hall": [],
    }


def test_individually_named_days_are_read(real_cases):
    found = hours_of(real_cases, "013-days-named-one-by-one.csv")
    mon_wed_fri = [f"{day} 10:00-14:00" for day in ("Monday", "Wednesday", "Friday")]
    assert found["Mill Library"] == found["Weir Hall"] == found["Lock House"] == mon_wed_fri
    assert found["Bridge Cafe"] == ["Tuesday 09:30-16:30", "Thursday 09:30-16:30"]
