"""How long officers' pages take: `bin/manage shell < bench/officers.py`, any database.

Works in one transaction that is rolled back: makes 10,000 venues of which 3,000 are in two schemes,
spread over a county, each with hours, an agreement and a sticker; then says how many queries and
how many milliseconds each list page, the decision page and the pages of a place and an organisation
take, the median of several. `MOST` of `VENUES=` in the environment makes fewer.
"""

import datetime
import os
import random
import statistics
import time

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from venues.models import (
    Agreement,
    Event,
    Letter,
    Membership,
    Officer,
    OpeningHours,
    Organisation,
    Principle,
    Requirement,
    Scheme,
    SignUp,
    Sticker,
    Venue,
)

VENUES = int(os.environ.get("VENUES") or 10_000)
SHARED, TIMES, LIMIT = VENUES * 3 // 10, 5, 300
ASKED = [
    ("opening_hours", "submission"),
    ("online_presence", "submission"),
    ("trained_people", "sticker"),
    ("sticker_displayed", "standing"),
    ("current_sticker", "standing"),
]


def schemes(user):
    found = []
    for number in (1, 2):
        scheme = Scheme.objects.create(
            name=f"Bench {number}",
            slug=f"bench-officers-{number}",
            council=f"Bench {number}",
            opened_at=timezone.now(),
            opened_by=user,
        )
        for order, (evidence, stage) in enumerate(ASKED, start=1):
            principle = Principle.objects.create(
                scheme=scheme, order=order, title=evidence, wording=evidence
            )
            Requirement.objects.create(
                principle=principle,
                evidence=evidence,
                needed_for=stage,
                subject="bench" if evidence == "trained_people" else "",
                asked_since=datetime.date(2020, 1, 1),
            )
        Officer.objects.create(scheme=scheme, user=user, role=Officer.Role.ADMINISTRATOR)
        found.append(scheme)
    return found


def places(first, user, rng):
    now = timezone.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Bench Organisation {n}", sector="commercial")
        for n in range(VENUES // 2)
    )
    Membership.objects.bulk_create(
        Membership(organisation=each, user=user) for each in organisations[:20]
    )
    venues = Venue.objects.bulk_create(
        (
            Venue(
                organisation=organisations[n % len(organisations)],
                lead_scheme=first,
                name=f"{rng.choice(NAMES)} {rng.choice(NAMES)} {n}",
                slug=f"bench-officers-{n}",
                type="cafe",
                address_1=f"{n} Bench Street",
                town=f"Benchton {n % 40}",
                postcode=f"ZB{n % 90 + 10} {n % 9}AA",
                point=(
                    at := Point(
                        400_000 + rng.random() * 60_000, 100_000 + rng.random() * 60_000, srid=27700
                    )
                ),
                public_point=at,
                listing="public",
                contact_email=f"bench{n}@example.org",
                listing_chosen_at=now,
                point_confirmed_at=now,
                hours_confirmed_at=now - datetime.timedelta(days=rng.randrange(120)),
            )
            for n in range(VENUES)
        ),
        batch_size=1000,
    )
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(
                venue=venue, weekday=day, opens="09:00", closes="17:30", valid_from="2020-01-01"
            )
            for venue in venues
            for day in range(5)
        ),
        batch_size=5000,
    )
    return venues


NAMES = ("Copper", "Kettle", "Library", "Harbour", "Bakery", "Church", "Corner", "Bell", "Crown")


