"""What the map around the pin shows: listed neighbours, and the boundaries of areas."""

import datetime

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Distance, Intersection
from django.contrib.gis.geos import Point, Polygon
from django.db.models import F, Func, Value

from geography.geojson import feature, feature_collection
from geography.models import BRITISH_NATIONAL_GRID, Area
from venues.models import Venue
from venues.models.venues import VenueQuerySet

NEAR = 300
"""Metres. Beyond this nobody confuses two buildings."""
MOST = 12
AROUND = 2000
"""Metres of outlines to each side of the pin."""
OFF_BY = 1
"""Tolerance of an outline in metres."""
LINES = ("LineString", "MultiLineString")


def listed_near(venue: Venue, point: Point, on: datetime.date) -> VenueQuerySet:
    """Other listed venues with an exact public location, nearest first, with `metres`.

    So a venue sees whether the place is there already. Contains nothing that is not public.
    """
    found = Venue.objects.listed(on).filter(
        listing=Venue.Listing.PUBLIC, public_point__dwithin=(point, NEAR)
    )
    near = found.exclude(pk=venue.pk).annotate(metres=Distance("public_point", point))
    return near.order_by("metres", "pk")[:MOST]


def outlines_around(point: Point) -> dict:
    """The boundaries of districts and wards within `AROUND` metres, from the newest year of each
    kind.

    A GeoJSON FeatureCollection of lines with `name` and `kind`; only pieces near the pin, because a
    district's whole boundary would be the largest part of the page.
    """
    box = Polygon.from_bbox(
        (point.x - AROUND, point.y - AROUND, point.x + AROUND, point.y + AROUND)
    )
    box.srid = BRITISH_NATIONAL_GRID
    kinds = [Area.Kind.DISTRICT, Area.Kind.WARD]
    on_grid = GeometryField(srid=BRITISH_NATIONAL_GRID)
    edge = Func(F("boundary"), function="ST_Boundary", output_field=on_grid)
    areas = (
        Area.objects.filter(kind__in=kinds, boundary__bboverlaps=box)
        .annotate(
            edge=Func(
                Intersection(edge, box),
                Value(OFF_BY),
                function="ST_Simplify",
                output_field=on_grid,
            )
        )
        .order_by("kind", F("vintage").desc(nulls_last=True), "code")
        .values_list("kind", "vintage", "name", "edge")
    )
    newest: dict[str, int | None] = {}
    return feature_collection(
        feature(edge, {"name": name, "kind": kind})
        for kind, vintage, name, edge in areas
        if newest.setdefault(kind, vintage) == vintage and edge and edge.geom_type in LINES
    )
