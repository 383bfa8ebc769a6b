"""Every listed place, town by town: the list beside the map, how many are open, and their
extent.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from geography.grid import to_wgs84
from signposting.cards import Card, card_of
from signposting.rules import KEPT_SECONDS, hidden_places, listed_venues, with_what_a_page_says
from venues.hours.model import HoursState
from venues.models import Scheme, Venue


@dataclass(frozen=True)
class AllPlaces:
    """Cached for `KEPT_SECONDS`, so it holds keys and numbers instead of places."""

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


def all_places(when: datetime.datetime, scheme: Scheme | None = None) -> AllPlaces:
    """All places listed at `when`; with a `scheme`, those it lists."""
    key = f"signposting.all:{timezone.localdate(when)}:{scheme.pk if scheme else ''}"
    found: AllPlaces | None = cache.get_or_set(
        f"{key}:{hidden_places()}", lambda: _all_places(when, scheme), KEPT_SECONDS
    )
    return found or _all_places(when, scheme)


def cards_of(keys: Sequence[int], when: datetime.datetime) -> dict[int, Card]:
    """Cards of the venues with these keys, in this order; in a constant number of queries.

    A venue that is no longer listed is left out: the keys may be some seconds old.
    """
    found = Venue.objects.filter(pk__in=keys).with_hours_state(when).in_bulk()
    venues = [found[key] for key in keys if key in found]
    with_what_a_page_says(venues, when)
    return {venue.pk: card_of(venue, when) for venue in venues if venue.listed_sign_ups}


def _all_places(when: datetime.datetime, scheme: Scheme | None) -> AllPlaces:
    rows = list(
        listed_venues(timezone.localdate(when), scheme)
        .with_hours_state(when)
        .order_by("town", "name", "pk")
        .values_list("pk", "hours_state", "public_point")
    )
    points = [point for _pk, _state, point in rows if point is not None]
    return AllPlaces(
        keys=[pk for pk, _state, _point in rows],
        open=sum(state == HoursState.OPEN for _pk, state, _point in rows),
        extent=_extent(points) if points else None,
    )


def _extent(points) -> tuple[float, float, float, float]:
    """The extent from the outermost point in each direction: grid north is nearly true north."""
    corners = [
        to_wgs84(point)
        for key in (lambda point: point.x, lambda point: point.y)
        for point in (min(points, key=key), max(points, key=key))
    ]
    longitudes, latitudes = zip(*corners, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
