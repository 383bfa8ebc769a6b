"""Population bases other than residents, from CSV and GeoJSON; unreadable rows are reported."""

import pytest
from django.core.management import CommandError

from geography.models import BasePoint, PopulationBase, Postcode
from tests.geography.conftest import collection, square

pytestmark = pytest.mark.django_db
STOPS = "ATCOCode,CommonName,Longitude,Latitude\n180A,The Square,-1.40,50.90\n"


def refusal(run, path, **options):
    before = list(BasePoint.objects.values())
    with pytest.raises(CommandError) as refused:
        run("import_base", path, **{"name": "Bus stops", **options})
    assert list(BasePoint.objects.values()) == before
    return str(refused.value)


def park(ring, **properties):
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_stops_become_points_of_a_named_base(run, made):
    said = run("import_base", made("s.csv", STOPS), name="Bus stops", year=2025, licence="OGL")
    base = PopulationBase.objects.get()
    assert (base.name, base.unit, base.year, base.licence) == (
        "Bus stops",
        "bus stops",
        2025,
        "OGL",
    )
    stop = base.points.get()
    assert (stop.code, stop.name, stop.people) == ("180A", "The Square", 1)
    assert 442000 < stop.point.x < 443000
    assert said == "1 row read.\nBus stops: 1 at 1 points.\n"


def test_a_column_gives_the_count_and_a_second_import_replaces_the_first(run, made):
    run("import_base", made("s.csv", STOPS), name="Bus stops")
    text = (
        "name;easting;northing;departures\nHigh Street;442000;112000;1,200\nQuay;442100;112000;x\n"
    )
    said = run("import_base", made("t.csv", text), name="Bus stops", count="Departures")
    assert [(point.name, point.people) for point in BasePoint.objects.all()] == [
        ("High Street", 1200)
    ]
    assert "Row 3: “x” is not a number." in said


def test_postcodes_are_looked_up_and_unknown_ones_reported(run, made):
    Postcode.objects.create(
        postcode="SO14 0AA", outward="SO14", quality=10, point="SRID=27700;POINT(442000 112000)"
    )
    text = "premises name,postcode\nThe Crown,so140aa\nThe Bell,SO14 9ZZ\nThe Ship,\nThe Sun,so14\n"
    said = run("import_base", made("l.csv", text), name="Late licences")
    assert BasePoint.objects.get().name == "The Crown"
    assert "Row 3: the postcode SO14 9ZZ is not known here." in said
    assert "Row 4: it has no coordinates and no postcode." in said
    assert "Row 5: “so14” is not a whole postcode." in said


def test_a_park_becomes_one_point_or_its_hectares(run, made):
    ring = square(-1.4, 50.9)
    path = made("parks.geojson", collection(park(ring, name="The Common")))
    run("import_base", path, name="Parks")
    assert BasePoint.objects.get().people == 1
    run("import_base", path, name="Parks", unit="hectares of parks", buffer=0)
    bare = BasePoint.objects.count()
    assert bare == pytest.approx(78, abs=7)  # 0.01° of longitude by 0.01° of latitude
    said = run("import_base", path, name="Parks", unit="hectares of parks", buffer=100)
    assert bare + 30 < BasePoint.objects.count() < bare + 50
    assert "Counted are hectares, 100 m around included." in said


def test_a_dry_run_reports_the_same_and_changes_nothing(run, made):
    path = made("s.csv", STOPS)
    tried = run("import_base", path, name="Bus stops", dry_run=True)
    assert not PopulationBase.objects.exists()
    done = run("import_base", path, name="Bus stops")
    assert tried == done + "This was a trial: nothing was changed.\n"


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("s.csv", "name,latitude,longitude\nA,-1.4,50.9\n", {}, "longitude and latitude are exch"),
        ("s.csv", "name,longitude,latitude\nA,2.35,48.85\n", {}, "is not in Great Britain"),
        ("s.csv", "name,longitude,latitude\nA,442000,112000\n", {}, "metres of the national grid"),
        ("s.csv", "name,longitude,latitude\nA,west,north\n", {}, "its point is not two numbers"),
        ("s.csv", "name,colour\nA,red\n", {}, "no column for coordinates or a postcode"),
        ("s.csv", "name,postcode\nA,SO14 0AA\n", {}, "bring them in first with import_postcodes"),
        ("s.csv", STOPS, {"count": "people"}, "has no column people"),
        ("s.csv", STOPS, {"buffer": 9999}, "from 0 to 5,000"),
        ("s.csv", STOPS, {"name": " "}, "Give the base a name"),
        ("s.csv", b"\x7fELF\0\0program", {}, "is not text"),
        ("s.csv", b"PK\x03\x04workbook", {}, "ZIP archive"),
        ("s.csv", b"", {}, "is empty"),
        ("s.geojson", '{"type": "FeatureCollection", "features": [{"ty', {}, "is cut off"),
        ("s.geojson", {"type": "FeatureCollection", "features": []}, {}, "has no features"),
        ("s.geojson", collection(park([[0, 51], [0, 52]])), {}, "ring that is not closed"),
        (
            "s.geojson",
            collection(crs={"properties": {"name": "EPSG:3857"}}),
            {},
            "other than WGS84",
        ),
    ],
)
def test_invalid_input_is_refused_with_a_reason(run, made, name, content, options, words):
    assert words in refusal(run, made(name, content), **options)


def test_a_file_of_200_mb_is_refused_before_it_is_read(run, made):
    path = made("s.csv", "name\n")
    with path.open("r+b") as file:
        file.truncate(200 * 1024**2)
    assert "is too big: at most 20 MB" in refusal(run, path)
