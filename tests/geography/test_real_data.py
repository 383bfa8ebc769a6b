"""The importers on the open data of TEST_DATA, against the totals in its README."""

import csv
import gzip
import itertools
import lzma
import math

import pytest
from django.core.management import CommandError

from geography import grid
from geography.models import Area, PopulationPoint, Postcode
from geography.rules import locate, why_unknown

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
POPULATION = "population/lsoa21_ew_population_weighted_centroids.csv.gz"


def test_population_totals_of_england_and_wales_match(run, real_data):
    run("import_population", real_data / POPULATION)
    people = PopulationPoint.objects.all()
    assert people.count() == 35_672
    assert people.people() == 59_597_576
    assert people.filter(imd_decile=None).count() == 1_917
    for district, total in [("E06000045", 248_921), ("E07000094", 127_470), ("E09000002", 218_868)]:
        assert people.filter(district_code=district).people() == total


def test_the_same_people_lie_inside_southamptons_boundary(run, real_data):
    run("import_population", real_data / POPULATION)
    run("import_areas", real_data / "boundaries/southampton_E06000045_wards_2025.geojson")
    wards = Area.objects.of("ward", 2025)
    assert sum(PopulationPoint.objects.within(w.boundary).people() for w in wards) == 248_921


def test_the_2011_census_is_not_added_to_2021(run, real_data):
    run("import_population", real_data / POPULATION)
    name = "population/oa11_points_southampton_E06000045.csv"
    with pytest.raises(CommandError, match="do not mix"):
        run("import_population", real_data / name)
    assert PopulationPoint.objects.all().people() == 59_597_576


def test_all_wards_of_the_united_kingdom_are_imported(run, real_data):
    said = run("import_areas", real_data / "national_wards/wards_2025_uk.geojson.gz")
    assert said.startswith("8,406 rows read, 8,405 kept")
    assert "1 skipped: the same area again." in said  # Hunmanby & Sherburn appears twice.
    assert Area.objects.exclude(name_alt="").count() > 600


@pytest.mark.parametrize(
    ("district", "old", "new"),
    [("southampton_E06000045", 16, 17), ("winchester_E07000094", 26, 16)],
)
def test_wards_of_2013_and_2025_coexist(run, real_data, district, old, new):
    run("import_areas", real_data / f"boundaries/{district}_wards_2013.geojson")
    run("import_areas", real_data / f"boundaries/{district}_wards_2025.geojson")
    assert Area.objects.of("ward", 2013).count() == old
    assert Area.objects.of("ward", 2025).count() == new
    by_year = [
        set(Area.objects.of("ward", year).values_list("code", flat=True)) for year in (2013, 2025)
    ]
    assert not by_year[0] & by_year[1]


def test_every_boundary_file_is_imported_with_errors_repaired(run, real_data):
    said = ""
    for path in sorted((real_data / "boundaries").glob("*.geojson")):
        said += run("import_areas", path)
    assert "E00118056" in said
    assert "North Somerset (E06000024)" in said
    assert Area.objects.filter(boundary__isvalid=False).count() == 0
    assert Area.objects.of("district", 2024).count() == 361


def test_code_point_open_of_2025_and_2014_are_read(run, real_data):
    run("import_postcodes", real_data / "postcodes/code_point_open_2014_so.csv.gz")
    assert Postcode.objects.count() == 18_081
    run("import_postcodes", real_data / "postcodes/code_point_open_2025_so.csv")
    assert Postcode.objects.count() == 18_593 + 796
    assert locate("so140aa").point.coords == (442294, 112126)


def test_rows_without_a_location_never_become_points(run, real_data, made):
    with lzma.open(real_data / "national_postcodes/gb_postcodes_2025.csv.xz", "rt") as file:
        header, rows = next(file), list(file)
    nowhere = [row for row in rows if row.rstrip().endswith(",0,0")]
    assert len(nowhere) == 836
    run("import_postcodes", made("p.csv", header + "".join(nowhere + rows[:100])))
    assert Postcode.objects.located().count() == 100


def test_grid_and_degrees_agree_within_five_metres(real_data):
    with gzip.open(real_data / POPULATION, "rt") as file:
        for row in itertools.islice(csv.DictReader(file), 0, None, 500):
            expected = float(row["easting"]), float(row["northing"])
            degrees = float(row["longitude"]), float(row["latitude"])
            point = grid.to_grid(*degrees)
            assert math.dist(point.coords, expected) < 5
            back = grid.to_wgs84(grid.grid_point(*expected))
            assert math.dist(back, degrees) < 0.00007


@pytest.mark.parametrize("command", ["import_areas", "import_postcodes", "import_population"])
def test_every_messy_file_is_refused_in_a_sentence(run, real_data, command):
    files = [*(real_data / "messy").iterdir(), *(real_data / "population").glob("*.zip")]
    for path in files:
        with pytest.raises(CommandError) as refused:
            run(command, path)
        assert path.name in str(refused.value)
        assert str(refused.value).endswith("Nothing was changed.")


@pytest.fixture
def southampton(run, real_data):
    """What a council has after the README's imports, without a further file."""
    run("import_areas", real_data / "boundaries/southampton_E06000045_wards_2025.geojson")
    run("import_areas", real_data / "boundaries/winchester_E07000094_wards_2025.geojson")
    run("import_postcodes", real_data / "postcodes/code_point_open_2025_so.csv")


TYPED = {
    "Southampton": "Southampton",
    "southhampton": "Southampton",
    "Southampton city centre": "Southampton",
    "shirley southampton": "Shirley, Southampton",
    "Portswood, Southampton, Hampshire, UK, SO17 2NJ": "SO17 2NJ",
    "winchster": "Winchester",
    "10 High Street, Winchester": "Winchester",
    "badger farm & olivers battery": "Badger Farm and Oliver's Battery, Winchester",
    "near so14": "SO14",
    "SO14 OAA": "SO14 0AA",
    "SO14 9ZZ": "SO14",
    "S014-0AA.": "SO14 0AA",
    "Soton SO14 0": "SO14 0",
}


def test_what_people_type_in_southampton_is_found(southampton):
    assert {text: locate(text).label for text in TYPED} == TYPED


@pytest.mark.parametrize("nation", ["Scotland", "Northern Ireland", "Wales", "England"])
def test_every_postcode_district_outside_the_area_is_reported_as_outside(
    southampton, real_data, nation
):
    with (real_data / "postcodes/uk_outcodes.csv").open(encoding="utf-8") as file:
        known = Postcode.objects.values_list("outward", flat=True).distinct()
        elsewhere = {
            row["postcode"]
            for row in csv.DictReader(file)
            if row["country_string"] == nation and not row["postcode"].startswith("SO")
        } - set(known)
    assert len(elsewhere) > 60
    for outward in sorted(elsewhere)[:40]:
        assert locate(outward) is None
        unknown = why_unknown(outward)
        assert unknown.kind == "outside"
        assert unknown.where in (nation, ""), outward
