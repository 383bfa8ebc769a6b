"""Helplines: each nation sees its own, and one council cannot change another's."""

import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from common.jinja import macros
from geography.models import Area, Postcode
from signposting.helplines import answers_at, lines_of
from signposting.models import Service
from tests.factories import SchemeFactory, UserFactory
from tests.signposting.conftest import HERE
from venues.hours.model import LONDON
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


WEDNESDAY_NOON = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("answers", "when", "moment", "is_open"),
    [
        ("always", "", WEDNESDAY_NOON.replace(hour=3), True),
        ("daytime", "", WEDNESDAY_NOON, True),
        ("daytime", "", WEDNESDAY_NOON.replace(hour=17), False),
        ("daytime", "", WEDNESDAY_NOON.replace(day=6), False),  # a Saturday
        ("daytime", "Every day 8am to 10pm", WEDNESDAY_NOON.replace(day=6, hour=21), True),
        ("evenings", "", WEDNESDAY_NOON, False),
        ("evenings", "", WEDNESDAY_NOON.replace(hour=18), True),
        ("evenings", "", WEDNESDAY_NOON.replace(hour=3), False),
        ("evenings", "Monday to Sunday 22:00 to 06:00", WEDNESDAY_NOON.replace(hour=3), True),
    ],
)
def test_a_line_is_open_by_its_written_hours_or_else_only_when_that_is_certain(
    answers, when, moment, is_open
):
    assert answers_at(Service(answers=answers, when=when), moment) is is_open


def test_lines_that_do_not_answer_now_follow_without_a_button():
    asleep = Service(name="Asleep", what_for="Later.", number="01632 960101", answers="evenings")
    awake = Service(name="Awake", what_for="Now.", number="01632 960102", answers="always")
    drawn = macros("signposting/helplines.html").rows(lines_of([asleep, awake], [], WEDNESDAY_NOON))
    assert drawn.index("Awake") < drawn.index("They do not answer now") < drawn.index("Asleep")
    assert drawn.count('class="pill"') == 2  # Awake and the police
