"""Staffed places, for when nothing of ours is open near enough: the council chose them."""

import datetime
from functools import cache

from django.contrib.gis.db.backends.postgis.adapter import PostGISAdapter
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import FloatField, Func

from geography.grid import WGS84
from geography.models import BRITISH_NATIONAL_GRID
from signposting.cards import Card
from signposting.models import StaffedPlace
from signposting.nearest import A_WEEK, FAR_METRES
from signposting.written_hours import written_hours
from venues.hours.model import HoursState

SHOWN = 5
LOOKED_AT = 20
DECIMALS = 6
"""Of a degree, as in `geography.grid.to_wgs84`."""


def staffed_around(point: Point, when: datetime.datetime, *, is_rough: bool = False) -> list[Card]:
    """Cards of the nearest staffed places that are open at `when` and on arrival."""
    sql, parameters = _sql()
    here = PostGISAdapter(point)
    with connection.cursor() as cursor:
        cursor.execute(sql, [here if each is None else each for each in parameters])
        found = cursor.fetchall()
    cards = [_card(when, is_rough, *row) for row in found if row[-1] <= FAR_METRES]
    return [card for card in cards if card.is_reachable][:SHOWN]


@cache
def _sql() -> tuple[str, list]:
    """The query for any point, and its parameters with None for the point: putting it together
    takes Django ten times as long as PostgreSQL needs to answer it.
    """
    anywhere = Point(0, 0, srid=BRITISH_NATIONAL_GRID)
    at = Transform("point", WGS84)
    degrees = FloatField()
    places = (
        StaffedPlace.objects.public()
        .near(anywhere)
        .annotate(
            longitude=Func(at, function="ST_X", output_field=degrees),
            latitude=Func(at, function="ST_Y", output_field=degrees),
        )
        .values_list(
            *("name", "street", "postcode", "hours", "division"),
            *("longitude", "latitude", "metres"),
        )[:LOOKED_AT]
    )
    sql, parameters = places.query.sql_with_params()
    return sql, [None if isinstance(each, PostGISAdapter) else each for each in parameters]


def _card(
    when: datetime.datetime,
    is_rough: bool,
    name: str,
    street: str,
    postcode: str,
    hours: str,
    division: str,
    longitude: float,
    latitude: float,
    metres: float,
) -> Card:
    written = written_hours(hours, division)
    until = written.until(when)
    return Card(
        slug="",
        name=name,
        kind="",
        street=street,
        town="",
        postcode=postcode,
        landmark="",
        telephone="",
        is_exact=True,
        latitude=round(latitude, DECIMALS),
        longitude=round(longitude, DECIMALS),
        when=when,
        state=HoursState.CLOSED if until is None else HoursState.OPEN,
        until=until,
        always=until is not None and until - when > A_WEEK,
        opens_next=None,
        cannot_help=False,
        metres=metres,
        is_rough=is_rough,
    )
