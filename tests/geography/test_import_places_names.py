"""Names of places from OS Open Names; the rows are in its form, the places invented."""

import csv
import io

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError

from geography.importers.place_names import HEADER
from geography.models import Area, PlaceName
from geography.rules import locate

pytestmark = pytest.mark.django_db


def row(reference, name, local_type, x=440_500, y=110_500, **more):
    cells = dict.fromkeys(HEADER.split(), "") | {
        "ID": reference,
        "NAMES_URI": f"http://data.ordnancesurvey.co.uk/id/{reference}",
        "NAME1": name,
        "TYPE": "populatedPlace",
        "LOCAL_TYPE": local_type,
        "GEOMETRY_X": str(x),
        "GEOMETRY_Y": str(y),
        "COUNTY_UNITARY": "Northshire",
        "COUNTRY": "England",
        **more,
    }
    return list(cells.values())


def as_csv(*rows, header=False):
    file = io.StringIO()
    csv.writer(file).writerows([HEADER.split(), *rows] if header else rows)
    return file.getvalue()


TILE = [
    row("osgb1", "Marrowby", "Town", DISTRICT_BOROUGH="Marrowby"),
    row("osgb2", "Shirley", "Suburban Area", 441_000, POPULATED_PLACE="Marrowby"),
    row("osgb3", "Nant-y-Glyn", "Village", 443_000, NAME2="Brook Glen", NAME2_LANG="eng"),
    row("osgb4", "Quay Lane", "Named Road", 440_100, POPULATED_PLACE="Marrowby"),
    row("ZX11AA", "ZX1 1AA", "Postcode"),
    row("osgb5", "Marrowby", "Railway Station", 440_900, TYPE="transportNetwork"),
    row("osgb6", "Farham", "Hamlet", 520_000),
]


def names():
    return set(PlaceName.objects.values_list("name", flat=True))


def test_settlements_and_stations_become_names_that_people_can_type(run, made):
    said = run("import_places_names", made("SU40.csv", as_csv(*TILE)))
    assert "7 rows read, 5 kept (5 new" in said
    assert names() == {"Marrowby", "Shirley", "Nant-y-Glyn", "Marrowby Station", "Farham"}
    assert locate("marrowby").label == "Marrowby, Northshire"
    assert locate("shirley marrowby").label == "Shirley, Marrowby"
    assert locate("brook glen").label == "Nant-y-Glyn, Northshire"
    assert locate("Marrowby station").kind == "place"


def test_streets_are_imported_on_request(run, made):
    run("import_places_names", made("SU40.csv", as_csv(*TILE)), streets=True)
    assert locate("Quay Ln, Marrowby").label == "Quay Lane, Marrowby"


def test_only_names_in_and_near_an_area_are_kept(run, made):
    box = MultiPolygon(Polygon.from_bbox((440_000, 110_000, 442_000, 112_000)), srid=27700)
    Area.objects.create(code="E07000094", name="Exampleton", kind="district", boundary=box)
    said = run("import_places_names", made("SU40.csv", as_csv(*TILE)), area=["e07000094"])
    assert "1 skipped: more than 5 km from the areas asked for" in said
    assert "Farham" not in names()
    assert "Nant-y-Glyn" in names(), "one kilometre outside"


def test_a_folder_of_tiles_is_read_and_a_second_run_changes_nothing(run, made, tmp_path):
    for number, each in enumerate(TILE):
        made(f"tile{number}.csv", as_csv(each))
    made("OS_Open_Names_Header.csv", as_csv(header=True))
    made("readme.txt", "not a table")
    assert "(5 new" in run("import_places_names", tmp_path)
    assert "(0 new, 0 changed, 5 as before)" in run("import_places_names", tmp_path)


def test_a_renamed_or_moved_place_is_changed_and_the_others_stay(run, made):
    run("import_places_names", made("a.csv", as_csv(*TILE)))
    said = run("import_places_names", made("b.csv", as_csv(row("osgb2", "Shirleigh", "Village"))))
    assert "(0 new, 1 changed, 0 as before)" in said
    assert {"Shirleigh", "Farham"} <= names()
    assert locate("Shirleigh").label == "Shirleigh, Northshire"


def test_a_file_with_a_header_and_other_columns_is_read_by_its_titles(run, made):
    file = "NAME1,LOCAL_TYPE,GEOMETRY_Y,GEOMETRY_X,ID\nOakley,Village,110500,440500,1\n"
    run("import_places_names", made("a.csv", file))
    assert locate("oakley").point.coords == (440_500, 110_500)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3\n", "no file of OS Open Names"),
        (as_csv(row("1", "Oakley", "Village", "x")), "must be numbers"),
        (as_csv(row("1", "Oakley", "Village", 0, 0)), "no point of the British National Grid"),
        (as_csv(row("1", "", "Village")), "no ID or no NAME1"),
        (as_csv(row("1", "Oakley", "Village"), ["1", "2"]), "row 2"),
        (as_csv(row("1", "ZX1 1AA", "Postcode")), "no name of a place to take"),
        (as_csv(row("1", "Oakley", "Village")).encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_changes_nothing(run, made, content, words):
    run("import_places_names", made("before.csv", as_csv(*TILE)))
    before = names()
    with pytest.raises(CommandError, match=words) as refused:
        run("import_places_names", made("a.csv", content))
    assert "Nothing was changed" in str(refused.value)
    assert names() == before


def test_an_area_that_is_not_imported_and_an_empty_folder_are_refused(run, made, tmp_path):
    file = made("a.csv", as_csv(*TILE))
    with pytest.raises(CommandError, match="No area with the code E07"):
        run("import_places_names", file, area=["E07"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="has no CSV files"):
        run("import_places_names", tmp_path / "empty")
