import logging

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.models import Area, PopulationPoint, Postcode
from geography.rules import locate, location_of, normalise_postcode, search_name

pytestmark = pytest.mark.django_db


def box(west, south, size=1000):
    return MultiPolygon(Polygon.from_bbox((west, south, west + size, south + size)), srid=27700)


def area(name, west=440000, south=112000, *, kind="ward", vintage=2025, size=1000, **more):
    more.setdefault("code", f"{name}{vintage}{west}"[:20])
    return Area.objects.create(
        name=name, kind=kind, vintage=vintage, boundary=box(west, south, size), **more
    )


@pytest.fixture
def postcodes():
    for postcode, point in {
        "SO14 0AA": (442294, 112126),
        "SO14 0AB": (442300, 112200),
        "SO14 9AA": None,
        "M1 1AD": (384759, 398547),
    }.items():
        Postcode.objects.create(
            postcode=postcode,
            outward=postcode.split()[0],
            quality=10 if point else 90,
            point=point and Point(point, srid=27700),
        )


@pytest.mark.parametrize("text", ["SO14 0AA", "so140aa", " So14  0aA. ", "SO14 OAA"])
def test_a_postcode_is_found_however_it_is_typed(postcodes, text):
    place = locate(text)
    assert (place.kind, place.label, place.point.coords) == (
        "postcode",
        "SO14 0AA",
        (442294.0, 112126.0),
    )


@pytest.mark.parametrize("text", ["so14", "SO14 9ZZ", "so149zz", "SO14 9AA"])
def test_an_outward_code_or_unknown_postcode_gives_the_centre_of_its_postcodes(postcodes, text):
    place = locate(text)
    assert (place.kind, place.label, place.point.coords) == ("outward", "SO14", (442297, 112163))


def test_an_area_name_is_found_ignoring_case_accents_and_punctuation():
    area("St. Mary’s", name_alt="Sant Máire")
    for text in ("st marys", "St Mary's", "  ST.  MARY’S ", "sant maire", "Sant Máire"):
        place = locate(text)
        assert (place.kind, place.label) == ("area", "St. Mary’s")
        assert box(440000, 112000).covers(place.point)


def test_database_and_python_normalise_names_alike():
    names = ["St. Mary’s", "Ynys Môn", "Bristol, City of", "Stoke-on-Trent", "  A / B (C) ", "Ŵyre"]
    for index, name in enumerate(names):
        made = area(name, code=str(index))
        made.refresh_from_db()
        assert made.search_name == search_name(name)


def test_several_areas_of_one_name_are_offered_with_distinct_labels():
    area("Shirley", parent_name="Southampton", parent_code="E06000045")
    area("Shirley", 530000, 160000, parent_name="Croydon")
    place = locate("shirley")
    assert place.kind == "choices"
    assert place.point is None
    assert [choice.label for choice in place.choices] == [
        "Shirley, Croydon",
        "Shirley, Southampton",
    ]
    chosen = locate("Shirley, Southampton")
    assert (chosen.kind, chosen.label) == ("area", "Shirley, Southampton")
    assert location_of(Area.objects.get(pk=place.choices[1].area_id)).point == chosen.point


def test_an_older_version_of_an_area_is_not_a_second_choice():
    area("Shirley", vintage=2013)
    newer = area("Shirley", vintage=2025)
    assert locate("Shirley").area_id == newer.pk


def test_a_partial_name_is_suggested_but_never_assumed():
    area("Hull Road", parent_name="York")
    place = locate("Hull")
    assert place.kind == "choices"
    assert [choice.label for choice in place.choices] == ["Hull Road, York"]


def test_a_council_is_found_by_the_start_of_its_name():
    area("Bristol, City of", kind="district")
    assert locate("bristol").label == "Bristol, City of"


def test_the_centre_of_an_area_is_weighted_by_population():
    district = area("Winchester", kind="district", size=10_000)
    for code, x, people in [("E01000001", 441000, 300), ("E01000002", 442000, 100)]:
        PopulationPoint.objects.create(
            code=code,
            kind="lsoa",
            vintage=2021,
            people=people,
            point=Point(x, 113000, srid=27700),
        )
    assert location_of(district).point.coords == (441250, 113000)


def test_census_areas_are_not_found_by_name():
    area("Winchester 012A", kind="lsoa")
    assert locate("Winchester 012A") is None


@pytest.mark.parametrize("text", ["", " ", "x", "\0", "nowhere", "12345", "%", "É" * 5000, "''--"])
def test_an_unknown_place_is_not_found(postcodes, text):
    assert locate(text) is None


def test_a_postcode_takes_one_query_and_nothing_is_logged(
    postcodes, django_assert_num_queries, caplog
):
    with caplog.at_level(logging.INFO), django_assert_num_queries(1):
        locate("SO14 0AA")
    assert "SO14" not in caplog.text


@pytest.mark.parametrize(
    ("text", "postcode"),
    [("m11ad", "M1 1AD"), ("SW1A1AA", "SW1A 1AA"), ("", ""), ("SO14", ""), ("SO14 0AA 1", "")],
)
def test_postcodes_are_written_with_one_space(text, postcode):
    assert normalise_postcode(text) == postcode
