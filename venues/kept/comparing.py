"""Compares the kept rows with the rules, corrects and reports differences."""

import datetime
import logging
from collections import defaultdict

from django.db import connection
from django.utils import timezone

from venues.models import KeptDay, KeptListing, KeptVenue, SignUp

from .rows import kept_days, listed_sql
from .writing import can_be_used, rebuild, refresh, refresh_left_over

logger = logging.getLogger(__name__)

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
    healed = refresh(keys, at)
    for key in sorted(healed):
        logger.warning("The kept listing of venue %s was out of date, and was refreshed.", key)
    return healed


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
