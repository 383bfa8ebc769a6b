"""Measure the finder beside an empty page: `bin/manage shell < bench/finder.py`.

Makes a database of its own beside the one of the settings, fills it with listed venues (VENUES,
100,000 unless said), serves it with gunicorn as `bin/run` does, and prints, each beside an empty
page through the same base on the same server in the same run: requests a second and their ratio,
milliseconds of processor per request in Python and in PostgreSQL. Then what the pages weigh, 200
visitors for VISIT_SECONDS (60), the refresh after one change, a full rebuild while others search,
and growth, from a hundredth of the places to all. KEEP=1 keeps the database for the next run.
"""

import datetime
import gzip
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import connection, transaction
from django.utils import timezone

from bench.making import (
    analyze,
    make_members,
    make_scheme,
    make_stickers,
    make_trained,
    varied_week,
)
from geography.grid import to_wgs84
from geography.models import Area, Postcode
from signposting.nearest import nearest, nearest_by_rule, nearest_kept
from venues.hours.model import LONDON
from venues.kept import can_be_used, rebuild
from venues.models import KeptListing, Organisation, SignUp, Venue

VENUES = int(os.environ.get("VENUES", "100000"))
SECONDS = float(os.environ.get("SECONDS", "6"))
VISIT_SECONDS = float(os.environ.get("VISIT_SECONDS", "60"))
VISITORS = 200
PAUSE = 5  # seconds between two searches of one visitor, on average
CLIENTS = 8
TOWNS = 300
POSTCODE = "SO23 8UJ"
TOWN = "Benchester"
ASKED = [
    ("opening_hours", "submission"),
    ("trained_people", "sticker"),
    ("online_presence", "submission"),
    ("sticker_displayed", "standing"),
    ("current_sticker", "standing"),
]


def fill(count):
    """Venues around 300 towns, each with a timetable of its own."""
    rng = random.Random(1)
    user = get_user_model().objects.create(email="bench@example.org")
    towns = [
        (rng.uniform(300_000, 600_000), rng.uniform(80_000, 500_000)) for _town in range(TOWNS)
    ]

    def somewhere():
        east, north = rng.choice(towns)
        return round(rng.gauss(east, 5000), 1), round(rng.gauss(north, 5000), 1)

    sign_ups = make_members(
        make_scheme(ASKED, user),
        Organisation.objects.create(name="Bench", sector="community"),
        [somewhere() for _venue in range(count)],
        lambda number: varied_week(rng),
        user,
        website="https://example.org/",
        bank_holidays="closed",
        town=lambda number: f"Town {number % TOWNS}",
        address_1="1 High Street",
        postcode="ZZ1 1AA",
        step_free=True,
        quiet=lambda number: number % 3 == 0,
    )
    make_stickers(sign_ups, user, displayed_at=timezone.now(), displayed_by=user)
    make_trained(sign_ups, user)
    SignUp.objects.update(listed_since=timezone.localdate())  # as the hourly duty notes
    Postcode.objects.create(
        postcode=POSTCODE, outward="SO23", point=Point(*towns[0], srid=27700), quality=10
    )
    square = Point(*towns[0], srid=27700).buffer(2000).envelope
    Area.objects.create(
        code="E00000001", name=TOWN, kind=Area.Kind.DISTRICT, vintage=2025,
        boundary=MultiPolygon(square, srid=27700),
    )  # fmt: skip
    analyze()


def points(number, seed=2):
    """Where people are: near some venue."""
    rng = random.Random(seed)
    keys = list(Venue.objects.values_list("pk", flat=True)[: 50 * number : 50])
    found = Venue.objects.filter(pk__in=keys).values_list("point", flat=True)
    return [
        Point(point.x + rng.gauss(0, 500), point.y + rng.gauss(0, 500), srid=27700)
        for point in found
    ]


# The server and its clients


