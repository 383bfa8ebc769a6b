"""Measure coverage for a district and for a nation: `bin/manage shell < bench/coverage.py`.

For comparison, in the same run: a plain SQL nearest-neighbour join, and one search tree per hour.
Then the calculations alone at half and double the venues and points. With the open data of
TEST_DATA the points are the 35,672 of England and Wales and the venues 10,000 pharmacies with the
hours of Greater Manchester's; without it both are generated. Everything is rolled back at the end.
Targets: a district's week in 0.3 s including the database; a nation's moment in 1 s and week in 3
s, within 1 GB; and no worse than linear growth.
"""

import csv
import datetime
import gzip
import os
import random
import resource
import statistics
import time
from pathlib import Path

import numpy as np
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.utils import timezone
from scipy.spatial import cKDTree

from bench.making import analyze, make_members, make_scheme, make_stickers, make_trained
from common.refusals import Refused
from coverage.sums import Question, measure, measure_week
from coverage.sums.moments import hours_of_week
from coverage.sums.reach import covered
from coverage.sums.timetables import OPEN
from coverage.sums.venues import venues_near
from coverage.sums.where import Where
from geography.grid import to_grid
from geography.models import PopulationPoint
from venues.hours.model import LONDON
from venues.hours.reading import read_day
from venues.models import Organisation

DATA = Path(os.environ.get("TEST_DATA") or settings.BASE_DIR.parent / "shared" / "data")
POINTS, VENUES = 35_672, 10_000
WITHIN = 800
MONDAY = datetime.date(2026, 11, 16)
FRIDAY_22 = datetime.datetime(2026, 11, 20, 22, tzinfo=LONDON)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def timed(do, times=3):
    """(seconds, answer) of the median run."""
    took = []
    for _time in range(times):
        began = time.perf_counter()
        answer = do()
        took.append(time.perf_counter() - began)
    return statistics.median(took), answer


def say(what, seconds, beside=None):
    ratio = "" if beside is None else f"   {seconds / beside:8.1f} times ours"
    print(f"  {what:58} {seconds:9.3f} s{ratio}", flush=True)


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def national_points(rng):
    """Rows of code, easting, northing and people."""
    path = DATA / "population" / "lsoa21_ew_population_weighted_centroids.csv.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [
                (row["lsoa21cd"], float(row["easting"]), float(row["northing"]),
                 int(row["population_2021"]), row["lad24cd"], row["wd24cd"])
                for row in csv.DictReader(file)
            ]  # fmt: skip
    return [
        (f"E01{n:06d}", *around_a_town(rng), 1500, f"E07{n // 400:06d}", f"E05{n // 5:06d}")
        for n in range(POINTS)
    ]


def around_a_town(rng):
    town = random.Random(rng.randrange(300))
    east, north = town.uniform(300_000, 600_000), town.uniform(100_000, 500_000)
    return round(rng.gauss(east, 6000), 1), round(rng.gauss(north, 6000), 1)


def national_venues(rng):
    """(easting, northing) of the requested number of pharmacies."""
    path = DATA / "venues" / "nhs_pharmacies_england_2020.csv"
    found = []
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for row in csv.reader(file):
                try:
                    point = to_grid(float(row[9]), float(row[8]))
                except (Refused, ValueError):
                    continue
                found.append((point.x, point.y))
        rng.shuffle(found)
    while len(found) < VENUES:
        found.append(around_a_town(rng))
    return found[:VENUES]


def timetables(rng):
    """Weeks of (weekday, opens, closes)."""
    path = DATA / "venues" / "greater_manchester_pharmacies.csv"
    if path.exists():
        with path.open(encoding="utf-8-sig") as file:
            weeks = [
                [
                    interval
                    for day, name in enumerate(DAYS)
                    for interval in read_day(row[f"opening_hours_{name}"], day).intervals
                ]
                for row in csv.DictReader(file)
            ]
        return [week for week in weeks if week]
    nine = datetime.time(9)
    return [
        [(day, nine, datetime.time(rng.choice([17, 18, 22, 2]))) for day in range(7)]
        for _week in range(600)
    ]


def make_people(points):
    PopulationPoint.objects.all().delete()
    PopulationPoint.objects.bulk_create(
        (
            PopulationPoint(
                code=code,
                kind="lsoa",
                vintage=2021,
                people=people,
                district_code=district,
                ward_code=ward,
                point=Point(east, north, srid=27700),
            )
            for code, east, north, people, district, ward in points
        ),
        batch_size=5000,
    )


def make_venues(places, weeks, rng):
    """Listed venues in one scheme that requires four kinds of evidence."""
    user = get_user_model().objects.create(email="bench@example.org")
    needs = [("opening_hours", "submission"), ("trained_people", "sticker")]
    needs += [("online_presence", "submission"), ("sticker_displayed", "standing")]
    sign_ups = make_members(
        make_scheme(needs, user),
        Organisation.objects.create(name="Bench", sector="commercial"),
        places,
        lambda number: rng.choice(weeks),
        user,
        type="pharmacy",
        website="https://example.org/",
        bank_holidays="closed",
    )
    make_stickers(sign_ups, user)
    make_trained(sign_ups, user)
    analyze()


