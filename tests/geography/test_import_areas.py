import gzip
import json

import pytest
from django.core.management import CommandError

from geography.models import Area

from .conftest import BOW_TIE, collection, square, ward

pytestmark = pytest.mark.django_db
SHIRLEY = ward(
    "E05015498", "Shirley", square(-1.43, 50.92), LAD25CD="E06000045", LAD25NM="Southampton"
)


def refusal(run, path, **options):
    with pytest.raises(CommandError) as refused:
        run("import_areas", path, **options)
    assert not Area.objects.exists()
    return str(refused.value)


def test_code_name_year_and_parent_columns_are_detected(run, made):
    said = run("import_areas", made("wards.geojson", collection(SHIRLEY)))

    area = Area.objects.get(kind="ward")
    assert (area.code, area.name, area.kind, area.vintage) == (
        "E05015498",
        "Shirley",
        "ward",
        2025,
    )
    assert (area.parent_code, area.parent_name) == ("E06000045", "Southampton")
    assert area.boundary.srid == 27700
    assert 439_000 < area.boundary.centroid.x < 441_000
    assert said.startswith("1 rows read, 1 kept (1 new, 0 changed, 0 as before).")


@pytest.mark.parametrize(
    ("column", "kind", "year"),
    [
        ("OA11CD", "oa", 2011),
        ("LSOA21CD", "lsoa", 2021),
        ("MSOA21CD", "msoa", 2021),
        ("WD13CD", "ward", 2013),
        ("LAD24CD", "district", 2024),
        ("CTY23CD", "county", 2023),
        ("PCON24CD", "other", 2024),
    ],
)
def test_kind_and_year_follow_from_the_column_name(run, made, column, kind, year):
    feature = SHIRLEY | {"properties": {column: "X1"}}
    run("import_areas", made("a.geojson", collection(feature)))
    area = Area.objects.get()
    assert (area.kind, area.vintage, area.name) == (kind, year, "X1")


def test_columns_kind_and_year_can_be_given(run, made):
    feature = SHIRLEY | {"properties": {"ref": 7, "title": "Old Town"}}
    path = made("own.geojson", collection(feature))
    run("import_areas", path, code="ref", name="title", kind="drawn", year=2026)
    area = Area.objects.get()
    assert (area.code, area.name, area.kind, area.vintage) == ("7", "Old Town", "drawn", 2026)


def test_a_blank_welsh_name_is_ignored_and_a_real_one_kept(run, made):
    english = ward("E05000001", "Bassett", square(-1.4, 50.9), WD25NMW=" ")
    welsh = ward("W05000001", "Anglesey", square(-4.4, 53.2), WD25NMW="Ynys Môn")
    run("import_areas", made("a.geojson", collection(english, welsh)))
    assert list(Area.objects.values_list("name_alt", flat=True)) == ["Ynys Môn", ""]


def test_importing_again_changes_nothing(run, made):
    path = made("wards.geojson.gz", gzip.compress(json.dumps(collection(SHIRLEY)).encode()))
    run("import_areas", path)
    first = Area.objects.get(kind="ward")
    said = run("import_areas", path)
    assert "(0 new, 0 changed, 1 as before)" in said
    assert Area.objects.get(kind="ward") == first


def test_a_changed_name_updates_the_area(run, made):
    run("import_areas", made("a.geojson", collection(SHIRLEY)))
    pk = Area.objects.get(kind="ward").pk
    renamed = ward("E05015498", "Shirley West", square(-1.43, 50.92))
    assert "1 changed" in run("import_areas", made("b.geojson", collection(renamed)))
    assert Area.objects.get(pk=pk).search_name == "shirley west"


def test_one_code_in_two_years_makes_two_areas(run, made):
    run("import_areas", made("a.geojson", collection(SHIRLEY)))
    old = ward("E05015498", "Shirley", square(-1.43, 50.92), year=13)
    run("import_areas", made("b.geojson", collection(old)))
    assert sorted(Area.objects.filter(kind="ward").values_list("vintage", flat=True)) == [
        2013,
        2025,
    ]
    assert Area.objects.of("ward", 2013).count() == 1