def join(venues, scheme, letter, user, rng):
    now, long_ago = timezone.now(), timezone.now() - datetime.timedelta(days=500)
    sign_ups = SignUp.objects.bulk_create(
        (
            SignUp(
                venue=venue,
                scheme=scheme,
                reference=f"{letter}{n:07}",
                state="submitted" if n % 25 == 0 else "approved",
                started_by=user,
                submitted_at=long_ago,
                submitted_by=user,
                approved_at=None if n % 25 == 0 else long_ago,
                approved_by=None if n % 25 == 0 else user,
            )
            for n, venue in enumerate(venues)
        ),
        batch_size=1000,
    )
    for sign_up in sign_ups:
        sign_up.started_at = long_ago
    Sticker.objects.bulk_create(
        (
            Sticker(
                sign_up=sign_up,
                number=n + 1,
                code=f"{letter}{n:07}",
                issued_at=long_ago,
                issued_by=user,
                displayed_at=now if n % 5 else None,
                displayed_by=user if n % 5 else None,
                expires_on=now.date() + datetime.timedelta(days=rng.randrange(-20, 365)),
            )
            for n, sign_up in enumerate(sign_ups)
            if sign_up.state == "approved"
        ),
        batch_size=1000,
    )
    principles = list(scheme.principles.all())
    Agreement.objects.bulk_create(
        (
            Agreement(
                sign_up=sign_up,
                principle=principle,
                version=1,
                wording=principle.wording,
                answer="we_do",
                agreed_by=user,
                agreed_at=long_ago,
            )
            for sign_up in sign_ups
            for principle in principles
        ),
        batch_size=5000,
    )
    Event.objects.bulk_create(
        (
            Event(
                kind="venues.sign_up_approved",
                by=user,
                scheme=scheme,
                organisation_id=sign_up.venue.organisation_id,
                venue=sign_up.venue,
                sign_up=sign_up,
            )
            for sign_up in sign_ups
            for __ in range(3)
        ),
        batch_size=5000,
    )
    Letter.objects.bulk_create(
        (
            Letter(
                kind="venues.approve",
                scheme=scheme,
                organisation_id=sign_up.venue.organisation_id,
                venue=sign_up.venue,
                sign_up=sign_up,
                subject="Your sign-up is approved",
                text="Thank you.",
                recipients=1,
                sent_at=now,
            )
            for sign_up in sign_ups
        ),
        batch_size=5000,
    )
    return sign_ups


def measure(client, address):
    took = []
    for __ in range(TIMES):
        began = time.perf_counter()
        response = client.get(address)
        b"".join(response) if response.streaming else response.content
        took.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            print(f"{address:60} answers {response.status_code}")
            return
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    in_database = sum(float(each["time"]) for each in asked.captured_queries) * 1000
    slow = "  <-- over the limit" if statistics.median(took) > LIMIT else ""
    print(
        f"{address.split('?')[0]:60} median {statistics.median(took):6.0f} ms, best "
        f"{min(took):6.0f}, {len(asked)} queries, {in_database:.0f} ms of them{slow}"
    )
    if slow and os.environ.get("SLOW"):
        for each in sorted(asked.captured_queries, key=lambda each: -float(each["time"]))[:3]:
            print("   ", each["time"], each["sql"][:1500])


def lists(user):
    """The changelist of every model that an officer may open."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, desk in admin.site._registry.items():
        if desk.has_module_permission(request) and desk.has_view_permission(request):
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def run():
    with transaction.atomic():
        user = get_user_model().objects.create(email="bench-officers@example.org", is_staff=True)
        rng = random.Random(1)
        first, second = schemes(user)
        venues = places(first, user, rng)
        sign_ups = join(venues, first, "A", user, rng)
        join(venues[:SHARED], second, "B", user, rng)
        officer = get_user_model().objects.create(email="bench-one@example.org", is_staff=True)
        Officer.objects.create(scheme=first, user=officer, role=Officer.Role.ADMINISTRATOR)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost")
        client.force_login(officer)
        measure(client, reverse("admin:index"))
        for address in lists(officer):
            measure(client, address)
        for queue in ("waiting", "missing", "in_grace", "lapsing", "hours", "to_issue"):
            measure(client, reverse("admin:venues_signup_changelist") + f"?queue={queue}")
        measure(client, reverse("admin:venues_venue_changelist") + "?q=kettle")
        measure(client, reverse("admin:same_places"))
        measure(client, reverse("admin:venues_signup_change", args=[sign_ups[7].pk]))
        measure(client, reverse("admin:venues_signup_change", args=[sign_ups[0].pk]))
        measure(client, reverse("admin:venues_venue_change", args=[venues[7].pk]))
        owner = venues[7].organisation_id
        measure(client, reverse("admin:venues_organisation_change", args=[owner]))
        measure(client, reverse("admin:organisation_places", args=[owner]))
        measure(client, reverse("admin:merge_venue_with", args=[venues[7].pk]) + "?q=kettle")
        transaction.set_rollback(True)


run()
