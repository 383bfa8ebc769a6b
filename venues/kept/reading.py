"""Reads the kept rows: the places of a list or of a map, and the state of each at a moment.

Each function returns None if the rows cannot be used: the caller then uses the rules.
"""

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import connection
from django.utils import timezone

from venues.hours.model import HoursState
from venues.models import Scheme
from venues.models.venues import GRID

from .version import version

A_WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A kept venue at a moment. `facts` as returned by `venues.kept.facts.facts_of`."""

    venue: int
    state: HoursState
    until: datetime.datetime | None
    opens_next: datetime.datetime | None
    cannot_help: bool
    badges: list[tuple[str, str]]
    what_to_say: str
    facts: dict[str, Any]

    def is_always_open(self, when: datetime.datetime) -> bool:
        return self.until is not None and self.until - when > A_WEEK


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A listed venue, and how long an earlier rendering of its page stays valid."""

    venue: int
    stamp: tuple
    """Equal until anything about the venue changes, a door opens or closes, or a day ends."""


STAMP = """
    SELECT made_at FROM venues_keptday
    WHERE day = %s AND version = %s AND NOT EXISTS (SELECT FROM venues_keptmark)
"""


def stamp(at: datetime.datetime) -> datetime.datetime | None:
    """A value that changes whenever any kept row does; None while they cannot be used at all."""
    with connection.cursor() as cursor:
        cursor.execute(STAMP, [timezone.localdate(at), version()])
        row = cursor.fetchone()
    return row and row[0]


PAGE = """
    SELECT kept.venue_id, kept.changed_at, width_bucket(%s::timestamptz, kept.edges),
        width_bucket(%s::timestamptz, kept.doubt), kept.unavailable_until > %s,
        kept.confirmed_until < %s
    FROM venues_venue venue
    JOIN venues_keptvenue kept ON kept.venue_id = venue.id
    JOIN venues_keptlisting listing ON listing.venue_id = venue.id AND listing.day = %s
    WHERE venue.slug = %s AND NOT EXISTS (SELECT FROM venues_keptmark)
        AND EXISTS (SELECT FROM venues_keptday WHERE day = listing.day AND version = %s)
"""


def page_of_slug(slug: str, at: datetime.datetime) -> KeptPage | None:
    """None also if nobody lists it."""
    today = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(PAGE, [at, at, at, at, today, slug, version()])
        row = cursor.fetchone()
    return row and KeptPage(row[0], (today, *row[1:]))


IN_ORDER = """
    SELECT array_agg(venue.id ORDER BY venue.town, venue.name, venue.id)
    FROM venues_keptlisting listing JOIN venues_venue venue ON venue.id = listing.venue_id
    WHERE listing.day = %s AND (%s::bigint IS NULL OR %s = ANY (listing.schemes))
"""


def keys_in_order(at: datetime.datetime, scheme: Scheme | None) -> list[int]:
    """All listed places (by `scheme`, with its badge), by town and name."""
    only = scheme and scheme.pk
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER, [timezone.localdate(at), only, only])
        return cursor.fetchone()[0] or []


OPEN = """
    SELECT count(*) FROM venues_keptlisting listing
    WHERE listing.day = %s AND listing.open_at @> %s::timestamptz
        AND (%s::bigint IS NULL OR %s = ANY (listing.schemes))
"""


def count_open(at: datetime.datetime, scheme: Scheme | None) -> int:
    only = scheme and scheme.pk
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [timezone.localdate(at), at, only, only])
        return cursor.fetchone()[0]


CORNERS = """
    WITH here AS MATERIALIZED (
        SELECT ST_X(point) AS x, ST_Y(point) AS y FROM venues_keptlisting
        WHERE day = %s AND point IS NOT NULL AND (%s::bigint IS NULL OR %s = ANY (schemes))
    )
    (SELECT x, y FROM here ORDER BY x, y LIMIT 1)
    UNION ALL (SELECT x, y FROM here ORDER BY x DESC, y DESC LIMIT 1)
    UNION ALL (SELECT x, y FROM here ORDER BY y, x LIMIT 1)
    UNION ALL (SELECT x, y FROM here ORDER BY y DESC, x DESC LIMIT 1)
"""


def outermost(at: datetime.datetime, scheme: Scheme | None) -> list[tuple[float, float]]:
    """The grid points farthest west, east, south and north; empty without any point."""
    only = scheme and scheme.pk
    with connection.cursor() as cursor:
        cursor.execute(CORNERS, [timezone.localdate(at), only, only])
        return cursor.fetchall()


WITHIN = """
    SELECT listing.venue_id,
        CASE
            WHEN listing.open_at @> asked.moment THEN 'open'
            WHEN listing.unsure_at @> asked.moment THEN 'not_confirmed'
            ELSE 'closed'
        END,
        ST_X(listing.point), ST_Y(listing.point)
    FROM venues_keptlisting listing, (SELECT %s::timestamptz AS moment) AS asked
    WHERE listing.day = %s AND listing.point && ST_MakeEnvelope(%s, %s, %s, %s, %s)
        AND (%s::bigint IS NULL OR %s = ANY (listing.schemes))
    ORDER BY listing.venue_id
"""


def places_within(
    box: Polygon, at: datetime.datetime, scheme: Scheme | None
) -> list[tuple[int, str, float, float]]:
    """(venue, state, east, north) of each place in the `box` of grid metres, by venue."""
    only = scheme and scheme.pk
    west, south, east, north = box.extent
    with connection.cursor() as cursor:
        cursor.execute(
            WITHIN,
            [at, timezone.localdate(at), west, south, east, north, GRID, only, only],
        )
        return cursor.fetchall()


PLACES = """
    SELECT listing.venue_id, said.state, said.until, said.opens_next, said.cannot_help,
        listing.badges, listing.what_to_say, kept.facts
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (venue, place)
    JOIN venues_keptlisting listing ON listing.venue_id = asked.venue AND listing.day = %s
    JOIN venues_keptvenue kept ON kept.venue_id = asked.venue
    CROSS JOIN LATERAL venues_kept_moment(kept, %s) said
    ORDER BY asked.place
"""


def places_of(keys: Collection[int], at: datetime.datetime) -> list[KeptPlace]:
    """Those of these venues that are listed, in this order."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [list(keys), timezone.localdate(at), at])
        rows = cursor.fetchall()
    return [
        KeptPlace(
            venue=venue,
            state=HoursState(state),
            until=until,
            opens_next=opens_next,
            cannot_help=cannot_help,
            badges=json.loads(badges),
            what_to_say=say,
            facts=json.loads(facts),
        )
        for venue, state, until, opens_next, cannot_help, badges, say, facts in rows
    ]
