"""The step "Where the door is": neighbours and outlines around the pin, with and without a map."""

import json
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from geography.models import Area
from tests.factories import SignUpFactory
from tests.venues.portal import managed_sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    sign_up, manager = managed_sign_up()
    client.force_login(manager)
    sign_up.venue.point = Point(450000, 115000, srid=27700)
    sign_up.venue.save()
    return sign_up


def neighbour(name, metres, **more):
    return SignUpFactory(
        approved=True,
        listed=True,
        venue__name=name,
        venue__point=Point(450000 + metres, 115000, srid=27700),
        **more,
    )


def page_of(client, draft):
    page = client.get(reverse("edit_point", args=[draft.pk])).text
    data = re.search(r'id="pin-map-data"[^>]*>(.*?)</script>', page)[1]
    return page, json.loads(data)


def test_only_public_neighbours_are_named_nearest_first(client, draft):
    neighbour("Corner Café", 120)
    neighbour("Next Door", 20)
    neighbour("Far Library", 900)
    neighbour("Refuge", 30, venue__listing="area_only")
    neighbour("Hidden Office", 30, venue__listing="internal")
    SignUpFactory(venue__name="Draft Shop", venue__point=Point(450010, 115000, srid=27700))
    page, data = page_of(client, draft)
    assert [each["name"] for each in data["near"]] == ["Next Door", "Corner Café"]
    assert "Next Door, 1 High Street (20 m)" in " ".join(page.split())
    for name in ("Far Library", "Refuge", "Hidden Office", "Draft Shop"):
        assert name not in page


def square(name, kind, west, size, vintage):
    return Area.objects.create(
        code=f"{name}-{vintage}",
        name=name,
        kind=kind,
        vintage=vintage,
        boundary=MultiPolygon(Polygon.from_bbox((west, 100_000, west + size, 130_000)), srid=27700),
    )


def test_only_the_edges_of_districts_and_wards_near_the_pin_are_drawn(client, draft):
    square("Old Ward", "ward", 449_900, 10_000, 2011)
    square("Ward", "ward", 449_500, 10_000, 2024)
    square("District", "district", 440_000, 10_500, 2024)
    square("Around All", "county", 449_000, 10_000, 2024)
    square("Far", "ward", 470_000, 1000, 2024)
    __, data = page_of(client, draft)
    drawn = {each["properties"]["name"]: each for each in data["outlines"]["features"]}
    assert set(drawn) == {"Ward", "District"}
    latitudes = [place[1] for place in drawn["Ward"]["geometry"]["coordinates"]]
    assert max(latitudes) - min(latitudes) < 0.037  # four kilometres of the thirty


def test_without_areas_or_neighbours_the_page_is_as_simple_as_before(client, draft):
    page, data = page_of(client, draft)
    assert data["near"] == []
    assert data["outlines"]["features"] == []
    assert "Listed near here already" not in page
