"""Helplines: each nation sees its own, and one council cannot change another's."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from geography.models import Area, Postcode
from signposting.models import Service
from tests.factories import SchemeFactory, UserFactory
from tests.signposting.conftest import HERE
from venues.models import Officer

pytestmark = pytest.mark.django_db
ENGLISH_LINE = "0808 2000 247"
WELSH_LINE = "0808 80 10 800"


@pytest.fixture
def national_lines():
    call_command("load_services", verbosity=0)
    Service.objects.update(confirmed_by_name="Bo", confirmed_on=timezone.localdate())


def in_nation(letter):
    square = Polygon.from_bbox((HERE.x - 900, HERE.y - 900, HERE.x + 900, HERE.y + 900))
    boundary = MultiPolygon(square, srid=27700)
    Area.objects.create(code=f"{letter}06000099", name="Here", kind="district", boundary=boundary)
    Postcode.objects.create(postcode="ZX1 1AA", outward="ZX1", point=HERE, quality=10)


@pytest.mark.parametrize(
    ("letter", "own", "others"),
    [
        ("E", ENGLISH_LINE, [WELSH_LINE, "0800 027 1234", "0808 802 1414"]),
        ("W", WELSH_LINE, [ENGLISH_LINE, "0800 027 1234", "0808 802 1414"]),
        ("S", "0800 027 1234", [ENGLISH_LINE, WELSH_LINE, "0808 802 1414"]),
        ("N", "0808 802 1414", [ENGLISH_LINE, WELSH_LINE, "0800 027 1234"]),
    ],
)
def test_a_search_shows_the_domestic_abuse_line_of_its_own_nation(
    client, national_lines, letter, own, others
):
    in_nation(letter)
    words = client.post("/", {"location": "ZX1 1AA"}).content.decode()
    assert own in words
    assert "116 123" in words
    assert not [number for number in others if number in words]


def test_the_help_page_names_the_nation_of_each_line_and_relay_uk(client, national_lines):
    words = " ".join(client.get("/help/").content.decode().split())
    assert "National Domestic Abuse Helpline (England)" in words
    assert "Live Fear Free (Wales)" in words
    assert "Victim Support (England and Wales)" in words
    assert "Samaritans" in words
    assert "18000" in words


def officer_client(client, scheme, **user):
    user = UserFactory(**user)
    Officer.objects.create(scheme=scheme, user=user, role="administrator")
    client.force_login(user)
    return client


@pytest.fixture
def without_second_factor(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactor" not in name]


def test_a_councils_administrator_sees_a_national_line_and_cannot_change_it(
    client, national_lines, without_second_factor
):
    officer_client(client, SchemeFactory())
    line = Service.objects.get(number=ENGLISH_LINE)
    address = reverse("admin:signposting_service_change", args=[line.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="number"' not in page.content.decode()
    assert client.post(address, {"number": "01632 960999"}).status_code == 403
    assert client.post(reverse("admin:unconfirm_service", args=[line.pk])).status_code == 403
    line.refresh_from_db()
    assert line.number == ENGLISH_LINE
    assert line.confirmed_on


def test_a_council_adds_its_own_lines_but_never_a_national_one(client, without_second_factor):
    scheme = SchemeFactory()
    officer_client(client, scheme)
    data = {
        "name": "Marrowby Night Line",
        "what_for": "Somebody to talk to.",
        "by": "call",
        "number": "01632 960111",
        "answers": "always",
        "order": 10,
    }
    address = reverse("admin:signposting_service_add")
    assert "This field is required" in client.post(address, data).content.decode()
    client.post(address, data | {"scheme": scheme.pk})
    assert Service.objects.get(name="Marrowby Night Line").scheme == scheme


def test_the_installations_operator_changes_a_national_line(
    client, national_lines, without_second_factor
):
    client.force_login(UserFactory(is_superuser=True))
    line = Service.objects.get(number=WELSH_LINE)
    client.post(
        reverse("admin:signposting_service_change", args=[line.pk]),
        {
            "nations": ["wales"],
            "name": line.name,
            "what_for": line.what_for,
            "by": "call",
            "number": "01632 960112",
            "answers": "always",
            "order": 10,
        },
    )
    line.refresh_from_db()
    assert (line.number, line.nations, line.confirmed_on) == ("01632 960112", ["wales"], None)
