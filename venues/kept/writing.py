"""Writes the kept rows: in the transaction that changed something, or all of them."""

import datetime
import logging
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.tasks import WORK, enqueue, task
from venues.models import KeptDay, KeptListing, KeptMark, KeptVenue, SignUp, Venue

from .proofs import keep_proofs
from .rows import Known, Rows, kept_days, rows_of
from .version import version

logger = logging.getLogger(__name__)

AT_ONCE = 2_000
"""Venues computed in one batch: about a second, and some megabytes."""

MOST_BEFORE_COMMIT = 5_000
"""Venues that a transaction refreshes before it commits. After a larger change the finder uses the
rules themselves until the rows are rebuilt.
"""

LOCKS = 256
LOCK_CLASS = 0x6B657074
"""Of the advisory locks: "kept" in ASCII."""


@transaction.atomic
def refresh(
    keys: Iterable[int],
    at: datetime.datetime | None = None,
    known: Known | None = None,
    *,
    changed: bool = False,
) -> set[int]:
    """Compute the kept rows of these venues; returns the venues whose rows were wrong.

    `changed` says that something about them did change, whether or not the rows show it: cached
    pages about them are out of date.

    Two transactions that change one venue are serialised: the later one computes after the earlier
    has committed, otherwise it would write what it saw before. `known` as in `rows_of`.
    """
    keys = sorted(set(keys))
    days = kept_days(at or timezone.now())
    _lock(keys)
    wrong: set[int] = set()
    wrong_proofs: set[int] = set()
    for some in _chunks(keys):
        wrong |= _write(some, rows_of(some, days, known), days)
        wrong_proofs |= keep_proofs(some, days[0])
    if wrong or changed:
        _stamp(keys if changed else sorted(wrong))
    return wrong | wrong_proofs


def _stamp(keys):
    """Tell readers that these rows changed. Called late, because others wait for it until the
    commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAMP_VENUES, [keys])
        cursor.execute(STAMP_DAYS)


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _lock(keys):
    """Wait for others that refresh any of these venues, until the end of the transaction.

    Does not lock the venues' own rows: actions lock those in their own order, and these locks come
    last. Few locks for many venues, because PostgreSQL has room for a few thousand in all.
    """
    numbers = sorted({key % LOCKS for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, number) FROM unnest(%s::int[]) AS number",
            [LOCK_CLASS, numbers],
        )


def _write(keys: list[int], rows: Rows, days: list[datetime.date]) -> set[int]:
    listings, venues = rows.listings, rows.venues
    of_listings = [
        [row.day for row in listings],
        [row.venue for row in listings],
        [row.schemes for row in listings],
        [row.badges for row in listings],
        [row.what_to_say for row in listings],
    ]
    # Each timetable is sent once, and named by its place in the list.
    timetables = list({row.hours: None for row in venues})
    place = {hours: number for number, hours in enumerate(timetables, start=1)}
    of_venues = [
        [row.venue for row in venues],
        [place[row.hours] for row in venues],
        [row.confirmed_until for row in venues],
        [row.unavailable_until for row in venues],
        [row.facts for row in venues],
    ]
    spans = [
        [day for __ in timetables for day in days],
        [number for number in place.values() for __ in days],
        [text for hours in timetables for text in hours.open_on],
        [text for hours in timetables for text in hours.doubt_on],
    ]
    timetabled = of_venues[:4]
    changed: set[int] = set()
    with connection.cursor() as cursor:
        for sql, params in (
            (FORGET_LISTINGS, [keys, *of_listings[:2]]),
            (FORGET_VENUES, [keys, of_venues[0]]),
            (
                KEEP_VENUES,
                [
                    [hours.edges for hours in timetables],
                    [hours.doubt for hours in timetables],
                    *of_venues,
                ],
            ),
            (KEEP_LISTINGS, [*spans, *timetabled, *of_listings]),
        ):
            cursor.execute(sql, params)
            changed.update(venue for (venue,) in cursor.fetchall())
    return changed


FORGET_LISTINGS = f"""
    DELETE FROM {KeptListing._meta.db_table} AS kept
    WHERE kept.venue_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM unnest(%s::date[], %s::bigint[]) AS row (day, venue)
        WHERE row.day = kept.day AND row.venue = kept.venue_id
    )
    RETURNING venue_id
