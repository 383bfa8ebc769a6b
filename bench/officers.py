"""How long officers' pages take: `bin/manage shell < bench/officers.py`, any database.

In one transaction that is rolled back: makes 300 venues, then 10,000, of which three in ten are in
two schemes, with everything that fills the lists; one organisation has 400 of them. For each list,
queue, decision page, change page and the organisation's pages it prints the processor time of page
and database, the best of several, and the number of queries. It ends with an error if a page takes
more than 300 ms or asks more of the larger number. `VENUES=` in the environment makes fewer.
"""

import datetime
import gc
import os
import random
import sys
import uuid

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.rules import SECOND_FACTOR_GIVEN
from bench.clock import Clock
from bench.making import (
    LONG_AGO,
    analyze,
    make_members,
    make_scheme,
    make_stickers,
    make_trained,
    usual_week,
)
from coverage.models import OtherPlace, Source
from partnership.models import Attendance, Issue, Meeting, UsageReturn
from partnership.periods import QUARTER, Period
from training.models import Enrolment, Module, Session
from venues.kept import rebuild
from venues.models import (
    Agreement,
    Enquiry,
    Event,
    Letter,
    Membership,
    Officer,
    Organisation,
    Post,
    SignUp,
    StaffMember,
)

SIZES = (300, int(os.environ.get("VENUES") or 10_000))
BRANCHES, TIMES, LIMIT = 400, 4, 300
ASKED = [
    ("opening_hours", "submission"),
    ("online_presence", "submission"),
    ("trained_people", "sticker"),
    ("sticker_displayed", "standing"),
    ("current_sticker", "standing"),
    ("usage_return", "standing"),
    ("meeting_attendance", "standing"),
]
QUEUES = ("waiting", "missing", "in_grace", "lapsing", "hours", "to_issue", "to_send", "to_agree")
NAMES = ("Copper", "Kettle", "Library", "Harbour", "Bakery", "Church", "Corner", "Bell", "Crown")
ROWS = {"batch_size": 5000}


