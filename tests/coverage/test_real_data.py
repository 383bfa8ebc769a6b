"""Southampton and Winchester with their libraries, checked by an independent method.

This test measures every pair by a geodesic on the ellipsoid, in degrees, and reads hours from the
file as text. The code under test uses grid distances, search trees and the database.
"""

import csv
import gzip
import io
import json

import pytest
from django.core.management import call_command
from pyproj import Geod, Transformer

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
POPULATION = "population/lsoa21_ew_population_weighted_centroids.csv.gz"
LIBRARIES = ["libraries_southampton_city_council.csv", "libraries_hampshire_county_council.csv"]
DISTRICTS = {"E06000045": 248_921, "E07000094": 127_470}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MOMENTS = [  # Of the week of 16 November 2026: with nothing, little and much open.
    ("Monday", "2026-11-16T09:30"),
    ("Thursday", "2026-11-19T17:00"),
    ("Friday", "2026-11-20T12:00"),
    ("Saturday", "2026-11-21T13:00"),
    ("Sunday", "2026-11-22T12:00"),
    ("Friday", "2026-11-20T22:00"),
]
DISTANCES = [800, 2400]
CLEAR = 0.0005
"""Of a distance: no pair lies so near to it that grid and ellipsoid could disagree."""
to_degrees = Transformer.from_crs(27700, 4326, always_xy=True)
ellipsoid = Geod(ellps="WGS84")


def rows(path):
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.fixture
def two_districts(real_data, tmp_path, capsys):
    """Import population, postcodes and libraries of both; returns the people and libraries as
    read.
    """
    people = [row for row in rows(real_data / POPULATION) if row["lad24cd"] in DISTRICTS]
    path = tmp_path / "people.csv"
    with path.open("w") as file:
        writer = csv.DictWriter(file, people[0])
        writer.writeheader()
        writer.writerows(people)
    postcodes = real_data / "postcodes/code_point_open_2025_so.csv"
    call_command("import_population", path)
    call_command("import_postcodes", postcodes)
    libraries = []
    for name in LIBRARIES:
        call_command("import_other_places", real_data / "venues" / name, "--source", "Libraries")
        libraries += rows(real_data / "venues" / name)
    capsys.readouterr()
    with postcodes.open() as file:
        other_places = {row[0]: (int(row[2]), int(row[3])) for row in csv.reader(file)}
    known = [row for row in libraries if row["Postcode"] in other_places and not row["Year closed"]]
    assert len(known) > 25
    for row in [*people, *known]:
        east_north = other_places.get(row.get("Postcode")) or (
            float(row["easting"]),
            float(row["northing"]),
        )
        row["at"] = to_degrees.transform(*east_north)
    return people, known


def is_open(library, day, clock):
    if not any(library[f"{day} staffed hours"] for day in DAYS):
        return False  # Its hours are not known.
    spans = filter(None, library[f"{day} staffed hours"].replace(" ", "").split(","))
    return any(span[:5] <= clock < span[6:11] for span in spans)


def metres(one, other):
    return ellipsoid.inv(*one, *other)[2]


def test_coverage_of_two_districts_matches_geodesics_over_every_pair(two_districts, capsys):
    people, libraries = two_districts
    seen = set()
    for code, total in DISTRICTS.items():
        here = [row for row in people if row["lad24cd"] == code]
        pairs = [[metres(row["at"], library["at"]) for library in libraries] for row in here]
        for within in DISTANCES:
            assert all(
                abs(one - within) > CLEAR * within for distances in pairs for one in distances
            )
            for moment in [None, *MOMENTS]:
                counted = [
                    moment is None or is_open(library, moment[0], moment[1][11:])
                    for library in libraries
                ]
                covered = sum(
                    int(row["population_2021"])
                    for row, distances in zip(here, pairs, strict=True)
                    if any(
                        one <= within and counts
                        for one, counts in zip(distances, counted, strict=True)
                    )
                )
                reaching = sum(
                    counts and any(distances[index] <= within for distances in pairs)
                    for index, counts in enumerate(counted)
                )
                at = ["--at", moment[1]] if moment else []
                call_command(
                    "coverage",
                    *["--area", code, "--within", within, "--other-places", "Libraries", *at],
                    format="json",
                )
                found = json.loads(capsys.readouterr().out)
                assert found["people"] == total
                assert found["people_covered"] == covered, (code, within, moment)
                assert found["share"] == covered / total
                assert found["venues"] == reaching, (code, within, moment)
                seen.add(covered)
    assert len(seen) > 12
