"""Hours written for OpenStreetMap, which our own reader reads back; and the officers' download."""

import csv
import datetime
from dataclasses import dataclass, field
from io import StringIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signposting.written_hours import WrittenHours
from tests.factories import OfficerFactory, VenueFactory
from venues.actions.closures import Days
from venues.closing import effect_of
from venues.hours.model import BANK_HOLIDAY, LONDON, BankHolidays
from venues.hours.osm import as_osm
from venues.hours.reading import read_hours
from venues.models import OpeningHours, Venue

TODAY = datetime.date(2026, 11, 27)
LONG_AGO = datetime.date(2020, 1, 1)
NINE, NOON, FIVE, TWO = (datetime.time(hour) for hour in (9, 12, 17, 2))


class Rows(list):
    """Stands for a related manager that has fetched its rows."""

    def all(self):
        return self


@dataclass
class Place:
    """What `as_osm` reads of a venue."""

    opening_hours: Rows
    bank_holidays: str = "closed"
    closures: Rows = field(default_factory=Rows)

    def get_bank_holidays_display(self):
        return BankHolidays(self.bank_holidays).label


def row(weekday, opens=NINE, closes=FIVE, **more):
    return OpeningHours(weekday=weekday, opens=opens, closes=closes, valid_from=LONG_AGO, **more)


def written(*rows, **more):
    return as_osm(Place(Rows(rows), **more), TODAY)


@pytest.mark.parametrize(
    ("rows", "more", "text"),
    [
        ([row(day) for day in range(5)], {}, "Mo-Fr 09:00-17:00; PH off"),
        ([row(6, weeks=[1, 3])], {}, "Su[1,3] 09:00-17:00; PH off"),
        ([row(4, FIVE, TWO, weeks=[-1])], {}, "Fr[-1] 17:00-02:00; PH off"),
        (
            [row(6, NINE, NOON), row(6, NOON, FIVE, weeks=[1])],
            {"bank_holidays": "not_known"},
            "Su 09:00-12:00, Su[1] 12:00-17:00; PH unknown",
        ),
        ([row(2, term="term")], {"bank_holidays": "as_usual"}, "We 09:00-17:00; SH off"),
        (
            [row(0), row(5, None, None, by_appointment=True)],
            {"bank_holidays": "as_usual"},
            'Mo 09:00-17:00; Sa unknown "by appointment"',
        ),
        (
            [row(day, datetime.time(0), datetime.time(0)) for day in range(7)],
            {"bank_holidays": "as_usual"},
            "24/7",
        ),
        ([row(0), row(BANK_HOLIDAY)], {"bank_holidays": "own_hours"}, "Mo,PH 09:00-17:00"),
        ([row(0, season_from=401, season_to=930)], {}, "Apr 01-Sep 30 Mo 09:00-17:00; PH off"),
        ([], {}, ""),
    ],
)
def test_hours_are_written_in_openstreetmaps_notation(rows, more, text):
    assert written(*rows, **more) == text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [row(1, fortnight_from=datetime.date(2026, 12, 8))],
            "Tuesday 09:00 to 17:00, every other Tuesday from 8 December 2026",
        ),
        ([row(1), row(2, term="term")], "Wednesday 09:00 to 17:00 in term time"),
        ([row(2, term="holidays")], "Wednesday 09:00 to 17:00 in school holidays"),
    ],
)
def test_hours_that_openstreetmap_cannot_express_become_a_comment_in_words(rows, words):
    text = written(*rows)
    assert text.startswith('"')
    assert text.endswith('"')
    assert words in text


RECURRENCE = st.sampled_from([[], [], [1, 3], [2], [-1]])
DAYS = st.dictionaries(
    st.integers(0, 6),
    st.tuples(st.sampled_from([(NINE, NOON), (FIVE, TWO), (None, None)]), RECURRENCE),
    min_size=1,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DAYS, st.sampled_from(["", "term"]), st.sampled_from(["closed", "as_usual", "not_known"]))
def test_hours_written_for_openstreetmap_are_read_back_unchanged(days, term, bank_holidays):
    rows = [
        row(day, *span, weeks=weeks, term=term, by_appointment=span[0] is None)
        for day, (span, weeks) in days.items()
    ]
    read = read_hours(written(*rows, bank_holidays=bank_holidays), TODAY)
    assert not read.unread
    assert set(read.intervals) == {
        (each.weekday, each.opens, each.closes, tuple(each.weeks), None, term, each.by_appointment)
        for each in rows
    }
    assert read.bank_holidays == ("closed" if bank_holidays == "closed" else None)


@pytest.mark.django_db
def test_officers_download_hours_that_the_imports_read(client):
    user = OfficerFactory(role="officer").user
    venue = VenueFactory(lead_scheme=user.officer_roles.get().scheme, bank_holidays="closed")
    for day in range(5):
        OpeningHours.objects.create(
            venue=venue, weekday=day, opens=NINE, closes=FIVE, valid_from=LONG_AGO, term="term"
        )
    client.force_login(user)
    answer = client.get(reverse("admin:venues_venue_export"))
    (found,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    lines = next(value for name, value in found.items() if name.lower() == "opening hours")
    assert lines == "Monday to Friday 09:00–17:00 term time only"
    assert len(read_hours(lines).intervals) == 5
    assert "Mo-Fr 09:00-17:00; SH off; PH off" in found.values()


def test_a_helpline_that_is_open_in_term_time_is_neither_called_open_nor_closed():
    assert not WrittenHours("Mon-Fri 9am-5pm term time only").is_read
    assert not WrittenHours("by appointment").is_read
    sundays = WrittenHours("1st Sunday 9am-5pm")
    assert sundays.until(datetime.datetime(2026, 12, 6, 10, tzinfo=LONDON)).hour == 17
    assert sundays.until(datetime.datetime(2026, 12, 13, 10, tzinfo=LONDON)) is None


@pytest.mark.django_db
def test_a_closure_is_not_compared_with_unknown_hours():
    venue = VenueFactory()
    OpeningHours.objects.create(
        venue=venue, weekday=2, opens=NINE, closes=FIVE, valid_from=LONG_AGO, term="term"
    )
    there = Venue.objects.prefetch_related("opening_hours", "closures").get()
    wednesday = datetime.date(2026, 12, 2)
    (effect,) = effect_of([there], [Days(wednesday, wednesday)])
    assert effect.changes == ["Wednesday 2 December: closed, usually not known"]
