"""Files that troubled users of comparable systems, and real councils' lists.

The kinds of problem are tested beside each importer without these files; this runs the files
themselves.
"""

import datetime

import pytest
from django.core.management import CommandError, call_command

from coverage.models import OtherPlace, OtherPlaceHours
from geography.models import Area, PopulationPoint, Postcode
from safespaces.imports.members import import_members
from tests.factories import OfficerFactory, SchemeFactory
from training.models import Module
from venues.models import StaffMember, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(case, capsys):
    """Run an import command on a case; returns its output, even when refused."""

    def run(command, name, **options):
        try:
            call_command(command, str(case(name)), **options)
        except CommandError as refused:
            return str(refused)
        return capsys.readouterr().out

    return run


@pytest.fixture
def other_places(run):
    return lambda name: run("import_other_places", name, source="Trial")


@pytest.fixture
def members(case):
    """Import a case as members; returns the messages."""
    scheme = SchemeFactory(earlier_records_valid_until=datetime.date(2099, 6, 30))
    Module.objects.create(slug="introductory", title="Introduction", kind="introductory", minutes=5)
    by = OfficerFactory(scheme=scheme, role="administrator").user

    def members(name):
        path = case(name)
        return str(import_members(path.name, path.read_bytes(), scheme=scheme, by=by))

    return members


@pytest.mark.parametrize(
    ("name", "how_many", "words"),
    [
        ("001-lga-schema.csv", 2, "Columns not used: ExtractDate, OrganisationURI"),
        ("004-quoted-commas-in-header.csv", 2, "2 spaces (2 new"),
        ("005-title-above-header.csv", 2, "2 with hours"),
        ("007-multipoint.geojson", 2, "Columns not used: objectid."),
        ("009-workbook.xlsx", 0, "has a header and no rows below it"),
        ("010-opening-time-singular.csv", 2, "2 with hours"),
        ("011-twelve-hour-clock.csv", 2, "hours that could not be read"),
        ("013-days-named-one-by-one.csv", 4, "4 with hours"),
        ("026-next-day-dates.csv", 3, "3 with hours"),
        ("029-numbers-with-thousands.csv", 3, "was rounded by a spreadsheet"),
        ("real/camden-public-toilets-2018.csv", 47, "47 rows read, 47 spaces"),
        ("real/southwark-toilets.csv", 41, "41 rows read, 41 spaces"),
        ("real/barnet-public-toilets-2014.csv", 26, "26 rows read, 26 spaces"),
        ("real/adur-public-toilets-excerpt.csv", 5, "5 rows read, 5 spaces"),
    ],
)
def test_lists_of_places_import(other_places, name, how_many, words):
    said = other_places(name)
    assert words in said
    assert OtherPlace.objects.count() == how_many


def test_nine_to_five_without_am_or_pm_is_never_a_night(other_places):
    other_places("011-twelve-hour-clock.csv")
    assert not [each for each in OtherPlaceHours.objects.all() if each.closes <= each.opens]


def test_winter_hours_do_not_apply_in_july(other_places):
    other_places("026-next-day-dates.csv")
    assert not OtherPlaceHours.objects.filter(valid_to__isnull=True).exists()


def test_partially_imported_rows_do_not_exceed_the_rows(other_places):
    said = other_places("real/camden-public-toilets-2018.csv")
    (words,) = [line for line in said.splitlines() if "taken without something" in line]
    assert int(words.split()[0]) <= 47


def test_members_with_three_spellings_are_flagged(members):
    assert "Rows 2, 3, 4 may be the same venue" in members("103-members-apostrophes.csv")


def test_phone_numbers_of_members_are_read(members):
    said = members("104-members-excel-phones.csv")
    assert "“4.4163E+11” has lost its digits" in said
    assert set(Venue.objects.values_list("contact_phone", flat=True)) == {
        "01632960001",
        "",
        "01632 960003 / 01632 960004",
    }


@pytest.mark.parametrize(
    ("name", "venue"),
    [
        ("111-members-utf16.csv", "Mill Library"),
        ("112-members-semicolon-cp1252.csv", "Café Noël"),
        ("113-members-nbsp-zero-width.csv", "Mill Library"),
    ],
)
def test_members_in_other_encodings_and_with_invisible_characters_are_read(members, name, venue):
    members(name)
    found = Venue.objects.get()
    assert found.name == venue
    assert found.contact_email.isascii()
    assert StaffMember.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "how_many", "words"),
    [
        ("202-doogal-layout.csv", 2, "1 of them are no longer in use"),
        ("203-latlon-only.csv", 2, "without a quality"),
        ("204-codepoint-cr-only.csv", 2, "2 rows read, 2 kept"),
    ],
)
def test_lists_of_postcodes_import(run, name, how_many, words):
    assert words in run("import_postcodes", name)
    assert Postcode.objects.located().count() == how_many


@pytest.mark.parametrize(
    ("name", "how_many", "words"),
    [
        ("303-areas-geometrycollection.geojson", 0, "it has no Polygon or MultiPolygon"),
        ("304-areas-z-values.geojson", 1, "1 rows read, 1 kept"),
        ("306-areas-null-geometry.geojson", 0, "it has no Polygon or MultiPolygon"),
        ("307-areas-web-mercator-no-crs.geojson", 0, "outside the United Kingdom"),
        ("308-areas-bng-no-crs.geojson", 0, "outside the United Kingdom"),
    ],
)
def test_boundaries_import(run, name, how_many, words):
    assert words in run("import_areas", name)
    assert Area.objects.count() == how_many


def test_one_suppressed_cell_does_not_reject_a_census(run):
    said = run("import_population", "405-population-excel-commas.csv")
    assert "row 5" in said.lower()
    assert sorted(PopulationPoint.objects.values_list("people", flat=True)) == [1498, 1503, 1512]
