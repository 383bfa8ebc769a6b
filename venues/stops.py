"""Stops and stations near a place, from the app that keeps lists of them.

That app registers its source in its own `stops.py`, so that a place's page can name them without
knowing who keeps them. Leaving the app out leaves the list empty.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from venues.models import Venue

MOST = 3
METRES = 800


@dataclass(frozen=True)
class Stop:
    """A stop or station, and how far it is in a straight line."""

    name: str
    metres: float

    @property
    def words(self) -> str:
        return _("%(stop)s, about %(metres)s metres") % {
            "stop": self.name,
            "metres": max(10, round(self.metres / 10) * 10),
        }


Source = Callable[[Point, int, int], list[Stop]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(point, metres, most)` gives the nearest stops within that distance, nearest first."""
    _sources.append(source)


def stops_near(venue: Venue) -> list[Stop]:
    """The nearest stops of a place whose whole address is public, nearest first.

    None for others: a stop would give away where they are.
    """
    if venue.listing != Venue.Listing.PUBLIC or venue.point is None:
        return []
    found = [stop for source in _sources for stop in source(venue.point, METRES, MOST)]
    return sorted(found, key=lambda stop: stop.metres)[:MOST]
