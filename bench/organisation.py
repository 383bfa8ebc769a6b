"""How long an organisation's page takes: `bin/manage shell < bench/organisation.py`, any database.

Works in one transaction that is rolled back: makes an organisation with 400 branches, each with
hours, a sticker and returns, in a scheme that asks for all of these; then says how many queries and
how many milliseconds the table, its CSV and the page of returns take, the median of several.
"""

import datetime
import random
import statistics
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.making import LONG_AGO, make_members, make_scheme, make_stickers
from partnership.models import UsageReturn
from partnership.periods import QUARTER, Period
from venues.models import Membership, Organisation, Requirement

BRANCHES, TIMES = 400, 7
ASKED = [
    ("opening_hours", "submission"),
    ("current_sticker", "standing"),
    ("sticker_displayed", "standing"),
    ("usage_return", "standing"),
    ("meeting_attendance", "standing"),
]


def make(user):
    """An organisation with 400 branches in one scheme, and its head office."""
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=800)
    scheme = make_scheme(ASKED, user, slug="bench-organisation")
    Requirement.objects.create(
        principle=scheme.principles.last(),
        evidence="trained_people",
        needed_for="sticker",
        subject="bench",
        asked_since=LONG_AGO.date(),
    )
    organisation = Organisation.objects.create(name="Bench Stores", sector="commercial")
    Membership.objects.create(organisation=organisation, user=user)
    rng = random.Random(1)
    week = [(day, datetime.time(9), datetime.time(17, 30)) for day in range(6)]
    sign_ups = make_members(
        scheme,
        organisation,
        [None] * BRANCHES,
        lambda number: week,
        user,
        since=long_ago,
        type="shop",
        hours_confirmed_at=lambda number: now - datetime.timedelta(days=rng.randrange(120)),
    )
    make_stickers(
        sign_ups,
        user,
        start=1,
        issued_at=long_ago,
        displayed_at=lambda number: now if number % 5 else None,
        displayed_by=lambda number: user if number % 5 else None,
        expires_on=lambda number: now.date() + datetime.timedelta(days=rng.randrange(5, 365)),
    )
    quarter = Period.containing(QUARTER, timezone.localdate()).previous
    UsageReturn.objects.bulk_create(
        UsageReturn(
            sign_up=sign_up,
            year=each.year,
            number=each.number,
            people=rng.randrange(9),
            way="portal",
            sent_at=now,
        )
        for sign_up in sign_ups
        for each in quarter.last(4)
        if rng.random() < 0.8
    )
    return organisation, quarter


def measure(client, address):
    took, worked = [], []
    for __ in range(TIMES):
        began, began_work = time.perf_counter(), time.process_time()
        response = client.get(address)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - began_work) * 1000)
        assert response.status_code == 200, response.status_code
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    in_database = sum(float(each["time"]) for each in asked.captured_queries) * 1000
    print(
        f"{address.split('?')[0]:60} median {statistics.median(took):6.0f} ms, "
        f"best {min(took):6.0f}, {min(worked):.0f} ms of processor, "
        f"{len(asked)} queries, {in_database:.0f} ms of them"
    )


def run():
    with transaction.atomic():
        user = get_user_model().objects.create(email="bench-organisation@example.org")
        organisation, quarter = make(user)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost")
        client.force_login(user)
        measure(client, reverse("organisation_home", args=[organisation.pk]))
        measure(client, reverse("organisation_csv", args=[organisation.pk]))
        measure(client, reverse("branch_returns", args=[organisation.pk, quarter]))
        measure(client, reverse("edit_branch_closures", args=[organisation.pk]))
        transaction.set_rollback(True)


run()
