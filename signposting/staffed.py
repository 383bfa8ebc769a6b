"""Staffed places, for when nothing of ours is open near enough: the council chose them."""

import datetime

from django.contrib.gis.geos import Point

from geography.grid import to_wgs84
from signposting.cards import Card
from signposting.models import StaffedPlace
from signposting.nearest import FAR_METRES
from signposting.written_hours import written_hours
from venues.hours.model import HoursState

SHOWN = 5
LOOKED_AT = 20


def staffed_around(point: Point, when: datetime.datetime, *, is_rough: bool = False) -> list[Card]:
    """Cards of the nearest staffed places that are open at `when` and on arrival."""
    found = StaffedPlace.objects.public().near(point)[:LOOKED_AT]
    cards = [_card(place, when, is_rough) for place in found if place.metres.m <= FAR_METRES]
    return [card for card in cards if card.is_reachable][:SHOWN]


def _card(place: StaffedPlace, when: datetime.datetime, is_rough: bool) -> Card:
    hours = written_hours(place.hours, place.division)
    until = hours.until(when)
    longitude, latitude = to_wgs84(place.point)
    return Card(
        slug="",
        name=place.name,
        kind="",
        street=place.street,
        town="",
        postcode=place.postcode,
        landmark="",
        telephone="",
        is_exact=True,
        latitude=latitude,
        longitude=longitude,
        when=when,
        state=HoursState.CLOSED if until is None else HoursState.OPEN,
        until=until,
        always=hours.is_always_open(when),
        opens_next=None,
        cannot_help=False,
        metres=place.metres.m,
        is_rough=is_rough,
    )
