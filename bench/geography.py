"""Measure the import of postcodes and the nearest-point query: how long, how much memory.

    bin/manage shell < bench/geography.py

BENCH_POSTCODES names the file; without it the national list of the test data is used. All that
is imported is rolled back at the end. The aim: 1.7 million postcodes in 60 s and 300 MB.
"""

import os
import random
import resource
import time
from pathlib import Path

from django.conf import settings
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from geography.importers.population import import_population
from geography.importers.postcodes import import_postcodes
from geography.models import PopulationPoint
from geography.rules import locate

DATA = Path(os.environ.get("TEST_DATA") or settings.BASE_DIR.parent / "shared" / "data")
POSTCODES = Path(
    os.environ.get("BENCH_POSTCODES") or DATA / "national_postcodes" / "gb_postcodes_2025.csv.xz"
)
POPULATION = DATA / "population" / "lsoa21_ew_population_weighted_centroids.csv.gz"


def measure(what, times, do):
    started = time.perf_counter()
    for _time in range(times):
        do()
    print(f"{what}: {1000 * (time.perf_counter() - started) / times:,.2f} ms")


def somewhere():
    return Point(random.uniform(300_000, 600_000), random.uniform(100_000, 500_000), srid=27700)


def nearest(point):
    return list(PopulationPoint.objects.order_by(GeometryDistance("point", point))[:20])


def nearest_without_index(point):
    return list(PopulationPoint.objects.order_by(Distance("point", point))[:20])


with transaction.atomic():
    started = time.perf_counter()
    print(import_postcodes([POSTCODES]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"postcodes: {time.perf_counter() - started:.1f} s, {memory:.0f} MB")
    print(import_population(POPULATION, replace=True))
    random.seed(1)
    measure("locate a postcode", 500, lambda: locate("SO14 0AA"))
    measure("locate an outward code", 100, lambda: locate("SO14"))
    measure("nearest 20 points, with the index", 500, lambda: nearest(somewhere()))
    measure(
        "nearest 20 points, by a sorted distance", 20, lambda: nearest_without_index(somewhere())
    )
    transaction.set_rollback(True)
connection.close()
