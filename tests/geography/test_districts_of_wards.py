"""Importing a council's wards also creates its district."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.importers.areas import import_areas
from geography.importers.population import import_population
from geography.models import Area, PopulationPoint
from geography.rules import locate

pytestmark = pytest.mark.django_db


def test_a_district_is_drawn_from_imported_wards(tmp_path):
    wards = [
        ward("E05000001", "West", (400000, 100000, 401000, 101000)),
        ward("E05000002", "East", (401000, 100000, 402000, 101000)),
    ]
    summary = import_areas(written(tmp_path, wards))
    district = Area.objects.get(code="E07000094")
    assert (district.name, district.kind, district.vintage) == ("Winchester", "district", 2024)
    assert district.boundary.area == pytest.approx(2_000_000)
    assert "Winchester (E07000094)" in str(summary)
    assert "Districts" not in str(import_areas(written(tmp_path, wards))), "again: no change"


def test_an_official_district_is_never_overwritten(tmp_path):
    box = MultiPolygon(Polygon.from_bbox((400000, 100000, 405000, 105000)), srid=27700)
    Area.objects.create(
        code="E07000094", name="Official", kind="district", vintage=2024, boundary=box
    )
    import_areas(written(tmp_path, [ward("E05000001", "West", (400000, 100000, 401000, 101000))]))
    assert Area.objects.get(code="E07000094").name == "Official"


def ward(code, name, box):
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {
            "WD24CD": code,
            "WD24NM": name,
            "LAD24CD": "E07000094",
            "LAD24NM": "Winchester",
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def written(folder, wards):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    path = folder / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": wards}))
    return path


def test_a_search_by_an_areas_name_starts_where_its_people_are(tmp_path):
    """Whichever of the two files comes first."""
    for number, x in enumerate((400_250, 400_450)):
        PopulationPoint.objects.create(
            code=f"E0100000{number}",
            kind="lsoa",
            vintage=2021,
            people=100 + 200 * number,
            point=Point(x, 100_500, srid=27700),
        )
    wards = [ward("E05000001", "West", (400000, 100000, 401000, 101000))]
    import_areas(written(tmp_path, wards))
    assert locate("West").point.coords == (400_400, 100_500)
    assert locate("Winchester").point.coords == (400_400, 100_500)
    PopulationPoint.objects.all().delete()
    table = "code,people,easting,northing\nE01000009,50,400900,100100\n"
    (tmp_path / "people.csv").write_text(table)
    import_population(tmp_path / "people.csv", year=2021)
    assert locate("Winchester").point.coords == (400_900, 100_100)