"""
FORGET_VENUES = f"""
    DELETE FROM {KeptVenue._meta.db_table}
    WHERE venue_id = ANY(%s) AND venue_id <> ALL(%s::bigint[])
    RETURNING venue_id
"""
KEEP_VENUES = f"""
    INSERT INTO {KeptVenue._meta.db_table} AS kept
        (venue_id, edges, doubt, confirmed_until, unavailable_until, facts)
    WITH timetable AS MATERIALIZED (
        SELECT number, edges::timestamptz[] AS edges, doubt::timestamptz[] AS doubt
        FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS read (edges, doubt, number)
    )
    SELECT venue, timetable.edges, timetable.doubt, confirmed, unavailable, facts::jsonb
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[])
        AS row (venue, timetable, confirmed, unavailable, facts)
    JOIN timetable ON timetable.number = row.timetable
    ON CONFLICT (venue_id) DO UPDATE SET
        edges = excluded.edges, doubt = excluded.doubt, facts = excluded.facts,
        confirmed_until = excluded.confirmed_until, unavailable_until = excluded.unavailable_until
    WHERE (kept.edges, kept.doubt, kept.facts, kept.confirmed_until, kept.unavailable_until)
        IS DISTINCT FROM (excluded.edges, excluded.doubt, excluded.facts,
            excluded.confirmed_until, excluded.unavailable_until)
    RETURNING venue_id
"""
KEEP_LISTINGS = f"""
    INSERT INTO {KeptListing._meta.db_table} AS kept
        (day, venue_id, point, open_at, unsure_at, schemes, badges, what_to_say)
    WITH timetable AS MATERIALIZED (
        SELECT day, number, spans::tstzmultirange AS open,
            doubt::tstzmultirange - spans::tstzmultirange AS doubt
        FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::text[])
            AS read (day, number, spans, doubt)
    ), said AS MATERIALIZED (
        -- In the order of `venues.hours.model.hours_state`: it cannot help, its hours are not
        -- confirmed, it is open, they are unknown.
        SELECT venue, timetable, tstzmultirange(tstzrange(unavailable, NULL)) AS helps,
            CASE WHEN confirmed IS NULL THEN '{{}}'
                ELSE tstzmultirange(tstzrange(NULL, confirmed, '[]')) END AS is_confirmed,
            CASE WHEN confirmed IS NULL THEN '{{(,)}}'
                ELSE tstzmultirange(tstzrange(confirmed, NULL, '()')) END AS is_old
        FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
            AS read (venue, timetable, confirmed, unavailable)
    )
    SELECT row.day, row.venue, venue.public_point,
        timetable.open * said.is_confirmed * said.helps,
        (timetable.doubt + said.is_old) * said.helps,
        row.schemes::bigint[], row.badges::jsonb, row.what_to_say
    FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::text[], %s::text[])
        AS row (day, venue, schemes, badges, what_to_say)
    JOIN said ON said.venue = row.venue
    JOIN timetable ON timetable.number = said.timetable AND timetable.day = row.day
    JOIN {Venue._meta.db_table} AS venue ON venue.id = row.venue
    ON CONFLICT (day, venue_id) DO UPDATE SET
        point = excluded.point, open_at = excluded.open_at, unsure_at = excluded.unsure_at,
        schemes = excluded.schemes, badges = excluded.badges, what_to_say = excluded.what_to_say
    WHERE (kept.point, kept.open_at, kept.unsure_at, kept.schemes, kept.badges, kept.what_to_say)
        IS DISTINCT FROM (excluded.point, excluded.open_at, excluded.unsure_at, excluded.schemes,
            excluded.badges, excluded.what_to_say)
    RETURNING venue_id
