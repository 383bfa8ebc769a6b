"""Measure a search: `bin/manage shell < bench/finder.py`, on a disposable database.

Runs in one transaction that is rolled back: creates 1,000 and then 10,000 listed venues around one
point, with typical opening hours, and prints the median of each query by day and by night.
"""

import datetime
import random
import statistics
import time
from functools import partial

from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from signposting.geojson import places
from signposting.nearest import nearest
from venues.hours.model import LONDON
from venues.models import (
    EvidenceRecord,
    OpeningHours,
    Organisation,
    Principle,
    Requirement,
    Scheme,
    SignUp,
    Sticker,
    Venue,
)

LAST_DAY = datetime.date(2099, 1, 1)


def make(count, rng, scheme, user, start):
    now = timezone.now()
    organisation = Organisation.objects.create(name=f"Bench {start}", sector="community")
    venues = Venue.objects.bulk_create(
        Venue(
            organisation=organisation,
            lead_scheme=scheme,
            name=f"Bench {start + n}",
            slug=f"bench-{start + n}",
            type="cafe",
            town=f"Town {n % 50}",
            point=Point(rng.gauss(450000, 8000), rng.gauss(115000, 8000), srid=27700),
            hours_confirmed_at=now,
        )
        for n in range(count)
    )
    # One in fifty is open at night, as in the measured figures of the design.
    OpeningHours.objects.bulk_create(
        OpeningHours(
            venue=venue,
            weekday=day,
            opens=datetime.time(9),
            closes=datetime.time(2) if n % 50 == 0 else datetime.time(17),
            valid_from=datetime.date(2020, 1, 1),
        )
        for n, venue in enumerate(venues)
        for day in range(7)
    )
    sign_ups = SignUp.objects.bulk_create(
        SignUp(
            venue=venue,
            scheme=scheme,
            reference=f"B{start + n:08d}",
            state="approved",
            started_by=user,
            submitted_at=now,
            submitted_by=user,
            approved_at=now,
            approved_by=user,
            listed_since=now.date(),  # as the hourly duty has noted
        )
        for n, venue in enumerate(venues)
    )
    Sticker.objects.bulk_create(
        Sticker(
            sign_up=sign_up,
            number=start + n,
            code=f"BENCH{start + n:07d}",
            issued_at=now,
            issued_by=user,
            expires_on=LAST_DAY,
        )
        for n, sign_up in enumerate(sign_ups)
    )
    EvidenceRecord.objects.bulk_create(
        EvidenceRecord(
            sign_up=sign_up, evidence="trained_people", valid_until=LAST_DAY, imported_by=user
        )
        for sign_up in sign_ups
    )


def median(question, times=15):
    took = []
    for _ in range(times):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def run():
    rng = random.Random(1)
    user = get_user_model().objects.create(email="bench@example.org")
    scheme = Scheme.objects.create(
        name="Bench", slug="bench", council="B", opened_at=timezone.now(), opened_by=user
    )
    needs = [("opening_hours", "submission"), ("trained_people", "sticker")]
    needs += [("online_presence", "submission"), ("sticker_displayed", "standing")]
    needs += [("current_sticker", "standing")]
    for order, (evidence, stage) in enumerate(needs, start=1):
        principle = Principle.objects.create(
            scheme=scheme, order=order, title=evidence, wording=evidence
        )
        Requirement.objects.create(principle=principle, evidence=evidence, needed_for=stage)
    here = Point(450000, 115000, srid=27700)
    today = timezone.localdate()
    moments = {
        "12:00": datetime.datetime.combine(today, datetime.time(12), LONDON),
        "23:00": datetime.datetime.combine(today, datetime.time(23), LONDON),
        "04:00": datetime.datetime.combine(today, datetime.time(4), LONDON),
    }
    start = 0
    for total in (1_000, 10_000):
        make(total - start, rng, scheme, user, start)
        start = total
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client, given = Client(), {"longitude": "-1.29", "latitude": "50.93"}
        for name, when in moments.items():
            say(total, f"nearest at {name}", partial(nearest, here, when))
        say(total, "whole answer, now", partial(client.post, "/", given))
        say(total, "GeoJSON, not kept", partial(places, timezone.now()), times=3)
        say(total, "list page, kept", partial(client.get, "/map/"), times=5)


def say(total, what, question, times=15):
    print(f"{total:6} venues  {what:20} {median(question, times):8.1f} ms")


with transaction.atomic():
    run()
    transaction.set_rollback(True)
