"""Every listed place, town by town: the list beside the map, how many are open, and their
extent.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.utils import timezone

from common.drawn import Drawn
from geography.grid import to_wgs84
from geography.models import BRITISH_NATIONAL_GRID
from signposting.cards import Badge, Card, card_of
from signposting.rules import KEPT_SECONDS, hidden_places, listed_venues, with_what_a_page_says
from venues.hours.model import HoursState
from venues.kept import (
    KeptPlace,
    count_open,
    keys_in_order,
    outermost,
    places_of,
)
from venues.models import Scheme, Venue


@dataclass(frozen=True)
class AllPlaces:
    """May be cached for `KEPT_SECONDS`, so it holds keys and numbers instead of places."""

    keys: list[int]
    """Town by town, then by name."""
    open: int
    extent: tuple[float, float, float, float] | None
    """West, south, east and north in degrees around their public points; None without any."""

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def extent_text(self) -> str:
        """For `js/map.js`; empty if no place is on the map."""
        return ",".join(str(round(each, 5)) for each in self.extent or ())


_orders = Drawn(most=32, seconds=KEPT_SECONDS)
_counts = Drawn(most=32, seconds=KEPT_SECONDS)


def all_places(
    when: datetime.datetime, scheme: Scheme | None = None, at: datetime.datetime | None = None
) -> AllPlaces:
    """All places listed at `when`; with a `scheme`, those it lists.

    From the kept listings, whose `stamp` at that moment is `at`; if that is None, by the rules.
    """
    if at is None:
        return _some_seconds_old(when, scheme)
    key = (at, scheme and scheme.pk)
    order, extent = _orders.get(
        key, lambda: (keys_in_order(when, scheme), _extent(outermost(when, scheme)))
    )
    number = _counts.get((*key, moment_of(when)), lambda: count_open(when, scheme))
    return AllPlaces(keys=order, open=number, extent=extent)


def moment_of(when: datetime.datetime) -> int:
    """The same for KEPT_SECONDS; no minute begins within one."""
    return int(when.timestamp() // KEPT_SECONDS)


def cards_of(
    keys: Sequence[int], when: datetime.datetime, at: datetime.datetime | None = None
) -> dict[int, Card]:
    """Cards of the venues with these keys, in this order; in a constant number of queries.

    A venue that is no longer listed is left out: the keys may be some seconds old. `at` as for
    `all_places`.
    """
    return cards_by_rule(keys, when) if at is None else kept_cards(keys, when)


def kept_cards(keys: Sequence[int], when: datetime.datetime) -> dict[int, Card]:
    """The same from the kept listings, which can be used."""
    return {place.venue: card_of_kept(place, when) for place in places_of(keys, when)}


def card_of_kept(place: KeptPlace, when: datetime.datetime) -> Card:
    """As `card_of`, of a kept place that was read for the moment `when`."""
    facts = place.facts
    return Card(
        **facts | {"offers": tuple(facts["offers"])},
        when=when,
        state=place.state,
        until=place.until,
        always=place.is_always_open(when),
        opens_next=place.opens_next,
        cannot_help=place.cannot_help,
        badges=tuple(Badge(slug=slug, name=name) for slug, name in place.badges),
        say=place.what_to_say,
    )


def cards_by_rule(keys: Sequence[int], when: datetime.datetime) -> dict[int, Card]:
    """The same from the rules of listing and of hours."""
    found = Venue.objects.filter(pk__in=keys).with_hours_state(when).in_bulk()
    venues = [found[key] for key in keys if key in found]
    with_what_a_page_says(venues, when)
    return {venue.pk: card_of(venue, when) for venue in venues if venue.listed_sign_ups}


def _some_seconds_old(when: datetime.datetime, scheme: Scheme | None) -> AllPlaces:
    key = f"signposting.all:{timezone.localdate(when)}:{scheme.pk if scheme else ''}"
    found: AllPlaces | None = cache.get_or_set(
        f"{key}:{hidden_places()}", lambda: places_by_rule(when, scheme), KEPT_SECONDS
    )
    return found or places_by_rule(when, scheme)


def places_by_rule(when: datetime.datetime, scheme: Scheme | None) -> AllPlaces:
    rows = list(
        listed_venues(timezone.localdate(when), scheme)
        .with_hours_state(when)
        .order_by("town", "name", "pk")
        .values_list("pk", "hours_state", "public_point")
    )
    points = [(point.x, point.y) for _pk, _state, point in rows if point is not None]
    corners = [pick(points, key=key) for key in (None, _north) for pick in (min, max) if points]
    return AllPlaces(
        keys=[pk for pk, _state, _point in rows],
        open=sum(state == HoursState.OPEN for _pk, state, _point in rows),
        extent=_extent(corners),
    )


def _north(point):
    return point[1], point[0]


def _extent(corners: Sequence[tuple[float, float]]) -> tuple[float, float, float, float] | None:
    """The extent from the outermost point in each direction: grid north is nearly true north."""
    if not corners:
        return None
    degrees = [to_wgs84(Point(*corner, srid=BRITISH_NATIONAL_GRID)) for corner in corners]
    longitudes, latitudes = zip(*degrees, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