"""


STAMP_VENUES = f"""
    UPDATE {KeptVenue._meta.db_table} SET changed_at = clock_timestamp() WHERE venue_id = ANY(%s)
"""
STAMP_DAYS = f"""
    UPDATE {KeptDay._meta.db_table} SET made_at = clock_timestamp()
    WHERE day IN (SELECT day FROM {KeptDay._meta.db_table} ORDER BY day FOR UPDATE)
"""


def can_be_used(at: datetime.datetime) -> bool:
    """Whether the kept rows of the day of `at` are complete and computed by this very release."""
    return KeptDay.objects.filter(day=timezone.localdate(at), version=version()).exists()


MY_MARKS = f"""
    SELECT DISTINCT venue_id FROM {KeptMark._meta.db_table}
    WHERE made_in = pg_current_xact_id_if_assigned()::text::bigint
    LIMIT %s
"""
FORGET_MY_MARKS = f"""
    DELETE FROM {KeptMark._meta.db_table}
    WHERE made_in = pg_current_xact_id_if_assigned()::text::bigint
"""


def refresh_marked() -> int:
    """Refresh what this transaction changed, according to its marks; returns how many venues.

    Runs before each commit. If it cannot, the marks stay, and nobody uses kept rows until
    `refresh_left_over` or `rebuild` has caught up.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('safespaces.kept_marks', true)")
        if cursor.fetchone()[0] != "made":
            return 0
        cursor.execute(MY_MARKS, [MOST_BEFORE_COMMIT + 1])
        keys = [key for (key,) in cursor.fetchall()]
    if not keys or not can_be_used(timezone.now()):
        return 0
    if len(keys) > MOST_BEFORE_COMMIT:
        enqueue(catch_up)
        return 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            refresh(keys, changed=True)
            cursor.execute(FORGET_MY_MARKS)
    except Exception:
        # The transaction must not fail because of rows that can be computed again.
        logger.exception("The kept rows of %s venues could not be refreshed.", len(keys))
        return 0
    return len(keys)


def refresh_left_over() -> int:
    """Refresh what was changed without being refreshed; returns how many venues."""
    marks = KeptMark.objects.values_list("venue_id", flat=True).distinct()
    keys = sorted(marks)
    for some in _chunks(keys):
        _refresh_and_unmark(some, timezone.now())
    return len(keys)


@task(queue=WORK, words=_("Kept listings after a large change"))
def catch_up() -> int:
    """Refresh what a very large change left to the worker."""
    return refresh_left_over()


@transaction.atomic
def _refresh_and_unmark(keys, now, known=None):
    _lock(keys)
    # The marks seen now are of changes seen below; a later one stays for the next run.
    marks = list(KeptMark.objects.filter(venue_id__in=keys).values_list("pk", flat=True))
    wrong = refresh(keys, now, known, changed=bool(marks))
    KeptMark.objects.filter(pk__in=marks).delete()
    return wrong


def rebuild(at: datetime.datetime | None = None) -> set[int]:
    """Compute all kept rows; returns the venues whose rows were wrong.

    In batches, each in its own transaction: readers see correct rows throughout, and anybody who
    changes a venue waits a second at most. Neighbours are written together, because a search reads
    neighbours.
    """
    now = at or timezone.now()
    days = kept_days(now)
    members = SignUp.objects.approved().filter(venue=OuterRef("pk"))
    listable = Venue.objects.filter(Exists(members))
    # PostGIS orders points along a Hilbert curve.
    keys = list(listable.order_by("public_point").values_list("pk", flat=True))
    gone = set(KeptVenue.objects.values_list("pk", flat=True)) - set(keys)
    changed: set[int] = set()
    known = Known()
    for some in [*_chunks(keys), *_chunks(sorted(gone))]:
        changed |= _refresh_and_unmark(some, now, known)
    for day in days:
        KeptDay.objects.update_or_create(
            day=day, defaults={"version": version(), "has_proofs": day == days[0]}
        )
    KeptDay.objects.exclude(day__in=days).delete()
    refresh_left_over()
    return changed
