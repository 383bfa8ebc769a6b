"""Any query string gets an answer, never a server error."""

from collections import Counter
from urllib.parse import quote

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from tests.common.test_request_guard import filled
from tests.house.chain import address
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
READS = ("__getitem__", "__contains__", "get", "getlist", "pop")
READABLE = [route for route, _view in ROUTES if "(?P<" not in route]


@pytest.fixture
def names_read(monkeypatch):
    """Names of query parameters that pages read, recorded while the test runs."""
    noted = set()

    def noting(method):
        def read(parameters, name, *more):
            noted.add(name)
            return method(parameters, name, *more)

        return read

    for each in READS:
        monkeypatch.setattr(QueryDict, each, noting(getattr(QueryDict, each)))
    return noted


def names_of_list(change_list):
    """Parameters that an admin list accepts without reading them by name."""
    for spec in change_list.filter_specs:
        yield from spec.expected_parameters()
    for each in change_list.list_filter:
        each = each[0] if isinstance(each, tuple | list) else each
        yield from [f"{each}__exact", f"{each}__isnull"] if isinstance(each, str) else []
        yield from [each.parameter_name] if hasattr(each, "parameter_name") else []
    if change_list.date_hierarchy:
        yield from (f"{change_list.date_hierarchy}__{part}" for part in ("year", "month"))


def kind_of(name, change_list):
    """How an admin list handles a parameter: the same for all fields of one type."""
    first, *lookups = name.split("__")
    try:
        return (type(change_list.model._meta.get_field(first)), *lookups)
    except (AttributeError, FieldDoesNotExist):  # Not a list, or a parameter of the page itself.
        return name


def values_for(kind, met):
    """Values to send for a parameter: all of them, unless another page already read one of its
    kind.

    Where `met` counts (kind -> times read), each further name gets one value, a different one than
    the name before it.
    """
    turn = met.get(kind, 0) if met is not None else 0
    if met is not None:
        met[kind] = turn + 1
    return [ODD[turn % len(ODD)]] if turn else ODD


def queries(context, names, met):
    """One odd value for one name at a time: a refused value would hide what follows it."""
    change_list, form = context.get("cl"), context.get("adminform")
    for name in sorted(names.union(names_of_list(change_list) if change_list else ())):
        for value in values_for(kind_of(name, change_list), met):
            yield f"{name}={quote(value)}"
    if form and not context.get("original"):  # An add page takes initial values from here.
        yield from first_values(form.form.fields, met)


def first_values(fields, met):
    """For all fields of a form at once, until each has had its values."""
    values = {
        name: values_for((type(field), type(field.widget)), met) for name, field in fields.items()
    }
    for number in range(max(map(len, values.values()), default=0)):
        yield "&".join(
            f"{name}={quote(each[number % len(each)][:100])}" for name, each in values.items()
        )


def faults(browser, page, names_read, met):
    """URLs of this page that fail."""
    names_read.clear()
    answer = browser.get(page)
    if answer.status_code not in (200, 400):
        return  # Takes no parameters, or accepts only POST.
    for query in queries(answer.context or {}, set(names_read), met):
        if browser.get(f"{page}?{query}").status_code >= 500:
            yield f"{page}?{query[:200]}"


def asked_by(user):
    browser = Client(raise_request_exception=False)
    if user:
        browser.force_login(user)
    return browser


def part_of(route):
    """A part of the site for one test: "public", "portal", or an app's pages in the admin."""
    first, *rest = route.split("/")
    if first == "admin":
        return "/".join((first, *rest[:1])) if len(rest) > 2 else first
    return first if first == "portal" else "public"


def whoever_asks(part, chain):
    """A user who has access to the page."""
    if part.startswith("admin"):
        return User.objects.create_superuser("root@example.org")
    return chain["user"] if part == "portal" else None


PARTS = sorted({part_of(route) for route in READABLE})
MET = {}
"""Django's own code reads most admin parameters, in the same way for each field of a type, so not
every page needs every value there."""


@pytest.mark.parametrize("part", PARTS)
def test_no_query_parameter_makes_a_page_fail(chain, names_read, part):
    browser = asked_by(whoever_asks(part, chain))
    failed = []
    for route in READABLE:
        if part_of(route) != part:
            continue
        page = filled(route) if part == "public" else address(route, chain)
        failed += faults(browser, page, names_read, MET if part.startswith("admin") else None)
    assert failed == []


def test_the_walk_knows_the_three_parts_of_the_site():
    asked = Counter(part_of(route).split("/")[0] for route in READABLE)
    assert min(asked[part] for part in ("public", "portal", "admin")) > 20


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
def test_admin_pages_survive_odd_parameters(page):
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
def test_public_pages_survive_odd_parameters(page):
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
def test_the_finder_survives_odd_input(sent):
    assert asked_by(None).post("/", sent).status_code < 500
