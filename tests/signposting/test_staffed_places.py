"""Places with staff: chosen by an officer, agreed by the place, named only when nothing is open."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from signposting.actions import (
    change_staffed_place,
    confirm_staffed_place,
    unconfirm_staffed_place,
)
from signposting.models import StaffedPlace
from signposting.staffed import staffed_around
from tests.factories import SchemeFactory, UserFactory
from tests.signposting.conftest import HERE
from tests.signposting.test_answers import words
from venues.hours.model import LONDON
from venues.models import Event, Officer

pytestmark = pytest.mark.django_db
NIGHT = datetime.datetime(2026, 6, 3, 3, 0, tzinfo=LONDON)


@pytest.fixture
def hospital():
    """Agreed, open day and night, 2 km away."""
    return staffed("Royal Hospital")


def staffed(name, metres=2000, hours="day and night", is_confirmed=True, **fields):
    return StaffedPlace.objects.create(
        scheme=fields.pop("scheme", None) or SchemeFactory(),
        name=name,
        kind="hospital",
        street="Hospital Road, main entrance",
        postcode="ZZ1 1AA",
        point=Point(HERE.x + metres, HERE.y, srid=27700),
        hours=hours,
        confirmed_by_name="Ann" if is_confirmed else "",
        confirmed_on=timezone.localdate() if is_confirmed else None,
        **fields,
    )


def answer(client):
    return words(client.post("/", {"location": "ZZ1 1AA"}))


def test_it_is_named_when_no_place_is_open_near_enough(client, here, place, hospital):
    place("Shut", hours=[])
    said = answer(client)
    assert "With staff at this hour" in said
    assert "Royal Hospital Hospital Road, main entrance. Open day and night." in said
    assert "33 min" in said
    assert said.index("Open now by phone") < said.index("Royal Hospital")


def test_it_is_not_named_while_a_place_is_open_near_enough(client, here, place, hospital):
    place("Open")
    assert "Royal Hospital" not in answer(client)


def test_only_those_that_agreed_and_are_open_on_arrival_are_named():
    staffed("Agreed", metres=100)
    staffed("Not asked", is_confirmed=False)
    staffed("By day", hours="Monday to Sunday 09:00 to 17:00")
    staffed("Shuts first", hours="every day 22:00 to 03:10")
    staffed("Until four", metres=200, hours="every day 22:00 to 04:00")
    staffed("Hidden", scheme=SchemeFactory(draft=True))
    staffed("Too far", metres=30_001)
    assert [card.name for card in staffed_around(HERE, NIGHT)] == ["Agreed", "Until four"]


def test_a_change_to_what_it_agreed_to_needs_a_new_agreement(hospital):
    officer = UserFactory()
    hospital.street = "Other Road"
    change_staffed_place(hospital, ["street"], by=officer)
    hospital.refresh_from_db()
    assert hospital.confirmed_on is None
    confirm_staffed_place(hospital, name="Bo", by=officer)
    hospital.refresh_from_db()
    assert hospital.confirmed_by_name == "Bo"
    unconfirm_staffed_place(hospital, by=officer)
    with pytest.raises(Refused):
        unconfirm_staffed_place(hospital, by=officer)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)[:3]) == [
        "signposting.staffed_place_changed",
        "signposting.staffed_place_confirmed",
        "signposting.staffed_place_unconfirmed",
    ]


@pytest.fixture
def officer(client, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactor" not in name]
    scheme, user = SchemeFactory(), UserFactory()
    Officer.objects.create(scheme=scheme, user=user, role="officer")
    client.force_login(user)
    return scheme


def add(client, scheme, **fields):
    given = {
        "scheme": scheme.pk,
        "name": "Royal Hospital",
        "kind": "hospital",
        "street": "Hospital Road",
        "postcode": "zz11aa",
        "hours": "day and night",
    }
    return client.post(reverse("admin:signposting_staffedplace_add"), given | fields)


def test_an_officer_adds_one_and_says_who_agreed_and_the_finder_names_it(client, here, officer):
    add(client, officer)
    place = StaffedPlace.objects.get()
    assert (place.postcode, place.point) == ("ZZ1 1AA", HERE)
    assert "Royal Hospital" not in answer(client)
    page = client.get(reverse("admin:signposting_staffedplace_change", args=[place.pk]))
    address = reverse("admin:confirm_staffed_place", args=[place.pk])
    assert address in page.content.decode()
    client.post(address, {"name": "Sister Bo"})
    assert "Royal Hospital" in answer(client)
    client.post(reverse("admin:unconfirm_staffed_place", args=[place.pk]))
    assert "Royal Hospital" not in answer(client)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hours", "when we like", "when we like"),
        ("hours", "closed", "errornote"),
        ("postcode", "ZZ9 9ZZ", "We do not know where this postcode is"),
        ("postcode", "nonsense", "Write a whole postcode"),
    ],
)
def test_hours_and_postcodes_that_cannot_be_read_are_refused(
    client, here, officer, field, value, said
):
    page = add(client, officer, **{field: value}).content.decode()
    assert said in page
    assert not StaffedPlace.objects.exists()
