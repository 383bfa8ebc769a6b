"""What the map draws: listed places and the outlines of the schemes' areas, as GeoJSON."""

import datetime
import json

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.db.models import F, Func
from django.utils import timezone

from geography.geojson import feature_collection
from geography.grid import WGS84
from geography.models import BRITISH_NATIONAL_GRID, Area
from signposting.rules import listed_venues
from venues.hours.model import HoursState
from venues.listing import badge_names
from venues.models import Scheme, Venue

DECIMALS = 5
"""About a metre."""

OUTLINE_METRES = 30
"""How far an outline may be from the true boundary: unseen on the map, a tenth of the bytes."""


class Simplified(Func):
    """A boundary with fewer corners; the last argument is the metres it may be off."""

    function = "ST_SimplifyPreserveTopology"
    output_field = MultiPolygonField(srid=BRITISH_NATIONAL_GRID)


def places(when: datetime.datetime, scheme: Scheme | None = None) -> str:
    """Listed places with a public point: exact ones at their door, area-only ones roughly.

    With a `scheme`, those that it lists and that show its badge.
    """
    today = timezone.localdate(when)
    named = badge_names(today, scheme)
    labels = dict(HoursState.choices)
    kinds = dict(Venue.Type.choices)
    rows = (
        listed_venues(today, scheme)
        .with_hours_state(when)
        .exclude(public_point=None)
        .annotate(at=_wgs84("public_point"))
        .order_by("town", "name", "pk")
        .values_list("pk", "slug", "name", "town", "type", "listing", "hours_state", "at")
    )
    return _text(
        {
            "type": "Feature",
            "id": slug,
            "geometry": json.loads(at),
            "properties": {
                "name": name,
                "town": town,
                "kind": str(kinds.get(kind, "")),
                "state": state,
                "hours": str(labels[state]),
                "exact": listing == Venue.Listing.PUBLIC,
                "schemes": named.get(pk, []),
            },
        }
        for pk, slug, name, town, kind, listing, state, at in rows
    )


def areas_of_schemes(scheme: Scheme | None = None) -> str:
    """The outlines of the areas of the schemes that the public may see, or of one of them."""
    shown = Scheme.objects.shown()
    if scheme:
        shown = shown.filter(pk=scheme.pk)
    areas = (
        Area.objects.filter(pk__in=shown.values("area"))
        .annotate(
            outline=AsGeoJSON(
                Transform(Simplified(F("boundary"), OUTLINE_METRES), WGS84), precision=DECIMALS
            )
        )
        .order_by("name", "pk")
        .values_list("code", "name", "outline")
    )
    return _text(
        {
            "type": "Feature",
            "id": code,
            "geometry": json.loads(outline),
            "properties": {"name": name},
        }
        for code, name, outline in areas
    )


def _wgs84(field: str) -> AsGeoJSON:
    return AsGeoJSON(Transform(field, WGS84), precision=DECIMALS)


def _text(features) -> str:
    return json.dumps(feature_collection(features), separators=(",", ":"), ensure_ascii=False)