def make(size, user):
    """The officer of the first scheme, and a sign-up each of what the pages are opened for."""
    rng, now = random.Random(1), timezone.now()
    first, second = (make_scheme(ASKED, user, slug=f"bench-{letter}") for letter in "ab")
    module = Module.objects.create(slug="bench", title="Bench", summary="Bench", minutes=30)
    chain = Organisation.objects.create(name="Bench Stores", sector="commercial")
    alone = Organisation.objects.bulk_create(
        Organisation(name=f"{rng.choice(NAMES)} {rng.choice(NAMES)} {n}", sector="commercial")
        for n in range(size // 2)
    )
    branches = min(BRANCHES, size // 2)
    owners = [chain] * branches + [alone[n % len(alone)] for n in range(size - branches)]
    points = [
        (400_000 + rng.random() * 60_000, 100_000 + rng.random() * 60_000) for __ in range(size)
    ]
    # One pair is perhaps the same place, whatever the size: the venues of pairs are one more query.
    points[1] = (points[0][0] + 5, points[0][1])
    sign_ups = make_members(
        first,
        lambda n: owners[n],
        points,
        usual_week,
        user,
        name=lambda n: f"{rng.choice(NAMES)} {rng.choice(NAMES)} {n}",
        town=lambda n: f"Benchton {n % 40}",
        postcode=lambda n: f"ZB{n % 90 + 10} {n // 90 % 10}{'ABDEFGHJLN'[n // 900 % 10]}A",
        address_1=lambda n: f"{n} Bench Street",
        public_point=lambda n: Point(*points[n], srid=27700),
        listing="public",
        website="https://example.org/",
        contact_email=lambda n: f"bench{n}@example.org",
        listing_chosen_at=now,
        point_confirmed_at=now,
        hours_confirmed_at=lambda n: now - datetime.timedelta(days=rng.randrange(100)),
    )
    shared = SignUp.objects.bulk_create(
        SignUp(
            venue=each.venue,
            scheme=second,
            reference=f"X{n:08d}",
            state="approved",
            listed_since=LONG_AGO,
            **dict.fromkeys(("started_by", "submitted_by", "approved_by"), user),
            **dict.fromkeys(("submitted_at", "approved_at"), LONG_AGO),
        )
        for n, each in enumerate(each for n, each in enumerate(sign_ups) if n % 10 < 3)
    )
    SignUp.objects.filter(scheme=first).update(listed_since=LONG_AGO)
    waiting = SignUp.objects.filter(pk__in=[each.pk for each in sign_ups[::25]])
    waiting.update(state="submitted", approved_at=None, approved_by=None, listed_since=None)
    members = [each for n, each in enumerate(sign_ups) if n % 25]
    make_trained(members[::20] + shared, user)
    make_stickers(
        [each for n, each in enumerate(members) if n % 100] + shared,
        user,
        start=1,
        displayed_at=lambda n: now if n % 20 else None,
        displayed_by=lambda n: user if n % 20 else None,
        sent_at=lambda n: LONG_AGO if n % 40 else None,
        sent_by=lambda n: user if n % 40 else None,
        expires_on=lambda n: now.date() + datetime.timedelta(days=n % 400 - 2),
    )
    fill(sign_ups, members, shared, module, user, rng)
    officer = make_officer("bench-officer@example.org", first)
    Membership.objects.create(organisation=chain, user=officer)
    return officer, sign_ups[7], sign_ups[0], chain


def make_officer(email, scheme):
    officer = get_user_model().objects.create(email=email, is_staff=True)
    Officer.objects.create(scheme=scheme, user=officer, role=Officer.Role.ADMINISTRATOR)
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    return officer


def fill(sign_ups, members, shared, module, user, rng):
    """What the other lists show: agreements, people, returns, meetings, letters, events."""
    now, both = timezone.now(), [*sign_ups, *shared]
    principles = {each.scheme_id: list(each.scheme.principles.all()) for each in both}
    Agreement.objects.bulk_create(
        (
            Agreement(
                sign_up=sign_up,
                principle=principle,
                version=1,
                wording=principle.wording,
                answer="we_do",
                agreed_by=user,
                agreed_at=LONG_AGO,
            )
            for sign_up in both
            for principle in principles[sign_up.scheme_id]
        ),
        **ROWS,
    )
    people = StaffMember.objects.bulk_create(
        (StaffMember(organisation=each.venue.organisation, first_name="Sam") for each in sign_ups),
        **ROWS,
    )
    Post.objects.bulk_create(
        (
            Post(staff_member=person, venue=each.venue, from_date=LONG_AGO)
            for person, each in zip(people, sign_ups, strict=True)
        ),
        **ROWS,
    )
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                staff_member=person,
                module=module,
                module_version=1,
                scheme=sign_ups[0].scheme,
                enrolled_by=user,
                code_expires_at=now,
                score=90,
                pass_mark=80,
                check_passed_at=LONG_AGO,
                completed_at=LONG_AGO,
                valid_until=datetime.date(2099, 1, 1),
                certificate_code=uuid.uuid4().hex[:10].upper(),
            )
            for person in people
        ),
        **ROWS,
    )
    quarters = Period.containing(QUARTER, timezone.localdate()).previous.last(4)
    UsageReturn.objects.bulk_create(
        (
            UsageReturn(
                sign_up=each,
                year=quarter.year,
                number=quarter.number,
                people=rng.randrange(9),
                way="portal",
                sent_at=now,
            )
            for each in [*members, *shared]
            for quarter in quarters
            if rng.random() < 0.9
        ),
        **ROWS,
    )
    meetings = [
        Meeting.objects.create(
            scheme=sign_ups[0].scheme,
            starts_at=now - datetime.timedelta(days=90 * n + 1),
            address="Town hall",
            state="held",
            held_at=now,
            held_by=user,
        )
        for n in range(4)
    ]
    owners = {each.venue.organisation_id for each in sign_ups}
    Attendance.objects.bulk_create(
        (
            Attendance(
                meeting=meeting,
                organisation_id=owner,
                outcome="present",
                taken_at=now,
                taken_by=user,
            )
            for meeting in meetings
            for owner in owners
        ),
        **ROWS,
    )
    Session.objects.bulk_create(
        Session(
            scheme=sign_ups[0].scheme,
            module=module,
            starts_at=now + datetime.timedelta(days=n - 100, minutes=n),
            minutes=60,
            address="Town hall",
            capacity=20,
            planned_by=user,
        )
        for n in range(200)
    )
    Issue.objects.bulk_create(
        (
            Issue(
                scheme=each.scheme,
                sign_up=each,
                theme=Issue.Theme.values[0],
                urgency=Issue.Urgency.values[0],
                text="The lock sticks.",
                raised_at=now,
            )
            for each in members[::4]
        ),
        **ROWS,
    )
    Enquiry.objects.bulk_create(
        Enquiry(scheme=each.scheme, name="Sam", venue_name="Bench", phone="01632 960000")
        for each in sign_ups[:200]
    )
    source = Source.objects.create(scheme=sign_ups[0].scheme, name="Bench", kind="library")
    OtherPlace.objects.bulk_create(
        (
            OtherPlace(source=source, reference=str(n), name=f"Place {n}", point=each.venue.point)
            for n, each in enumerate(sign_ups[::3])
        ),
        **ROWS,
    )
    about = [
        {
            "scheme": each.scheme,
            "organisation_id": each.venue.organisation_id,
            "venue": each.venue,
            "sign_up": each,
        }
        for each in both
    ]
    Event.objects.bulk_create(
        (
            Event(kind="venues.sign_up_approved", by=user, **each)
            for each in about
            for __ in range(5)
        ),
        **ROWS,
    )
    Letter.objects.bulk_create(
        (
            Letter(
                kind="venues.approve",
                subject="Your sign-up is approved",
                text="Thank you.",
                recipients=1,
                sent_at=now,
                **each,
            )
            for each in about
        ),
        **ROWS,
    )


