"""What search engines are told of."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import SchemeFactory, UserFactory
from venues.actions import hide_scheme
from venues.models import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://places.example"
    cache.clear()


def addresses(client):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    return re.findall(r"<loc>https://places.example(.*?)</loc>", answer.content.decode())


def test_it_lists_the_finder_the_schemes_and_the_places_listed_today(client, place):
    scheme = SchemeFactory(slug="havens")
    venue = place(scheme=scheme)
    found = addresses(client)
    for path in ("/", "/map/", "/schemes/", "/schemes/havens/", f"/venues/{venue.slug}/"):
        assert path in found
    assert not [path for path in found if "portal" in path or "sticker" in path]


def test_area_only_suspended_and_hidden_ones_are_left_out(client, place):
    area_only = place(listing="area_only")
    suspended = place("Suspended")
    hidden = SchemeFactory(slug="hidden")
    hidden_place = place("Hidden", scheme=hidden)
    SignUp.objects.filter(venue=suspended).update(state=SignUp.State.SUSPENDED)
    hide_scheme(hidden, by=UserFactory())
    found = addresses(client)
    for venue in (area_only, suspended, hidden_place):
        assert f"/venues/{venue.slug}/" not in found
    assert "/schemes/hidden/" not in found


def test_robots_lead_to_it_and_it_sets_no_cookie(client, place):
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://places.example/sitemap.xml" in robots
    answer = client.get("/sitemap.xml")
    assert not answer.cookies
    assert "max-age=30" in answer["Cache-Control"]


def test_it_uses_a_constant_number_of_queries(client, place):
    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            addresses(client)
        return len(caught)

    place("One")
    few = (count(), count())[1]
    for number in range(5):
        place(f"More {number}")
    assert count() == few <= 10