def test_areas_without_a_year_are_not_duplicated(run, made):
    feature = SHIRLEY | {"properties": {"ref": "7"}}
    path = made("own.geojson", collection(feature))
    run("import_areas", path, code="ref")
    assert "(0 new" in run("import_areas", path, code="ref")
    assert Area.objects.get().vintage is None


def test_a_self_intersecting_boundary_is_repaired_and_reported(run, made):
    said = run("import_areas", made("a.geojson", collection(ward("E05000002", "Knot", BOW_TIE))))
    assert "repaired: Knot (E05000002)" in said
    assert Area.objects.get().boundary.valid


def test_a_boundary_without_an_area_is_refused_by_name(run, made):
    flat = [[-1.4, 50.9], [-1.4, 50.9], [-1.4, 50.9], [-1.4, 50.9]]
    said = refusal(run, made("a.geojson", collection(SHIRLEY, ward("E05000002", "Flat", flat))))
    assert "Flat (E05000002)" in said


def test_an_exact_duplicate_is_skipped_and_two_boundaries_are_refused(run, made):
    other = ward("E05015498", "Shirley", square(-1.5, 50.9))
    assert "Shirley (E05015498) more than once" in refusal(
        run, made("a.geojson", collection(SHIRLEY, other))
    )
    assert "1 skipped: the same area again." in run(
        "import_areas", made("b.geojson", collection(SHIRLEY, SHIRLEY))
    )


def test_grid_coordinates_are_read_when_the_file_declares_them(run, made):
    ring = [[440000, 110000], [441000, 110000], [441000, 111000], [440000, 110000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    run("import_areas", made("a.geojson", collection(ward("E05000003", "Grid", ring), crs=crs)))
    assert Area.objects.get().boundary.extent == (440000, 110000, 441000, 111000)


SWAPPED = [[y, x] for x, y in square(-1.43, 50.92)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.geojson is empty."),
        (b"foo,bar\n", "is no GeoJSON file"),
        (b"PK\x03\x04", "is a ZIP archive"),
        ('{"type": "Feature"}'.encode("utf-16"), "is not UTF-8 text"),
        (b'{"features": [{"name": "\xe9"}]}', "is not UTF-8 text"),
        ('{"type": "Topology", "objects": {}}', "is TopoJSON"),
        (json.dumps(collection(SHIRLEY, SHIRLEY))[:-200], "is cut off or damaged after feature 1"),
        (json.dumps(collection(SHIRLEY))[:-1], "is cut off or damaged after feature 1"),
        (gzip.compress(json.dumps(collection(SHIRLEY)).encode())[:-30], "is cut off or damaged"),
        (collection(), "has no features"),
        (collection({"type": "Point"}), "feature 1: this is no GeoJSON feature."),
        (collection(SHIRLEY | {"properties": None}), "no column of codes"),
        (collection(SHIRLEY | {"geometry": None}), "Shirley (E05015498)): it has no Polygon"),
        (collection(ward("E05", "Swapped", SWAPPED)), "outside the United Kingdom"),
        (collection(ward("E05", "Open", square(-1, 51)[:-1])), "a ring that is not closed"),
        (collection(ward("E05", "Words", [["a", "b"]] * 4)), "a corner that is not two numbers"),
        (collection(SHIRLEY, ward("", "No code", square(-1, 51))), "feature 2: it has no code"),
        (collection(SHIRLEY, crs={"name": "EPSG:3857"}), "a coordinate system other than"),
        ('{"features": [' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_an_invalid_file_is_refused_in_one_sentence(run, made, content, sentence):
    said = refusal(run, made("a.geojson", content))
    assert sentence in said
    assert said.endswith("Nothing was changed.")


def test_a_nul_in_a_name_does_no_harm(run, made):
    run("import_areas", made("a.geojson", collection(ward("E05000009", "A\0B\tC", square(-1, 51)))))
    assert Area.objects.get().name == "AB\tC"
