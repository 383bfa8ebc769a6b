"""Whatever stands behind an address: an answer, never a fault of ours."""

from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import User
from tests.common.test_request_guard import filled
from tests.house.chain import address, make_chain
from tests.house.test_access import ROUTES

pytestmark = pytest.mark.django_db
ODD = [
    "",
    "²",
    "-1",
    "nan",
    "1e400",
    "9223372036854775808",
    "99999999999999999999999",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "null",
    "[]",
    "' OR 1=1 --",
    "a\r\nb",
    "\u202e\ud7ff",
    "x" * 3000,
]
NAMES = [
    *("q", "p", "o", "x", "page", "all", "scheme", "module", "venue", "place", "places", "gap"),
    *("candidates", "area", "within", "at", "day", "week", "from", "to", "year", "quarter", "next"),
    *("copy", "sign_up", "id", "owner", "drawn_area", "kind", "state", "session", "code", "picks"),
    *(
        "term",
        "app_label",
        "model_name",
        "field_name",
        "_to_field",
        "_popup",
        "_changelist_filters",
    ),
    *("created_at__gte", "id__exact", "scheme__id__exact", "pk__in", "enrolled_at__year"),
    *("at__year", "at__month", "starts_at__year", "due_on__gte", "opened_at__isnull", "is_active"),
]
READABLE = [route for route, _view in ROUTES if "(?P<" not in route]


@pytest.fixture
def chain(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_chain()


def queries():
    """Odd values behind every name that a page of ours or a filter reads, each time others."""
    for turn in range(0, len(ODD), 4):
        values = ODD[turn:] + ODD[:turn]
        yield "&".join(
            f"{name}={quote(values[place % len(values)])}" for place, name in enumerate(NAMES)
        )


def asked_by(user):
    browser = Client(raise_request_exception=False)
    if user:
        browser.force_login(user)
    return browser


def whoever_asks(part, chain):
    """Somebody who gets as far as anybody does there."""
    if part == "admin":
        return User.objects.create_superuser("root@example.org")
    return chain["user"] if part == "portal" else None


@pytest.mark.parametrize("part", ["public", "portal", "admin"])
def test_no_parameter_makes_a_page_fail(chain, part):
    browser = asked_by(whoever_asks(part, chain))
    failed = []
    for route in READABLE:
        first = route.split("/")[0]
        if (first if first in ("portal", "admin") else "public") != part:
            continue
        page = filled(route) if part == "public" else address(route, chain)
        if browser.get(page).status_code not in (200, 400):
            continue  # it takes no parameters, or is only posted to
        for query in queries():
            if browser.get(f"{page}?{query}").status_code >= 500:
                failed.append(f"{page}?{query[:60]}")
    assert failed == []


@pytest.mark.parametrize(
    "page",
    [
        "/admin/autocomplete/",
        "/admin/autocomplete/?app_label=venues",
        "/admin/autocomplete/?app_label=venues&model_name=nothing&field_name=x&term=a",
        "/admin/autocomplete/?app_label=venues&model_name=signup&field_name=nothing",
        "/admin/training/enrolment/?enrolled_at__year=9223372036854775808",
        "/admin/training/enrolment/?enrolled_at__year=99999999999999999999",
        "/admin/training/enrolment/?enrolled_at__gte=9999-99-99",
        "/admin/training/enrolment/?enrolled_at__year=0",
        "/admin/venues/venue/?p=99999999999999999999&o=99999.-1",
        "/admin/venues/venue/99999999999999999999/change/",
        "/admin/venues/venue/%C2%B2/change/",
        "/admin/accounts/user/1/change/?_to_field=",
    ],
)
def test_nobody_in_the_admin_meets_a_fault(page):
    browser = asked_by(User.objects.create_superuser("root@example.org"))
    assert browser.get(page).status_code < 500


@pytest.mark.parametrize(
    "page",
    [
        "/stickers/%00/",
        "/venues/a%00b/",
        "/certificates/AAAA%00/",
        "/map/?page=99999999999999999999999",
        "/map/?page=%00",
        "/training/sessions/99999999999999999999/",
        "/coverage/?within=nan",
        "/photos/99999999999999999999/",
        "/%ff%fe",
    ],
)
def test_no_address_of_the_public_makes_a_fault(page):
    assert asked_by(None).get(page).status_code < 500


@pytest.mark.parametrize(
    "sent",
    [
        {"latitude": "nan", "longitude": "nan"},
        {"latitude": "1e400", "longitude": "0"},
        {"area": "99999999999999999999"},
        {"venue": "\u0000"},
    ],
)
def test_no_question_to_the_finder_makes_a_fault(sent):
    assert asked_by(None).post("/", sent).status_code < 500
