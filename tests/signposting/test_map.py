"""The list of all places, and the map's data."""

import json
import time

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geography.models import Area
from signposting.geojson import clusters_of
from signposting.map_views import read_view
from tests.signposting.conftest import HERE
from venues.models import Scheme

pytestmark = pytest.mark.django_db


def test_the_list_works_without_a_map_and_is_grouped_by_town(client, place):
    place("Zebra House", town="Alphaton")
    place("Apple House", town="Betaton")
    page = client.get("/map/").content.decode()
    assert page.index("Alphaton") < page.index("Zebra House") < page.index("Betaton")
    assert "open day and night" in page
    assert "2 of 2 places open" in " ".join(page.split())
    assert "<script src=" not in page.partition("<template")[0]


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
    first, second = features(client, zoom=18)
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
    area = outlined("X1", "Exampleshire", "other", 900)
    assert features(client, "areas") == []
    Scheme.objects.filter(pk=venue.lead_scheme_id).update(area=area)
    [feature] = features(client, "areas")
    assert feature["properties"]["name"] == "Exampleshire"
    assert feature["properties"]["kind"] == "district"


def test_the_newest_wards_are_drawn_once_zoomed_in_far_enough(client, db):
    cache.clear()
    outlined("E1", "Exampleshire", "district", 9000, vintage=2025)
    outlined("W1", "Harbour", "ward", 900, vintage=2025)
    outlined("W1", "Old Harbour", "ward", 900, vintage=2019)
    outlined("W2", "Elsewhere", "ward", 900, vintage=2025, east=90_000)
    names = [each["properties"]["name"] for each in features(client, "areas", zoom=13)]
    assert names == ["Exampleshire", "Harbour"]
    far = [each["properties"]["name"] for each in features(client, "areas", zoom=7)]
    assert far == ["Exampleshire"]
    assert "max-age=3600" in client.get("/map/areas.geojson")["Cache-Control"]


def test_an_outline_has_no_more_corners_than_are_visible(client, db):
    cache.clear()
    circle = HERE.buffer(5000, quadsegs=500)
    Area.objects.create(
        code="E1", name="Round", kind="district", boundary=MultiPolygon(circle, srid=27700)
    )
    [far], [near] = features(client, "areas", zoom=8), features(client, "areas", zoom=14)
    assert corners(far) < 40 < corners(near) < 300


def corners(feature):
    return len(feature["geometry"]["coordinates"][0])


# Views and clusters


BOX = "-1.3,50.9,-1.25,50.95"  # around HERE


def features(client, what="places", zoom=14, box=BOX):
    answer = client.get(f"/map/{what}.geojson", {"zoom": zoom, "box": box})
    assert answer.status_code == 200
    return json.loads(answer.content)["features"]


def outlined(code, name, kind, metres, vintage=None, east=0):
    x, y = HERE.x + east, HERE.y
    square = Polygon.from_bbox((x - metres, y - metres, x + metres, y + metres))
    boundary = MultiPolygon(square, srid=27700)
    return Area.objects.create(code=code, name=name, kind=kind, vintage=vintage, boundary=boundary)


def test_places_that_would_overlap_are_one_marker_with_their_number(client, place):
    place("One", metres=0)
    place("Two", metres=40, hours=None)
    place("Three", metres=2000)
    far = features(client, zoom=9)
    assert [each["properties"] for each in far] == [{"count": 3, "open": 2}]
    [two, one] = features(client, zoom=14)
    assert two["properties"] == {"count": 2, "open": 1}
    assert "id" not in two
    assert one["properties"]["name"] == "Three"
    near = features(client, zoom=18)
    assert {each["properties"]["name"] for each in near} == {"One", "Two", "Three"}


def test_only_places_of_the_view_are_sent(client, place):
    place("Here")
    place("Far off", metres=60_000)
    names = [each["properties"]["name"] for each in features(client)]
    assert names == ["Here"]


@pytest.mark.parametrize(
    "asked",
    [
        {"zoom": "18", "box": "-1.2712345,50.9312345,-1.2711111,50.9313333"},
        {"zoom": "18", "box": "-1.2798,50.9202,-1.2602,50.9398"},
    ],
)
def test_a_view_is_rounded_so_that_its_url_reveals_little(client, asked):
    view = read_view(asked)
    assert (view.west, view.south, view.east, view.north) == (-1.28, 50.92, -1.26, 50.94)


def test_a_large_box_is_answered_for_a_smaller_zoom():
    view = read_view({"zoom": "18", "box": "-8,50,2,60"})
    assert view.zoom < 10


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"zoom": "nan", "box": BOX},
        {"zoom": "99", "box": BOX},
        {"zoom": "9", "box": "1,2,3"},
        {"zoom": "9", "box": "-1,50,-2,51"},
        {"zoom": "9", "box": "inf,inf,inf,inf"},
        {"zoom": "9", "box": "100,50,110,51"},
        {"zoom": "9", "box": "," * 5000},
    ],
)
def test_an_odd_view_shows_all_of_britain(client, asked):
    assert read_view(asked).west == -9
    assert client.get("/map/places.geojson", asked).status_code == 200


def test_ten_thousand_places_are_clustered_in_one_pass():
    rows = [
        (number, "open", Point(440_000 + number % 100 * 90, 110_000 + number // 100 * 90))
        for number in range(10_000)
    ]
    started = time.perf_counter()
    made = clusters_of(rows, 1000)
    assert time.perf_counter() - started < 2
    assert sum(len(each.keys) for each in made) == 10_000
    assert len(made) < 200


def test_a_view_uses_a_constant_number_of_queries(client, place):
    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            features(client, zoom=18)
        return len(caught)

    place("One")
    few = (count(), count())[1]
    for number in range(4):
        place(f"More {number}", metres=200 * number)
    assert count() == few
    assert few <= 14  # half of them the cache


def test_maps_begin_with_the_settings_of_django_leaflet(client, db):
    page = client.get("/map/").content.decode()
    config = json.loads(page.partition('id="map-config"')[2].partition(">")[2].partition("<")[0])
    assert config["djoptions"]["layers"] == []  # no tiles unless they are set
    assert config["djoptions"]["extent"] == [[48.5, -12.0], [62.0, 4.5]]
    assert config["words"]["zoomIn"] == "Zoom in"
    parts = page.partition("<template")[2].partition("</template>")[0]
    assert "leaflet/leaflet.extras.js" in parts


def test_a_place_has_a_page_with_its_week(client, place):
    venue = place(toilet=True, quiet=None, listener=True)
    page = client.get(f"/venues/{venue.slug}/").content.decode()
    assert "<title>Exampleton Library</title>" in page
    assert "all day and night" in page
    assert "Mon " in page
    assert "Somebody to listen" in page
    assert "sam@example.org" not in page


def test_an_answer_offers_its_map_in_place_with_the_point_in_the_page_alone(client, here, place):
    place()
    page = client.post("/", {"location": "ZZ1 1AA"}).content.decode()
    button = page.partition("data-map-of-answer")[2].partition("</button>")[0]
    assert "50.93" in button
    assert "Show on map" in button
    assert "?" not in button.partition("data-you")[0]
    part = client.get("/map/part/")
    assert "data-map" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not part.cookies
