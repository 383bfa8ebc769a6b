"""Stops and stations from lists of other places, for the pages of places near them."""

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point

from coverage.models import OtherPlace
from venues.stops import Stop, register


def stops_near(point: Point, metres: int, most: int) -> list[Stop]:
    """The nearest of those in lists of stops, by name once: a stop has two sides of the road."""
    found = (
        OtherPlace.objects.stops()
        .near(point, metres)
        .annotate(distance=Distance("point", point))
        .order_by("distance", "pk")
        .values_list("name", "distance")
    )
    nearest: dict[str, Stop] = {}
    for name, distance in found[: 4 * most]:
        nearest.setdefault(name, Stop(name, distance.m))
    return list(nearest.values())[:most]


register(stops_near)