class Server:
    """gunicorn with the workers of bin/run; its clock starts at `clock`."""

    def __init__(self, clock=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        more = {"BENCH_CLOCK": clock.isoformat()} if clock else {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "bench.server:application", "--preload",
             "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", "2",
             "--threads", "4", "--log-level", "error"],
            env=os.environ | more,
            cwd=settings.BASE_DIR,
        )  # fmt: skip
        for _attempt in range(300):
            try:
                self.ask("GET", "/bench/empty/", None)
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("The server did not start.")

    def ask(self, method, path, body, client=None):
        own = client or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        own.request(method, path, body and urlencode(body), headers)
        response = own.getresponse()
        content = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status}")
        return content

    def processor(self):
        """Processor seconds used so far by the workers, and by PostgreSQL if it runs on this
        machine.
        """
        return cpu_of("bench.server:application"), cpu_of("postgres:")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def cpu_of(command):
    tick, total = os.sysconf("SC_CLK_TCK"), 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if command in (folder / "cmdline").read_text().replace("\0", " "):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return total / tick


def load(server, requests, seconds=SECONDS):
    """(requests a second, p50, p95, ms of Python, ms of PostgreSQL) with CLIENTS concurrent
    clients.
    """
    until, took = time.monotonic() + seconds, []
    before = server.processor()

    def work(number):
        rng = random.Random(number)
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        while time.monotonic() < until:
            began = time.monotonic()
            server.ask(*rng.choice(requests), client=client)
            took.append((time.monotonic() - began) * 1000)

    threads = [threading.Thread(target=work, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = server.processor()
    took.sort()
    python, postgres = ((b - a) / len(took) * 1000 for a, b in zip(before, after, strict=True))
    return (
        len(took) / seconds,
        took[len(took) // 2],
        took[len(took) * 95 // 100],
        python,
        postgres,
    )


EMPTY_PAGE = [("GET", "/bench/empty/", None)]


def beside_empty(name, server, requests):
    """Measure empty page, page, page, empty page, so that other load on the machine affects
    both.
    """
    runs = [load(server, each) for each in (EMPTY_PAGE, requests, requests, EMPTY_PAGE)]
    empty = [sum(pair) / 2 for pair in zip(runs[0], runs[3], strict=True)]
    page = [sum(pair) / 2 for pair in zip(runs[1], runs[2], strict=True)]
    cpu = (empty[3] + empty[4]) / (page[3] + page[4])
    print(
        f"{name:34} {page[0] / empty[0]:6.2f}   {cpu:6.2f}   {empty[0]:7.0f} {page[0]:7.0f}"
        f"   {page[1]:7.1f} {page[2]:7.1f}   {page[3]:6.2f} {page[4]:6.2f}   ({empty[3]:.2f})",
        flush=True,
    )


def cpu_of_both(do):
    """Seconds of processor of this process and of its PostgreSQL backend that `do()` takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    def now():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # PostgreSQL is on another machine
            return time.process_time(), 0.0
        tick = os.sysconf("SC_CLK_TCK")
        return time.process_time(), (int(fields[11]) + int(fields[12])) / tick

    before = now()
    do()
    return [b - a for a, b in zip(before, now(), strict=True)]


def views(found):
    """What a map around each of these points asks for."""
    asked = []
    for point in found:
        longitude, latitude = to_wgs84(point)
        box = (longitude - 0.1, latitude - 0.05, longitude + 0.1, latitude + 0.05)
        sides = ",".join(f"{side:.4f}" for side in box)
        asked.append(("GET", f"/map/places.geojson?zoom=13&box={sides}", None))
    return asked


def posts(found):
    bodies = []
    for point in found:
        longitude, latitude = to_wgs84(point)
        bodies.append(("POST", "/", {"longitude": longitude, "latitude": latitude}))
    return bodies


# In this process


def median_ms(do, things):
    took = []
    for thing in things:
        began = time.perf_counter()
        do(thing)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def moments():
    today = timezone.localdate()
    for hour in (12, 23, 4):
        yield f"{hour:02}:00", datetime.datetime.combine(today, datetime.time(hour), LONDON)


def search_alone(total):
    some = points(200)
    far = [Point(50_000 + 10 * n, 1_200_000, srid=27700) for n in range(50)]
    for name, when in moments():
        kept = median_ms(lambda point, at=when: nearest_kept(point, at), some)
        away = median_ms(lambda point, at=when: nearest_kept(point, at), far)
        print(f"{total:7,} venues, the search alone at {name}: {kept:.2f} ms; "
              f"100 km from every venue {away:.2f} ms")  # fmt: skip
    when = next(moments())[1]
    rule = median_ms(lambda point: nearest_by_rule(point, when), some[:7])
    print(f"{total:7,} venues, by the rules at 12:00: {rule:.0f} ms")
    differ = sum(nearest(point, when) != nearest_by_rule(point, when) for point in some[:20])
    print(f"{total:7,} venues, answers that differ from the rules': {differ} of 20")


def refresh_of(count, times=20):
    """Milliseconds of processor, in Python and in PostgreSQL, of a change of so many places."""
    keys = list(KeptListing.objects.values_list("venue_id", flat=True)[:count])

    def change():
        with transaction.atomic():  # refreshed before the commit
            Venue.objects.filter(pk__in=keys).update(landmark=f"By the clock, {time.time()}")

    change()
    return [took * 1000 / times for took in cpu_of_both(lambda: [change() for _n in range(times)])]


def weigh(server, name, path, body=None):
    """Compressed bytes and requests of a page and all that it needs, nothing kept from before."""
    page = server.ask("POST" if body else "GET", path, body)
    text = re.sub(r"<template.*?</template>", "", page.decode(), flags=re.DOTALL)
    tags = [tag for tag in re.findall(r"<(?:link|script|img)\b[^>]*>", text) if "json" not in tag]
    found = [re.search(r'(?:href|src)="([^"]*)"', tag) for tag in tags if "alternate" not in tag]
    files = {each[1] for each in found if each and not each[1].startswith(("data:", "http"))}
    files = {each for each in files if "/static/" in each or "/media/" in each}
    bodies = [page, *(server.ask("GET", each, None) for each in sorted(files))]
    weight = sum(len(gzip.compress(each)) for each in bodies)
    own = len(gzip.compress(page))
    print(f"{name}: {weight / 1000:.1f} kB in {len(bodies)} requests; the page alone {own} bytes")


def visit(server, requests):
    """VISITORS at once, each searching, reading a while, and searching again."""
    until, took, refused = time.monotonic() + VISIT_SECONDS, [], []

    def work(number):
        rng = random.Random(number)
        time.sleep(rng.uniform(0, PAUSE))
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                server.ask(*rng.choice(requests))
                took.append((time.monotonic() - began) * 1000)
            except (SystemExit, OSError) as error:
                refused.append(str(error))
            time.sleep(rng.uniform(0, 2 * PAUSE))

    threads = [threading.Thread(target=work, args=[number]) for number in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    print(
        f"{VISITORS} visitors for {VISIT_SECONDS:.0f} s: {len(took)} answers, p50"
        f" {took[len(took) // 2]:.0f} ms, p95 {took[len(took) * 95 // 100]:.0f} ms,"
        f" refused {len(refused)}",
        flush=True,
    )


def growth():
    """The search alone among a hundredth of the places and among all."""
    when, some = next(moments())[1], points(100)
    many = min(median_ms(lambda point: nearest_kept(point, when), some) for _n in range(3))
    few = VENUES // 100
    with transaction.atomic():
        rest = Venue.objects.order_by("pk").values("pk")[few:]
        KeptListing.objects.filter(venue__in=rest).delete()
        analyze()
        one = min(median_ms(lambda point: nearest_kept(point, when), some) for _n in range(3))
        transaction.set_rollback(True)
    print(f"growth of the search, {few:,} -> {VENUES:,}: {one:.2f} -> {many:.2f} ms,"
          f" {many / one:.2f}")  # fmt: skip


def rebuild_while_searching():
    stop, took = threading.Event(), []
    some = points(50)

    def search():
        rng = random.Random(3)
        while not stop.is_set():
            began = time.perf_counter()
            nearest_kept(rng.choice(some), timezone.now())
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)
        connection.close()

    reader = threading.Thread(target=search)
    reader.start()
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    began = time.perf_counter()
    python, postgres = cpu_of_both(lambda: rebuild(tomorrow))  # after midnight: every row changes
    seconds = time.perf_counter() - began
    stop.set()
    reader.join()
    took.sort()
    p95 = took[len(took) * 95 // 100]
    print(f"full rebuild: {seconds:.1f} s; of processor {python:.1f} s in Python (with the searches"
          f" meanwhile) and {postgres:.1f} s in PostgreSQL")  # fmt: skip
    print(f"searches meanwhile: p50 {statistics.median(took):.1f} ms, p95 {p95:.1f} ms")


def serve(pages, clock=None):
    server = Server(clock)
    try:
        for name, requests in pages:
            beside_empty(name, server, requests)
    finally:
        server.stop()


def run():
    if Venue.objects.count() < VENUES:
        began = time.perf_counter()
        fill(VENUES)
        print(f"{VENUES:,} venues made in {time.perf_counter() - began:.0f} s", flush=True)
    if not can_be_used(timezone.now()):
        began = time.perf_counter()
        rebuild()
        analyze()
        print(f"first build: {time.perf_counter() - began:.1f} s", flush=True)
    search_alone(VENUES)
    growth()
    for count in (1, 100, 3000):
        if count <= VENUES:
            python, postgres = refresh_of(count, times=20 if count == 1 else 2)
            print(f"refresh after a change of {count}: {python:.1f} ms of processor in Python,"
                  f" {postgres:.1f} ms in PostgreSQL")  # fmt: skip
    print(f"\n{'':34} {'ratio':>6}   {'of CPU':>6}   {'empty/s':>7} {'page/s':>7}"
          f"   {'p50 ms':>7} {'p95 ms':>7}   {'py ms':>6} {'pg ms':>6}   (empty)")  # fmt: skip
    some = points(200)
    search = posts(some)
    for name, when in moments():
        serve([(f"search by location at {name}", search)], when)
    far = [Point(50_000 + 10 * n, 1_200_000, srid=27700) for n in range(50)]
    slugs = list(Venue.objects.values_list("slug", flat=True)[:500:10])
    serve(
        [
            ("100 km from every venue", posts(far)),
            ("typed postcode", [("POST", "/", {"location": POSTCODE})]),
            ("typed town", [("POST", "/", {"location": TOWN})]),
            ("list of all places, 20 pages", [("GET", f"/map/?page={n}", None) for n in range(20)]),
            ("map data of 50 views", views(some[:50])),
            ("map data of all Britain", [("GET", "/map/places.geojson", None)]),
            ("50 venue pages", [("GET", f"/venues/{slug}/", None) for slug in slugs]),
            ("first page", [("GET", "/", None)]),
        ]
    )
    server = Server()
    try:
        weigh(server, "first page", "/")
        weigh(server, "answer", *search[0][1:])
        weigh(server, "venue page", f"/venues/{slugs[0]}/")
        visit(server, search)
    finally:
        server.stop()
    rebuild_while_searching()


def with_database_of_its_own(do):
    """Create a database beside the one of the settings, migrate it, and drop it at the end."""
    mine = f"{connection.settings_dict['NAME']}_bench"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [mine])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{mine}"')
    connection.close()
    before, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    os.environ["DATABASE_URL"] = f"{before}/{mine}"
    for command in (["migrate"], ["createcachetable"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            cwd=settings.BASE_DIR,
            check=True,
        )
    there, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], mine
    try:
        do()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = there
        if not os.environ.get("KEEP"):
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{mine}" WITH (FORCE)')


with_database_of_its_own(run)
