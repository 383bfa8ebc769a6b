"""Hiding a scheme removes its name from every public page at once."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from coverage.models import PublicMap
from tests.factories import ALWAYS, UserFactory
from tests.house.chain import MARK, QUARTER, address, make_chain
from tests.house.test_access import ROUTES, is_public
from venues.actions import hide_scheme
from venues.models import OpeningHours, Scheme, SchemeContact

pytestmark = pytest.mark.django_db

BY_LINK = re.compile(r"token|secret|key|<str:(?!code>)")
"""Behind these addresses stand letters to people of the scheme, who know it."""
OTHERS = ("accounts/", "demo/", "admin/", "styleguide/", "certificates/", "join/<str")
PAGES = [
    route
    for route, view in ROUTES
    if is_public(view) and not BY_LINK.search(route) and not route.startswith(OTHERS)
]


@pytest.fixture
def chain(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    things = make_chain()
    today = timezone.localdate()
    for weekday, opens, closes in ALWAYS:
        OpeningHours.objects.get_or_create(
            venue=things["venue"],
            weekday=weekday,
            opens=opens,
            closes=closes,
            defaults={"valid_from": today - datetime.timedelta(days=9)},
        )
    PublicMap.objects.create(scheme=things["scheme"], shown_by=things["officer"].user)
    SchemeContact.objects.filter(scheme=things["scheme"]).update(
        confirmed_by_name="Ada", confirmed_on=today, name=f"{MARK} line"
    )
    return things


def pages_that_name_it(client, things) -> set[str]:
    cache.clear()
    found = set()
    for route in PAGES:
        slug = things["venue"].slug if route.startswith("venues/") else "quixotic"
        words = {"slug": slug, "code": things["sticker"].code, "period": QUARTER}
        words |= {"pk": things["venue"].pk, "colour": "6b2a5b"}
        answer = client.get(address(route, things, **words))
        body = b"" if answer.streaming else answer.content
        if answer.status_code == 200 and MARK.encode() in body:
            found.add(route)
    return found


def test_no_public_page_names_a_hidden_scheme(client, chain):
    before = pages_that_name_it(client, chain)
    assert before >= {
        "map/",
        "map/places.geojson",
        "schemes/",
        "schemes/<slug:slug>/",
        "schemes/<slug:slug>/map/",
        "schemes/<slug:slug>/map/places.geojson",
        "venues/<slug:slug>/",
        "stickers/<str:code>/",
        "help/",
        "privacy/",
        "training/sessions/",
        "training/sessions/<int:session_id>/",
        "coverage/",
        "statistics/",
        "statistics/<slug:scheme>/",
    }
    hide_scheme(chain["scheme"], by=UserFactory())
    assert pages_that_name_it(client, chain) == set()


def test_no_public_page_names_a_scheme_that_is_not_open_yet(client, chain):
    Scheme.objects.filter(pk=chain["scheme"].pk).update(opened_at=None, opened_by=None)
    assert pages_that_name_it(client, chain) == set()
