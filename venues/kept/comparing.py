"""Compares the kept rows with the rules, corrects and reports differences."""

import datetime
import logging
from collections import defaultdict
from collections.abc import Collection

from django.db import connection
from django.utils import timezone

from venues.models import KeptDay, KeptListing, KeptProof, KeptRepair, KeptVenue, SignUp

from .rows import kept_days, listed_sql
from .writing import can_be_used, rebuild, refresh, refresh_left_over

logger = logging.getLogger(__name__)

SHOWN_FOR = datetime.timedelta(days=90)
"""How long a repair is shown to the operator."""

SLICES = 24
"""Hours of the day: each compares the hours and facts of its share of the venues."""


def keep_up(at: datetime.datetime | None = None) -> int:
    """Rebuild the kept listings after midnight or a release; otherwise compare and heal them.

    Returns how many venues had wrong rows. The finder uses the rules themselves until a rebuild is
    done.
    """
    now = at or timezone.now()
    days = kept_days(now)
    if not can_be_used(now) or KeptDay.objects.filter(day__in=days).count() < len(days):
        return len(rebuild(now))
    refresh_left_over()
    return len(heal(now))


def heal(at: datetime.datetime) -> set[int]:
    """Refresh rows that differ from the rules, and report each: something changed unnoticed.

    Who is listed, and by whom, is compared for all venues; hours, facts and proofs for a part of
    them each hour, so that everything is compared once a day.
    """
    days = kept_days(at)
    hour = int(at.timestamp() // 3600) % SLICES
    kept = KeptVenue.objects.values_list("pk", flat=True)
    members = SignUp.objects.approved().values_list("venue_id", flat=True)
    keys = {key for key in kept.union(members) if key % SLICES == hour}
    for day in days:
        keys |= _differing(day)
    before = _said_of(keys)
    healed = refresh(keys, at)
    after = _said_of(healed)
    repairs = []
    for key in sorted(healed):
        what = [name for name in KeptRepair.What if before[name].get(key) != after[name].get(key)]
        logger.warning(
            "The kept listing of venue %s was out of date, and was refreshed: %s.",
            key,
            ", ".join(what),
        )
        repairs.append(KeptRepair(venue_id=key, found_at=at, what=what))
    KeptRepair.objects.bulk_create(repairs)
    KeptRepair.objects.filter(found_at__lt=at - SHOWN_FOR).delete()
    return healed


def _said_of(keys: Collection[int]) -> dict[str, dict[int, list]]:
    """What the rows of these venues say now, for each KeptRepair.What: per venue, all values."""
    listings = KeptListing.objects.filter(venue__in=keys).order_by("day")
    venues = KeptVenue.objects.filter(pk__in=keys)
    rows = {
        KeptRepair.What.LISTED: [
            listings.values_list("venue_id", "day", "schemes", "badges", "what_to_say", "point")
        ],
        KeptRepair.What.HOURS: [
            listings.values_list("venue_id", "day", "open_at", "unsure_at"),
            venues.values_list("pk", "edges", "doubt", "confirmed_until", "unavailable_until"),
        ],
        KeptRepair.What.FACTS: [venues.values_list("pk", "facts")],
        KeptRepair.What.PROOFS: [
            KeptProof.objects.filter(sign_up__venue__in=keys).values_list(
                *("sign_up__venue_id", "sign_up_id", "requirement_id"),
                *("state", "held_until", "grace_until"),
            )
        ],
    }
    said: dict[str, dict[int, list]] = {}
    for what, queries in rows.items():
        found = said[what] = defaultdict(list)
        for query in queries:
            for key, *values in query:
                found[key].append(values)
    return said


def _differing(day: datetime.date) -> set[int]:
    """Venues whose kept listing and rule name different schemes, or that only one of them lists."""
    sql, params = listed_sql(day)
    by_rule = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT listed.venue, listed.scheme, listed.hides FROM ({sql})"
            " AS listed (venue, scheme, hides)"
            " JOIN venues_venue venue ON venue.id = listed.venue"
            " WHERE venue.merged_into_id IS NULL",
            params,
        )
        for venue, scheme, hides in cursor.fetchall():
            by_rule[venue] |= set() if hides else {scheme}
    rows = KeptListing.objects.filter(day=day).values_list("venue_id", "schemes")
    kept = {venue: set(schemes) for venue, schemes in rows}
    return {key for key in by_rule.keys() | kept.keys() if by_rule.get(key) != kept.get(key)}
