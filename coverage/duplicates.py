"""Which other spaces may be our venues under another name."""

from dataclasses import dataclass

from django.db import connection

from coverage.models import OtherPlace
from venues.likeness import likeness
from venues.models import Venue

NEAR = 400
"""Metres. A postcode's point may be this far from the door."""
AT_THE_DOOR = 25
LIKE, LIKE_AT_THE_DOOR = 0.65, 0.5
MOST = 200


@dataclass(frozen=True)
class Pair:
    """A space and a venue that may be the same; `likeness` of their names is between 0 and 1."""

    other_place: OtherPlace
    venue: Venue
    metres: float
    likeness: float


def possible_duplicates(other_places, venues, most: int = MOST) -> list[Pair]:
    """Pairs from two querysets that are close and similarly named, the most similar first.

    Linked spaces, and pairs marked as different, are left out.
    """
    near = _near(other_places.candidates(), venues)
    known = other_places.select_related("source__scheme").in_bulk(
        [other_place for other_place, _v, _m in near]
    )
    ours = Venue.objects.in_bulk([venue for _p, venue, _m in near])
    pairs = []
    for other_place_id, venue_id, metres in near:
        other_place, venue = known[other_place_id], ours[venue_id]
        like = likeness(other_place.name, venue.name, kinds=(other_place.kind, venue.type))
        close = metres <= AT_THE_DOOR or (
            other_place.postcode and other_place.postcode == venue.postcode
        )
        if like >= (LIKE_AT_THE_DOOR if close else LIKE):
            pairs.append(Pair(other_place, venue, metres, like))
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.metres))[:most]


def _near(other_places, venues):
    """(other place id, venue id, metres) of pairs within NEAR, in one query."""
    other_place_ids, other_place_params = (
        other_places.order_by().values("pk").query.sql_with_params()
    )
    venue_ids, venue_params = venues.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other.id, venue.id, ST_Distance(other.point, venue.point) AS metres"
            " FROM coverage_otherplace AS other"
            " JOIN venues_venue AS venue ON ST_DWithin(other.point, venue.point, %s)"
            f" WHERE other.id IN ({other_place_ids}) AND venue.id IN ({venue_ids})"
            " AND NOT EXISTS (SELECT FROM coverage_notthesame AS said"
            " WHERE said.other_place_id = other.id AND said.venue_id = venue.id)"
            " ORDER BY metres, 1, 2 LIMIT 5000",
            [NEAR, *other_place_params, *venue_params],
        )
        return cursor.fetchall()
