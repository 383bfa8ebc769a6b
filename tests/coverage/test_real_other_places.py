"""Lists that councils and the NHS publish, as found."""

import pytest
from django.core.management import call_command

from coverage.models import OtherPlace, OtherPlaceHours
from geography.models import Postcode

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]


@pytest.fixture
def run(real_data, capsys):
    def run(command, path, **options):
        call_command(command, str(real_data / path), **options)
        return capsys.readouterr().out

    return run


def test_southamptons_libraries_import_with_their_hours(run):
    run("import_postcodes", "postcodes/code_point_open_2025_so.csv")
    said = run("import_other_places", "venues/libraries_southampton_city_council.csv", source="l")
    assert "11 rows read, 11 spaces (11 new, 0 changed, 0 as before), 11 with hours." in said
    bitterne = OtherPlace.objects.get(name="Bitterne")
    assert (bitterne.kind, bitterne.postcode) == ("library", "SO18 5EG")
    assert bitterne.point == Postcode.objects.get(postcode="SO18 5EG").point
    assert [str(each) for each in bitterne.hours.all()][:2] == [
        "Monday 10:00-19:00",
        "Tuesday 10:00-16:00",
    ]
    again = run("import_other_places", "venues/libraries_southampton_city_council.csv", source="l")
    assert "(0 new, 0 changed, 11 as before)" in again


def test_manchesters_pharmacies_report_the_one_unreadable_day(run):
    """Manchester's postcodes are not in the test data, so each row gets one: only the hours can
    fail.
    """
    path = "venues/greater_manchester_pharmacies.csv"
    Postcode.objects.create(postcode="M1 1AD", outward="M1", quality=90)
    with pytest.raises(Exception, match="no row could be read"):
        run("import_other_places", path, source="p")
    Postcode.objects.create(
        postcode="BL3 1SX", outward="BL3", quality=10, point="SRID=27700;POINT(372000 408000)"
    )
    said = run("import_other_places", path, source="p")
    assert "631 rows read, 1 spaces (1 new" in said
    assert "Row 3: the postcode BL3 2QS is not known here." in said
    other_place = OtherPlace.objects.get()
    assert (other_place.reference, other_place.kind) == ("FM664", "pharmacy")
    assert other_place.hours.count() == 11


def test_englands_pharmacies_are_read_without_a_header(run, real_data, tmp_path):
    whole = (real_data / "venues/nhs_pharmacies_england_2020.csv").read_text(encoding="utf-8")
    path = tmp_path / "some.csv"
    path.write_text("\n".join(whole.splitlines()[:1000]), encoding="utf-8")
    said = run("import_other_places", path, source="nhs", dry_run=True)
    assert "1,000 rows read, 1,000 spaces" in said
    assert "has no header; its columns were taken to be: reference, name, address 1" in said


def test_the_isle_of_mans_spaces_are_read_from_openstreetmap(run):
    said = run("import_other_places", "venues/isle_of_man_osm_food_and_drink.geojson", source="osm")
    assert "362 rows read, 353 spaces" in said
    assert OtherPlace.objects.filter(kind="pub").count() > 20
    assert OtherPlaceHours.objects.count() > 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("messy/not-a-csv.csv", "is a ZIP archive"),
        ("messy/democracy-counts-utf-16le.csv", "UTF-16"),
        ("messy/small-files-nearly_empty.csv", "a header and no rows"),
    ],
)
def test_files_that_are_not_lists_are_refused(run, path, words):
    with pytest.raises(Exception, match=words):
        run("import_other_places", path, source="messy")
