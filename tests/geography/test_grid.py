import itertools
import json
import math

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from common.refusals import Refused
from geography import grid
from geography.geojson import feature, feature_collection

# Ordnance Survey's own examples, computed with the correction grid that we do without.
STATIONS = [
    (651409.903, 313177.270, 1 + 42 / 60 + 57.8663 / 3600, 52 + 39 / 60 + 28.8282 / 3600),
    (438710.908, 114792.248, -1.4504982, 50.9312782),
]


@pytest.mark.parametrize(("easting", "northing", "longitude", "latitude"), STATIONS)
def test_grid_and_degrees_agree_within_five_metres_both_ways(
    easting, northing, longitude, latitude
):
    point = grid.to_grid(longitude, latitude)
    assert math.dist(point.coords, (easting, northing)) < 5
    there = grid.to_wgs84(Point(easting, northing, srid=27700))
    assert math.dist(grid.to_grid(*there).coords, (easting, northing)) < 0.3


def test_points_are_rounded_to_a_tenth_of_a_metre():
    assert grid.grid_point(442294.1234, 112126.987).coords == (442294.1, 112127.0)


@pytest.mark.parametrize(
    ("easting", "northing"), [(0, 0), (-1, 5), (700_000, 5), (5, 1_300_000), (math.nan, 5)]
)
def test_points_off_the_grid_are_refused(easting, northing):
    assert not grid.is_on_grid(easting, northing)
    with pytest.raises(Refused):
        grid.grid_point(easting, northing)


@pytest.mark.parametrize(("longitude", "latitude"), [(0, 0), (50.9, -1.4), (2.35, 48.86)])
def test_swapped_and_foreign_degrees_are_refused(longitude, latitude):
    with pytest.raises(Refused):
        grid.to_grid(longitude, latitude)


def test_a_point_is_written_as_longitude_and_latitude():
    made = feature(Point(442294, 112126, srid=27700), {"name": "Library"}, id=7)
    assert made["type"] == "Feature"
    assert made["id"] == 7
    assert made["properties"] == {"name": "Library"}
    longitude, latitude = made["geometry"]["coordinates"]
    assert abs(longitude + 1.3996) < 0.001
    assert abs(latitude - 50.9074) < 0.001


def test_a_feature_may_have_no_geometry():
    assert feature(None)["geometry"] is None


def area_sign(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))


def test_outer_rings_are_anticlockwise_and_holes_clockwise():
    outer = ((440000, 110000), (440000, 111000), (441000, 111000), (441000, 110000))
    hole = ((440200, 110200), (440800, 110200), (440800, 110800), (440200, 110800))
    polygon = Polygon((*outer, outer[0]), (*hole, hole[0]), srid=27700)
    for geometry in (polygon, MultiPolygon(polygon, srid=27700)):
        coordinates = feature(geometry, decimals=5)["geometry"]["coordinates"]
        rings = coordinates[0] if geometry is not polygon else coordinates
        assert area_sign(rings[0]) > 0
        assert area_sign(rings[1]) < 0
        assert rings[0][0] == rings[0][-1]


def test_a_collection_is_plain_json_without_a_coordinate_system():
    collection = feature_collection([feature(Point(442294, 112126, srid=27700))])
    assert "crs" not in json.loads(json.dumps(collection))
