"""Listed venues by the thousand for the benchmarks: `from bench.making import ...`."""

import datetime
import random
from collections.abc import Callable, Iterable, Sequence

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from accounts.models import User
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
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
BATCH = 2_000
Week = Sequence[tuple[int, datetime.time, datetime.time]]
"""(weekday, opens, closes)"""


def make_scheme(asked: Iterable[tuple[str, str]], user: User, slug: str = "bench") -> Scheme:
    """An open scheme that requires these (evidence, stage) pairs."""
    scheme = Scheme.objects.create(
        name=slug.replace("-", " ").capitalize(),
        slug=slug,
        council="Bench",
        opened_at=LONG_AGO,
        opened_by=user,
    )
    for order, (evidence, stage) in enumerate(asked, start=1):
        principle = Principle.objects.create(
            scheme=scheme, order=order, title=evidence, wording=evidence
        )
        Requirement.objects.create(
            principle=principle,
            evidence=evidence,
            needed_for=stage,
            of_last=4,
            asked_since=LONG_AGO.date(),
        )
    return scheme


def make_members(
    scheme: Scheme,
    organisation: Organisation | Callable[[int], Organisation],
    points: Iterable[tuple[float, float] | None],
    week_of: Callable[[int], Week],
    user: User,
    *,
    start: int = 0,
    since: datetime.datetime = LONG_AGO,
    **more,
) -> list[SignUp]:
    """Approved members with their hours. `more` are fields of each venue; a callable gets its
    number, that of `organisation` too.
    """
    slug = scheme.slug
    venues = Venue.objects.bulk_create(
        (
            Venue(
                organisation=organisation(number) if callable(organisation) else organisation,
                lead_scheme=scheme,
                slug=f"{slug}-{number}",
                point=point and Point(*point, srid=27700),
                **{
                    "name": f"Bench {number}",
                    "type": "cafe",
                    "hours_confirmed_at": timezone.now(),
                    **{key: each(number) if callable(each) else each for key, each in more.items()},
                },
            )
            for number, point in enumerate(points, start=start)
        ),
        batch_size=BATCH,
    )
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(
                venue=venue, weekday=day, opens=opens, closes=closes, valid_from=LONG_AGO.date()
            )
            for number, venue in enumerate(venues, start=start)
            for day, opens, closes in week_of(number)
        ),
        batch_size=BATCH * 7,
    )
    return SignUp.objects.bulk_create(
        (
            SignUp(
                venue=venue,
                scheme=scheme,
                reference=f"{slug[0].upper()}{number:08d}",
                state="approved",
                started_by=user,
                submitted_at=since,
                submitted_by=user,
                approved_at=since,
                approved_by=user,
            )
            for number, venue in enumerate(venues, start=start)
        ),
        batch_size=BATCH,
    )


def make_stickers(sign_ups: Iterable[SignUp], user: User, *, start: int = 0, **more) -> None:
    """A sticker for each sign-up. `more` as in `make_members`."""
    Sticker.objects.bulk_create(
        (
            Sticker(
                sign_up=sign_up,
                number=number,
                code=f"{sign_up.scheme.slug[:3].upper()}{number:08d}",
                issued_by=user,
                **{
                    "issued_at": timezone.now(),
                    "expires_on": LAST_DAY,
                    **{key: each(number) if callable(each) else each for key, each in more.items()},
                },
            )
            for number, sign_up in enumerate(sign_ups, start=start)
        ),
        batch_size=BATCH,
    )


def make_trained(sign_ups: Iterable[SignUp], user: User) -> None:
    """Earlier records stating that people were trained."""
    EvidenceRecord.objects.bulk_create(
        (
            EvidenceRecord(
                sign_up=sign_up, evidence="trained_people", valid_until=LAST_DAY, imported_by=user
            )
            for sign_up in sign_ups
        ),
        batch_size=BATCH,
    )


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def usual_week(number: int) -> Week:
    """Nine to five; one in fifty is open until two in the morning."""
    closes = datetime.time(2) if number % 50 == 0 else datetime.time(17)
    return [(day, datetime.time(9), closes) for day in range(7)]


def varied_week(rng: random.Random) -> Week:
    """Opening and closing at any quarter of an hour, as independent places do."""
    opens = datetime.time(rng.choice([7, 8, 9, 10]), rng.choice([0, 15, 30, 45]))
    closes = datetime.time(rng.choice([16, 17, 18, 20]), rng.choice([0, 15, 30, 45]))
    late = datetime.time(rng.choice([23, 0, 1, 2]), rng.choice([0, 30]))
    is_late = rng.random() < 0.02
    return [(day, opens, late if is_late else closes) for day in range(rng.choice([5, 6, 7]))]
