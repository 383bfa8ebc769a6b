"""Which other spaces may be venues of ours under another name."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import connection

from coverage.models import OtherPlace
from geography.rules import search_name
from venues.models import Venue

NEAR = 400
"""Metres. A postcode's point may lie that far from the door."""
AT_THE_DOOR = 25
LIKE, LIKE_AT_THE_DOOR = 0.65, 0.5
MOST = 200
NOISE = frozenset(("the", "and", "of", "at", "in", "on", "a", "ltd", "limited", "plc", "formerly"))
KINDS = {
    "library": "library libraries",
    "pharmacy": "pharmacy pharmacies chemist chemists",
    "cafe": "cafe coffee tea restaurant kitchen",
    "faith": "church chapel mosque temple synagogue cathedral",
    "community": "community hall hub village youth",
    "pub": "pub bar inn arms tavern",
    "education": "school college university academy",
    "health": "surgery clinic hospital medical health",
    "sport": "leisure sports gym pool",
}
VAGUE = {"", "other", "community"}
"""Kinds that a list gives to whatever it holds."""
KIND_OF_WORD = {word: kind for kind, words in KINDS.items() for word in words.split()}


@dataclass(frozen=True)
class Pair:
    """A space and a venue that may be the same; `likeness` of their names is from 0 to 1."""

    other_place: OtherPlace
    venue: Venue
    metres: float
    likeness: float


def possible_duplicates(other_places, venues, most: int = MOST) -> list[Pair]:
    """Pairs from two querysets that are near and named alike, the likeliest first.

    Linked spaces, and pairs of which somebody said that they are two, are left out.
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
    """(other place id, venue id, metres) of those not further apart than NEAR, in one query."""
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


def likeness(one: str, other: str, *, kinds: tuple[str, str] = ("", "")) -> float:
    """How alike two names are, from 0 to 1: "Weston" is the "YMCA Weston Library"'s short name.

    A library and a pharmacy are not alike for their street's name. `kinds` are what is known of
    the two besides their names.
    """
    words, others = _words(one), _words(other)
    said, said_of_other = (
        {KIND_OF_WORD[word] for word in each if word in KIND_OF_WORD} | ({kind} - VAGUE)
        for each, kind in zip((words, others), kinds, strict=True)
    )
    own, own_of_other = (
        [word for word in each if word not in KIND_OF_WORD] for each in (words, others)
    )
    if not own or not own_of_other:  # "The Library" has no other name
        own, own_of_other = words, others
    if not own or not own_of_other:
        return 0
    small, large = sorted((set(own), set(own_of_other)), key=len)
    if small <= large:
        like = 0.8 + 0.2 * len(small) / len(large)
    else:
        like = SequenceMatcher(None, " ".join(sorted(own)), " ".join(sorted(own_of_other))).ratio()
    differ = said and said_of_other and not said & said_of_other
    return like * (0.5 if differ else 1)


def _words(name: str) -> list[str]:
    return [word for word in search_name(name).split() if word not in NOISE]
