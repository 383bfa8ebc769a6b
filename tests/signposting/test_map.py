"""The list of all places, and the map's data."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.cache import cache

from geography.models import Area
from tests.signposting.conftest import HERE
from venues.models import Scheme

pytestmark = pytest.mark.django_db


def test_the_list_works_without_a_map_and_is_grouped_by_town(client, place):
    place("Zebra House", town="Alphaton")
    place("Apple House", town="Betaton")
    page = client.get("/map/").content.decode()
    assert page.index("Alphaton") < page.index("Zebra House") < page.index("Betaton")
    assert "Open now, day and night" in page
    assert "<script src=" not in page


def test_map_data_are_geojson_in_degrees_to_a_metre(client, place):
    place()
    response = client.get("/map/places.geojson")
    assert response["Content-Type"] == "application/geo+json"
    data = json.loads(response.content)
    assert "crs" not in data
    [feature] = data["features"]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert -1.4 < longitude < -1.2
    assert 50.8 < latitude < 51
    assert len(str(longitude).split(".")[1]) <= 5
    assert feature["properties"]["state"] == "open"
    assert set(feature["properties"]) == {
        *("name", "town", "kind", "state", "hours", "exact", "schemes")
    }


def test_an_area_only_place_is_drawn_at_its_grid_square_not_its_door(client, place):
    place("A", listing="area_only", metres=100)
    place("B", listing="area_only", metres=130)
    first, second = json.loads(client.get("/map/places.geojson").content)["features"]
    assert first["geometry"] == second["geometry"]
    assert not first["properties"]["exact"]


def test_unchanged_data_are_not_sent_again(client, place):
    place()
    etag = client.get("/map/places.geojson")["ETag"]
    again = client.get("/map/places.geojson", headers={"if-none-match": etag})
    assert again.status_code == 304
    place("New", metres=500)
    cache.clear()
    changed = client.get("/map/places.geojson", headers={"if-none-match": etag})
    assert changed.status_code == 200


def test_nothing_is_cached_for_a_minute_or_more(client, place):
    venue = place()
    for path in ("/map/", "/map/places.geojson", f"/venues/{venue.slug}/"):
        assert "max-age=30" in client.get(path)["Cache-Control"]


def test_the_areas_of_visible_schemes_are_outlined(client, place):
    venue = place()
    square = Polygon.from_bbox((HERE.x - 900, HERE.y - 900, HERE.x + 900, HERE.y + 900))
    area = Area.objects.create(
        code="X1", name="Exampleshire", kind="district", boundary=MultiPolygon(square, srid=27700)
    )
    assert json.loads(client.get("/map/areas.geojson").content)["features"] == []
    Scheme.objects.filter(pk=venue.lead_scheme_id).update(area=area)
    [feature] = json.loads(client.get("/map/areas.geojson").content)["features"]
    assert feature["properties"] == {"name": "Exampleshire"}


def test_a_place_has_a_page_with_its_week(client, place):
    venue = place(toilet=True, quiet=None, listener=True)
    page = client.get(f"/venues/{venue.slug}/").content.decode()
    assert "<title>Exampleton Library</title>" in page
    assert "all day and night" in page
    assert "Mon " in page
    assert "Somebody to listen" in page
    assert "sam@example.org" not in page