def pages(officer, usual, waiting, chain):
    """Every address, under the name it is printed with."""
    request = RequestFactory().get("/admin/")
    request.user = officer
    yield reverse("admin:index")
    for model, desk in admin.site._registry.items():
        if desk.has_module_permission(request) and desk.has_view_permission(request):
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    sign_ups = reverse("admin:venues_signup_changelist")
    yield from (f"{sign_ups}?queue={queue}" for queue in QUEUES)
    yield f"{sign_ups}?q=kettle"
    yield reverse("admin:venues_venue_changelist") + "?q=kettle"
    yield reverse("admin:venues_organisation_changelist") + "?q=kettle"
    yield reverse("admin:same_places")
    for sign_up in (usual, waiting):
        yield reverse("admin:venues_signup_change", args=[sign_up.pk])
    venue = waiting.venue_id
    yield reverse("admin:venues_venue_change", args=[venue])
    yield reverse("admin:merge_venue_with", args=[venue]) + "?q=kettle"
    yield reverse("admin:venues_organisation_change", args=[chain.pk])
    yield reverse("admin:organisation_places", args=[chain.pk])
    quarter = Period.containing(QUARTER, timezone.localdate()).previous
    yield reverse("organisation_home", args=[chain.pk])
    yield reverse("organisation_csv", args=[chain.pk])
    yield reverse("branch_returns", args=[chain.pk, quarter])
    yield reverse("edit_branch_closures", args=[chain.pk])


def named(address):
    """The address without the keys that differ from one run to the next."""
    return "/".join("…" if part.isdecimal() else part for part in address.split("/"))


def measure(client, address):
    """(milliseconds of page, of database, number of queries), the best of several."""
    took = []
    for __ in range(TIMES):
        with Clock() as clock:
            response = client.get(address)
            b"".join(response) if response.streaming else response.content
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}")
        took.append((clock.page, clock.database))
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    if os.environ.get("SLOW") and sum(min(took, key=sum)) > LIMIT:
        for each in sorted(asked.captured_queries, key=lambda each: -float(each["time"]))[:3]:
            print("   ", each["time"], each["sql"][:1500])
    return *min(took, key=sum), len(asked)


def at_size(size):
    """By name of the page: what `measure` says. Nothing stays in the database."""
    with transaction.atomic():
        user = get_user_model().objects.create(email="bench@example.org")
        officer, *things = make(size, user)
        rebuild()  # as the worker does, so that the queues read kept proofs
        analyze()
        client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost")
        client.force_login(officer)
        session = client.session
        session[SECOND_FACTOR_GIVEN] = officer.pk
        session.save()
        found = {}
        for address in pages(officer, *things):
            found[named(address)] = measure(client, address)
        transaction.set_rollback(True)
    return found


def run():
    gc.collect()
    gc.freeze()  # as `safespaces.wsgi` does
    gc.set_threshold(20_000, 20, 20)
    small, large = (at_size(size) for size in SIZES)
    print(f"{'':60} {SIZES[0]:>6} {SIZES[1]:>8} venues, ms of page and of database; queries")
    wrong = 0
    for name, (page, database, queries) in large.items():
        before = small[name]
        slow = " <-- over the limit" if page + database > LIMIT else ""
        more = f" <-- {before[2]} with fewer" if before[2] != queries else ""
        wrong += bool(slow or more)
        print(
            f"{name:60} {sum(before[:2]):6.0f} {page + database:8.0f} = {page:4.0f} +"
            f" {database:4.0f} {queries:4}{slow}{more}"
        )
    if wrong:
        sys.exit(f"{wrong} pages take more than {LIMIT} ms or ask more the more there is.")


if __name__ in ("__main__", "django.core.management.commands.shell", "builtins"):
    run()
