"""Officers enter school terms in the admin or a pack; the places that depend on them say so."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.factories import OfficerFactory, SchemeFactory, VenueFactory
from tests.venues.portal import managed_sign_up
from venues.hours.model import LONDON, HoursState
from venues.models import Event, OpeningHours, SchoolYear, Venue
from venues.packs import export_scheme, load_pack
from venues.work_queue import queues

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime.date(2026, 12, 23)


@pytest.fixture
def officer(client):
    user = OfficerFactory(role="officer").user
    client.force_login(user)
    return user


def scheme_of(officer):
    return officer.officer_roles.get().scheme


def place(scheme, **more):
    venue = VenueFactory(
        lead_scheme=scheme, hours_confirmed_at=datetime.datetime(2030, 1, 1, tzinfo=LONDON)
    )
    OpeningHours.objects.create(
        venue=venue,
        weekday=2,
        opens=datetime.time(9),
        closes=datetime.time(17),
        term="term",
        valid_from=datetime.date(2020, 1, 1),
        **more,
    )
    return venue


def state(venue):
    noon = datetime.datetime.combine(WEDNESDAY, datetime.time(12), LONDON)
    return Venue.objects.with_hours_state(noon).get(pk=venue.pk).hours_state


def form(scheme, *holidays, starts="2026-09-01", ends="2027-08-31"):
    data = {
        "scheme": scheme.pk,
        "area": "",
        "starts_on": starts,
        "ends_on": ends,
        "holidays-TOTAL_FORMS": len(holidays),
        "holidays-INITIAL_FORMS": 0,
    }
    for number, (first, last) in enumerate(holidays):
        data |= {f"holidays-{number}-starts_on": first, f"holidays-{number}-ends_on": last}
    return data


ADD = "admin:venues_schoolyear_add"


def test_an_officer_enters_a_school_year_and_the_hours_are_known_at_once(client, officer):
    scheme = scheme_of(officer)
    venue = place(scheme)
    assert state(venue) == HoursState.NOT_CONFIRMED
    answer = client.post(reverse(ADD), form(scheme, ("2026-12-21", "2027-01-01")))
    assert answer.status_code == 302, answer.context["errors"]
    assert state(venue) == HoursState.CLOSED
    SchoolYear.objects.get().holidays.all().delete()
    assert state(venue) == HoursState.OPEN
    assert Event.objects.filter(kind="venues.scheme_changed", scheme=scheme).exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ends": "2036-08-31"}, "more than a year"),
        ({"ends": "2026-08-31"}, "The last day is before the first"),
        ({"holiday": ("2025-12-21", "2026-01-01")}, "not in the school year"),
        ({"holiday": ("2027-01-01", "2026-12-21")}, "The last day is before the first"),
    ],
)
def test_an_impossible_school_year_is_refused_in_words(client, officer, more, words):
    holiday = more.pop("holiday", ("2026-12-21", "2027-01-01"))
    page = client.post(reverse(ADD), form(scheme_of(officer), holiday, **more))
    assert words in page.text
    assert not SchoolYear.objects.exists()


def test_the_same_days_cannot_be_entered_twice(client, officer):
    scheme = scheme_of(officer)
    client.post(reverse(ADD), form(scheme))
    page = client.post(reverse(ADD), form(scheme, starts="2027-08-31", ends="2028-08-01"))
    assert "are here already" in page.text
    assert SchoolYear.objects.count() == 1


def test_another_schemes_terms_are_neither_seen_nor_changed(client, officer):
    theirs = SchoolYear.objects.create(
        scheme=SchemeFactory(), starts_on=WEDNESDAY, ends_on=WEDNESDAY
    )
    change = reverse("admin:venues_schoolyear_change", args=[theirs.pk])
    assert client.get(change).status_code == 302
    assert "1 school" not in client.get(reverse("admin:venues_schoolyear_changelist")).text
    page = client.post(reverse(ADD), form(theirs.scheme))
    assert page.status_code == 200
    assert SchoolYear.objects.count() == 1


def test_officers_are_asked_for_term_dates_that_hours_depend_on(officer):
    scheme = scheme_of(officer)
    queue = next(each for each in queues() if each.key == "school_terms")
    assert queue.rows(officer, timezone.now(), 8) == []
    place(scheme)
    place(scheme)
    place(SchemeFactory())
    (row,) = queue.rows(officer, timezone.now(), 8)
    assert row.scheme == scheme.name
    assert "The hours of 2 places depend on them" in row.rule
    today = timezone.localdate()
    SchoolYear.objects.create(
        scheme=scheme, starts_on=today, ends_on=today + datetime.timedelta(days=60)
    )
    assert queue.rows(officer, timezone.now(), 8) == []


def test_the_venue_reads_why_its_hours_are_not_confirmed(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    page = reverse("edit_hours", args=[sign_up.pk])
    data = {"lines-0": "Mon–Fri 9am–3pm term time only", "bank_holidays": "closed"}
    client.post(reverse("change_hours", args=[sign_up.pk]), data)
    assert "has not entered the school term dates yet" in client.get(page).text
    today = timezone.localdate()
    SchoolYear.objects.create(scheme=sign_up.venue.lead_scheme, starts_on=today, ends_on=today)
    assert "has not entered" not in client.get(page).text


def test_a_pack_carries_the_school_terms_of_its_scheme():
    scheme = SchemeFactory(slug="mine", draft=True, checks={}, numbers={})
    year = SchoolYear.objects.create(
        scheme=scheme, starts_on=datetime.date(2026, 9, 1), ends_on=datetime.date(2027, 8, 31)
    )
    year.holidays.create(starts_on=WEDNESDAY, ends_on=datetime.date(2027, 1, 4))
    written = export_scheme(scheme)
    again = load_pack(written, name="Another", slug="another")
    assert export_scheme(again) == written.replace('"mine"', '"another"').replace(
        f'"{scheme.name}"', '"Another"'
    )
    assert again.school_years.get().holidays.get().ends_on == datetime.date(2027, 1, 4)
    with pytest.raises(Refused, match="not in the school year"):
        load_pack(written.replace("2026-12-23", "2025-12-23"), name="Third", slug="third")
