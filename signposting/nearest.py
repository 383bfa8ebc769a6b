"""The search: which listed places are nearest to a point at a moment."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from geography.nations import OFFICIAL_KINDS
from signposting.around import Around, read_around
from signposting.cards import Badge, Card, card_of, kept_card
from signposting.rules import prefetch_hours
from venues.hours.model import LONDON, HoursState
from venues.kept import version
from venues.listing import badges_among
from venues.models import Scheme, SignUp, Venue
from venues.models.sign_ups import SignUpQuerySet
from venues.models.venues import VenueQuerySet

FAR_METRES = 30_000
"""A place beyond this is no help on foot and is not shown."""

RINGS = [(0, 60), (60, 600), (600, 50_000)]
"""The nearest venues in the order they are searched: by day, late at night, at worst."""

LOOKED_AT = 60
"""Listed places; a closed one farther than this many others is of no interest."""
MOST_OPEN = 10
MOST_OTHERS = 5
LATE = datetime.time(22)


@dataclass(frozen=True)
class Wishes:
    """What a place must have to be shown."""

    facilities: frozenset[str] = frozenset()  # of Venue.FACILITIES and Venue.OFFERS
    language: str = ""  # as the venue writes it: “Polish”
    late: bool = False  # open at ten in the evening

    def __bool__(self) -> bool:
        return bool(self.facilities or self.language or self.late)

    def among(self, venues: VenueQuerySet, when: datetime.datetime) -> VenueQuerySet:
        """Those of `venues` that meet all wishes; “not known” is not a yes."""
        venues = venues.filter(**dict.fromkeys(self.facilities, True))
        if self.language:
            venues = venues.filter(languages__icontains=self.language)
        if self.late:
            late = Venue.objects.open_at(self.evening_of(when))
            venues = venues.filter(pk__in=late.values("pk"))
        return venues

    def of_kept(self, when: datetime.datetime) -> list:
        """The last arguments of `venues_nearest_kept`: facts, language, open when."""
        wanted: dict[str, object] = {}
        if here := self.facilities.intersection(Venue.FACILITIES):
            wanted["facilities"] = dict.fromkeys(here, True)
        if offers := self.facilities.difference(Venue.FACILITIES):
            wanted["offers"] = sorted(offers)
        return [json.dumps(wanted), self.language, self.evening_of(when) if self.late else None]

    @staticmethod
    def evening_of(when: datetime.datetime) -> datetime.datetime:
        """The moment at which a place that is open late has to be open, relative to `when`."""
        late = datetime.datetime.combine(timezone.localdate(when), LATE, tzinfo=LONDON)
        return max(when, late)


@dataclass(frozen=True)
class Nearest:
    """The places around a point, each list by distance."""

    open_now: list[Card] = field(default_factory=list)  # including those that close before arrival
    closed: list[Card] = field(default_factory=list)
    unknown: list[Card] = field(default_factory=list)  # hours that nobody has confirmed lately


def search(
    point: Point,
    when: datetime.datetime,
    scheme: Scheme | None = None,
    wishes: Wishes | None = None,
    *,
    is_rough: bool = False,
) -> tuple[Nearest, Around]:
    """The places around `point` (British National Grid) at the aware moment `when`, and whom to
    ring from there.

    With a `scheme`, only places that it lists and that show its badge. `is_rough` says that the
    point is only approximate, such as the centre of a town; the cards then show no minutes.

    Up to MOST_OPEN open places, the nearest within FAR_METRES, and up to MOST_OTHERS closed and
    unknown ones of the LOOKED_AT nearest listed places. From the kept listings, in one query; if
    those cannot be used, by the rules themselves, a hundred times slower.
    """
    found, around = _ask(point, when, scheme, wishes, is_rough)
    if found is None:
        found = nearest_by_rule(point, when, scheme, wishes, is_rough=is_rough)
    return found, around


def nearest(*asked: Any, **more: Any) -> Nearest:
    """Only the places of `search`, with the same arguments."""
    return search(*asked, **more)[0]


def nearest_kept(
    point: Point,
    when: datetime.datetime,
    scheme: Scheme | None = None,
    wishes: Wishes | None = None,
    *,
    is_rough: bool = False,
) -> Nearest | None:
    """The same from the kept listings; None if they are incomplete, or of another release."""
    return _ask(point, when, scheme, wishes, is_rough)[0]


def _ask(
    point: Point,
    when: datetime.datetime,
    scheme: Scheme | None,
    wishes: Wishes | None,
    is_rough: bool,
) -> tuple[Nearest | None, Around]:
    asked = (
        *(point.x, point.y, OFFICIAL_KINDS, when, scheme and scheme.pk, version()),
        *(FAR_METRES, LOOKED_AT, MOST_OPEN, MOST_OTHERS),
        *(wishes or Wishes()).of_kept(when),
    )
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, asked)
        *row, places = cursor.fetchone()
    found = None if places is None else _of_rows(json.loads(places), when, is_rough)
    return found, read_around(*row)


SEARCH = f"SELECT * FROM signposting_search({', '.join(['%s'] * 13)})"

A_WEEK = datetime.timedelta(days=7)
"""What is open for longer never closes, as in `venues.hours.timetable.never_closes`."""


def _of_rows(rows: Iterable[list], when: datetime.datetime, is_rough: bool) -> Nearest:
    """The places from the rows of `signposting_search`."""
    found = Nearest()
    lists = {
        HoursState.OPEN: found.open_now,
        HoursState.CLOSED: found.closed,
        HoursState.NOT_CONFIRMED: found.unknown,
    }
    for metres, state, until, opens_next, cannot_help, badges, say, facts in rows:
        closes = _moment(until)
        facts["offers"] = tuple(facts["offers"])
        card = kept_card(
            facts,
            when=when,
            state=STATES[state],
            until=closes,
            always=closes is not None and closes - when > A_WEEK,
            opens_next=_moment(opens_next),
            cannot_help=cannot_help,
            badges=tuple(Badge(slug=slug, name=name) for slug, name in badges),
            say=say,
            metres=metres,
            is_rough=is_rough,
        )
        lists[card.state].append(card)
    return found


STATES = {state.value: state for state in HoursState}


def _moment(seconds: float | None) -> datetime.datetime | None:
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def nearest_by_rule(
    point: Point,
    when: datetime.datetime,
    scheme: Scheme | None = None,
    wishes: Wishes | None = None,
    *,
    is_rough: bool = False,
) -> Nearest:
    """The same from the rules of listing and of hours, for any moment and any wishes.

    Fetches the nearest venues from the index ring by ring, because checking whether a venue is
    listed and open is far more expensive than its distance. By day one ring is enough.
    """
    found: list[Venue] = []
    with_hours = Venue.objects.with_hours_state(when).select_related("lead_scheme")
    listed = SignUp.objects.listed(timezone.localdate(when)).select_related("scheme")
    candidates = nearest_venues(point, scheme)
    if wishes:
        candidates = wishes.among(candidates, when)
    for first, last in RINGS:
        ring = with_hours.filter(pk__in=candidates.values("pk")[first:last]).near(point)
        is_full = len(found) >= LOOKED_AT
        if is_full:  # By now only open ones are missing.
            ring = ring.filter(hours_state=HoursState.OPEN)
        seen = list(ring)
        within = [venue for venue in seen if venue.metres.m <= FAR_METRES]
        found += _listed_of(within, listed, scheme)
        open_now = _in_state(found, HoursState.OPEN)
        # A ring that is not full contains everything; one that reaches past what is shown leaves
        # only farther venues to the next.
        is_last = len(within) < len(seen) or (not is_full and len(seen) < last - first)
        if is_last or (len(found) >= LOOKED_AT and len(open_now) >= MOST_OPEN):
            break
    near = sorted(found, key=_distance)[:LOOKED_AT]
    lists = {
        HoursState.OPEN: sorted(open_now, key=_distance)[:MOST_OPEN],
        HoursState.CLOSED: _in_state(near, HoursState.CLOSED)[:MOST_OTHERS],
        HoursState.NOT_CONFIRMED: _in_state(near, HoursState.NOT_CONFIRMED)[:MOST_OTHERS],
    }
    prefetch_hours([venue for venues in lists.values() for venue in venues], when)
    return Nearest(
        *(
            [card_of(venue, when, metres=venue.metres.m, is_rough=is_rough) for venue in venues]
            for venues in lists.values()
        )
    )


def _distance(venue: Venue) -> tuple[float, int]:
    """Sort key: two doors at one distance always come in the same order."""
    return venue.metres.m, venue.pk


def _in_state(found: list[Venue], state: HoursState) -> list[Venue]:
    return [venue for venue in found if venue.hours_state == state]


def nearest_venues(point: Point, scheme: Scheme | None = None) -> VenueQuerySet:
    """All venues with a public point, nearest first, straight from the spatial index.

    With a `scheme`, its members; the caller checks whether they are listed.
    """
    venues = Venue.objects.exclude(public_point=None)
    if scheme:
        members = SignUp.objects.approved().filter(scheme=scheme, venue=OuterRef("pk"))
        venues = venues.filter(Exists(members))
    return venues.near(point)


def _listed_of(venues: list[Venue], listed: SignUpQuerySet, scheme: Scheme | None) -> list[Venue]:
    """Those of `venues` that are listed (by `scheme`, if given), with their `listed_sign_ups`."""
    by_venue = defaultdict(list)
    for sign_up in listed.filter(venue__in=venues):
        by_venue[sign_up.venue_id].append(sign_up)
    for venue in venues:
        venue.listed_sign_ups = by_venue[venue.pk]
    if scheme:
        return [each for each in venues if scheme in badges_among(each.listed_sign_ups)]
    return [venue for venue in venues if venue.listed_sign_ups]