def sql_join(xy, people, places, is_open):
    """People with an open venue in reach, by a nearest-neighbour join that uses the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_point, bench_venue;"
            "CREATE TEMPORARY TABLE bench_point AS SELECT * FROM"
            " unnest(%s::float[], %s::float[], %s::int[]) AS t(x, y, people);"
            "ALTER TABLE bench_point ADD at geometry;"
            "UPDATE bench_point SET at = ST_Point(x, y, 27700);"
            "CREATE TEMPORARY TABLE bench_venue AS SELECT ST_Point(x, y, 27700) AS at"
            " FROM unnest(%s::float[], %s::float[]) AS t(x, y);"
            "CREATE INDEX ON bench_venue USING gist (at); ANALYZE bench_point, bench_venue",
            [*(column.tolist() for column in (*xy.T, people)),
             *(column.tolist() for column in places[is_open].T)],
        )  # fmt: skip

        def ask():
            cursor.execute(
                "SELECT sum(people) FROM bench_point CROSS JOIN LATERAL"
                " (SELECT bench_venue.at FROM bench_venue"
                "  ORDER BY bench_venue.at <-> bench_point.at LIMIT 1) AS nearest"
                " WHERE ST_DWithin(bench_point.at, nearest.at, %s)",
                [WITHIN],
            )
            return int(cursor.fetchone()[0] or 0)

        return timed(ask, times=1)


def tree_by_hour(xy, people, places, is_open):
    """One search tree of the open venues for each hour."""
    found = []
    for hour in range(is_open.shape[1]):
        there = places[is_open[:, hour]]
        if not len(there):
            found.append(0)
            continue
        metres, _index = cKDTree(there).query(xy)
        found.append(int(people[metres <= WITHIN].sum()))
    return found


def compare(name, where):
    print(f"{name}: one distance of {WITHIN} m")
    asked = Question(where, within=WITHIN, at=FRIDAY_22)
    moment_took, moment = timed(lambda: measure(asked))
    week_took, week = timed(lambda: measure_week(asked, MONDAY))
    xy, people, venues, states = arrays(where)
    is_open = states == OPEN
    print(f"  {len(people):,} points, {week.people:,} people, {len(venues):,} venues around")
    say("one moment, with the database", moment_took)
    say("168 hours, with the database", week_took)
    sums_took, grid = timed(lambda: covered(xy, venues.xy, is_open, WITHIN))
    say("168 hours, the sums alone", sums_took)
    say("168 hours, one search tree an hour (scipy)", *beside(
        lambda: tree_by_hour(xy, people, venues.xy, is_open), week.people_covered, sums_took
    ))  # fmt: skip
    hour = 4 * 24 + 22
    one_took, _one = timed(lambda: covered(xy, venues.xy, is_open[:, [hour]], WITHIN))
    say("one moment, the sums alone", one_took)
    sql_took, sql = sql_join(xy, people, venues.xy, is_open[:, hour])
    assert sql == week.people_covered[hour] == moment.people_covered, (sql, moment)
    say("one moment, nearest-neighbour join (SQL)", sql_took, one_took)
    assert grid.shape == (len(people), 168)


def beside(do, expected, ours):
    took, found = timed(do, times=1)
    assert found == expected
    return took, ours


def arrays(where):
    """Points, people, venues and states of the week, fetched as the measures fetch them."""
    rows = list(
        PopulationPoint.objects.filter(point__coveredby=where.boundary)
        if not where.code
        else PopulationPoint.objects.filter(district_code=where.code)
    )
    xy = np.array([row.point.coords for row in rows])
    people = np.array([row.people for row in rows])
    days = (MONDAY, MONDAY + datetime.timedelta(days=6))
    venues = venues_near(xy, WITHIN, day=timezone.localdate(), days=days)
    return xy, people, venues, venues.timetables.states(hours_of_week(MONDAY))


def growth(where):
    print("Growth of the sums for 168 hours, and of the peak memory of this process")
    xy, _people, venues, states = arrays(where)
    rng = np.random.default_rng(1)
    for points_by, venues_by in [(1, 0.5), (1, 1), (1, 2), (0.5, 1), (2, 1), (2, 2)]:
        some_points = grown(xy, points_by, rng)
        some_venues = grown(venues.xy, venues_by, rng)
        some_open = np.resize(states == OPEN, (len(some_venues), 168))
        took, _grid = timed(
            lambda p=some_points, v=some_venues, o=some_open: covered(p, v, o, WITHIN)
        )
        print(f"  {len(some_points):6,} points x {len(some_venues):6,} venues {took:8.3f} s"
              f" {memory():8.0f} MB")  # fmt: skip


def grown(xy, by, rng):
    """Half of the points, or each point and a second one within some hundred metres."""
    if by <= 1:
        return xy[rng.permutation(len(xy))[: int(len(xy) * by)]]
    return np.concatenate([xy, xy + rng.normal(0, 300, xy.shape)])


def run():
    rng = random.Random(1)
    points = national_points(rng)
    places, weeks = national_venues(rng), timetables(rng)
    make_people(points)
    make_venues(places, weeks, rng)
    box = MultiPolygon(Polygon.from_bbox((1, 1, 699_999, 1_299_999)), srid=27700)
    nation = Where("England and Wales", boundary=box)
    district = max({row[4] for row in points}, key=lambda code: closeness(points, code))
    compare("A district", Where(district, code=district))
    before = memory()
    compare("A nation", nation)
    print(f"  peak memory of this process: {memory():,.0f} MB ({before:,.0f} MB before)")
    growth(nation)


def closeness(points, code):
    return -abs(sum(row[4] == code for row in points) - 400)


with transaction.atomic():
    run()
    transaction.set_rollback(True)
