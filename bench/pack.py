"""How long a meeting pack takes: `bin/manage shell < bench/pack.py`, on any database.

Works in one transaction that is rolled back: makes 2,000 venues, each of an organisation of its
own, with eight quarters of returns and four meetings; then says how long it takes to add the last
quarter up, to put the pack together, and to write it as a page, as CSV and as PDF.
"""

import datetime
import random
import time

from django.contrib.auth import get_user_model
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geography.models import Area
from partnership.actions.figures import make_figures
from partnership.models import Attendance, Meeting, ReturnItem, UsageCount, UsageReturn
from partnership.pack import make_pack
from partnership.pack.pdf import pack_pdf
from partnership.pack.spreadsheet import pack_zip
from partnership.periods import QUARTER, Period
from venues.models import Organisation, Scheme, SignUp, Venue

VENUES, QUARTERS, MEETINGS = 2_000, 8, 4
LAST = Period(QUARTER, 2026, 3)
TODAY = datetime.date(2026, 11, 21)
REASONS = ["Did not ask", "Lost", "Unwell", "Threatened", "Followed", "Bullied", "Harassed"]
OUTCOMES = ["Did not ask", "Let in", "Calm space", "Somebody called", "Directions", "Police"]
TIMES = ["Did not ask", "Morning", "Afternoon", "Evening", "Night"]


def make_wards():
    """Forty squares of four kilometres."""
    for n in range(40):
        west, south = 434000 + n % 8 * 4000, 105000 + n // 8 * 4000
        square = Polygon.from_bbox((west, south, west + 4000, south + 4000))
        square.srid = 27700
        Area.objects.create(
            code=f"BENCH{n:04}", name=f"Ward {n}", kind="ward", boundary=MultiPolygon(square)
        )


def make_venues(rng, scheme, user):
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Organisation {n}", sector="community") for n in range(VENUES)
    )
    venues = Venue.objects.bulk_create(
        Venue(
            organisation=organisation,
            lead_scheme=scheme,
            name=f"Bench {n}",
            slug=f"bench-{n}",
            type="cafe",
            point=Point(rng.uniform(434000, 466000), rng.uniform(105000, 125000), srid=27700),
        )
        for n, organisation in enumerate(organisations)
    )
    long_ago = timezone.make_aware(datetime.datetime(2020, 1, 1))
    stamped = {"submitted_at": long_ago, "submitted_by": user, "approved_at": long_ago}
    return organisations, SignUp.objects.bulk_create(
        SignUp(
            venue=venue,
            scheme=scheme,
            reference=f"B{n:08}",
            state="approved",
            started_by=user,
            approved_by=user,
            **stamped,
        )
        for n, venue in enumerate(venues)
    )


def make_returns(rng, scheme, sign_ups):
    items = {
        kind: ReturnItem.objects.bulk_create(
            ReturnItem(scheme=scheme, kind=kind, label=label, order=order)
            for order, label in enumerate(labels)
        )
        for kind, labels in [("reason", REASONS), ("outcome", OUTCOMES), ("part_of_day", TIMES)]
    }
    for quarter in LAST.last(QUARTERS):
        sent_at = timezone.make_aware(
            datetime.datetime.combine(quarter.following.starts, datetime.time(12))
        )
        returns = UsageReturn.objects.bulk_create(
            UsageReturn(
                sign_up=sign_up,
                year=quarter.year,
                number=quarter.number,
                people=max(0, rng.randint(-3, 9)),
                way="link",
                sent_at=sent_at,
            )
            for sign_up in sign_ups
            if rng.random() < 0.9
        )
        counts = []
        for each in returns:
            for lines in items.values():
                chosen = {}
                for _person in range(each.people):
                    line = rng.choice(lines)
                    chosen[line] = chosen.get(line, 0) + 1
                counts += [
                    UsageCount(usage_return=each, item=line, count=n) for line, n in chosen.items()
                ]
        UsageCount.objects.bulk_create(counts)


def make_meetings(rng, scheme, user, organisations):
    for quarter in LAST.last(MEETINGS):
        at = timezone.make_aware(datetime.datetime.combine(quarter.starts, datetime.time(10)))
        meeting = Meeting.objects.create(
            scheme=scheme,
            state="held",
            starts_at=at,
            confirmed_at=at,
            confirmed_by=user,
            held_at=at,
            held_by=user,
        )
        Attendance.objects.bulk_create(
            Attendance(
                meeting=meeting,
                organisation=organisation,
                outcome=rng.choice(Attendance.Outcome.values),
                taken_at=at,
                taken_by=user,
            )
            for organisation in organisations
        )


def timed(what, make):
    with CaptureQueriesContext(connection) as queries:
        started, worked = time.perf_counter(), time.process_time()
        made = make()
        seconds, work = time.perf_counter() - started, time.process_time() - worked
    print(f"{what}: {seconds:.2f} s ({work:.2f} s of work here), {len(queries)} queries")
    return made


def run():
    rng = random.Random(4)
    user = get_user_model().objects.create_user("bench@example.org")
    scheme = Scheme.objects.create(name="Bench", slug="bench", council="Bench Council")
    make_wards()
    organisations, sign_ups = make_venues(rng, scheme, user)
    make_returns(rng, scheme, sign_ups)
    make_meetings(rng, scheme, user, organisations)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{VENUES} venues, {QUARTERS} quarters, {MEETINGS} meetings")
    for quarter in LAST.last(QUARTERS)[:-1]:
        make_figures(scheme, quarter, by=user)
    timed("the figures of a quarter", lambda: make_figures(scheme, LAST, by=user))
    pack = timed("the pack", lambda: make_pack(scheme, LAST, TODAY))
    print_page = {"pack": pack, "at": TODAY}
    timed("as a page", lambda: render_to_string("partnership/pack_print.html", print_page))
    timed("as CSV", lambda: pack_zip(pack))
    pdf = timed("as PDF", lambda: pack_pdf(pack, TODAY))
    print(f"{len(pdf) // 1024} kB")


with transaction.atomic():
    run()
    transaction.set_rollback(True)
