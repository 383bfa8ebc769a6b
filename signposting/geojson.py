"""What the map draws of one view: places, clusters and outlines, as GeoJSON."""

import datetime
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface, Transform
from django.contrib.gis.geos import Point
from django.db.models import F, Func, Max, Q
from django.utils import timezone

from geography.geojson import feature_collection
from geography.grid import WGS84, to_wgs84
from geography.models import BRITISH_NATIONAL_GRID, Area
from signposting.all_places import cards_by_rule, kept_cards
from signposting.cards import Card
from signposting.map_views import MapView
from signposting.rules import listed_venues
from venues.hours.model import HoursState
from venues.kept import places_within, stamp
from venues.models import Scheme

DECIMALS = 5
"""About a metre."""

CLUSTER_PIXELS = 40
"""Places closer together than this on the screen become one marker with their number."""

LAST_CLUSTER_ZOOM = 16
"""Beyond this zoom every place has its own marker, because nobody could zoom in to separate them.
"""

WARDS_FROM_ZOOM = 10
OFF_BY_PIXELS = 0.7
"""Tolerance of an outline: invisible on the map, and a tenth of the bytes."""


class Simplified(Func):
    """A boundary with fewer corners; the last argument is the tolerance in metres."""

    function = "ST_SimplifyPreserveTopology"
    output_field = MultiPolygonField(srid=BRITISH_NATIONAL_GRID)


Located = tuple[int, str, float, float]
"""A venue, its HoursState, and its public point in metres of the grid, east and north."""


@dataclass
class Cluster:
    """Places represented by one marker, at their mean position in metres on the grid."""

    keys: list[int] = field(default_factory=list)
    east: float = 0
    north: float = 0
    open: int = 0

    def take(self, key: int, east: float, north: float, is_open: bool) -> None:
        count = len(self.keys)
        self.east = (self.east * count + east) / (count + 1)
        self.north = (self.north * count + north) / (count + 1)
        self.keys.append(key)
        self.open += is_open


def places(view: MapView, when: datetime.datetime, scheme: Scheme | None = None) -> str:
    """The listed places of the view: exact ones at their door, area-only ones approximately.

    With a `scheme`, those that it lists and that show its badge. Places that would overlap are one
    feature with their `count`; a single one carries the content of its popup.
    """
    drawn = places_kept if stamp(when) else places_by_rule
    return drawn(view, when, scheme)


def places_kept(view: MapView, when: datetime.datetime, scheme: Scheme | None = None) -> str:
    """As `places`, from the kept listings."""
    found = places_within(view.box, when, scheme)
    return _drawn(view, found, lambda keys: kept_cards(keys, when))


def places_by_rule(view: MapView, when: datetime.datetime, scheme: Scheme | None = None) -> str:
    """The same from the rules of listing and of hours."""
    found = (
        listed_venues(timezone.localdate(when), scheme)
        .filter(public_point__bboverlaps=view.box)
        .with_hours_state(when)
        .order_by("pk")
        .values_list("pk", "hours_state", "public_point")
    )
    rows = [(pk, state, point.x, point.y) for pk, state, point in found]
    return _drawn(view, rows, lambda keys: cards_by_rule(keys, when))


def _drawn(
    view: MapView, found: Iterable[Located], cards_of: Callable[[list[int]], dict[int, Card]]
) -> str:
    apart = view.metres_per_pixel * CLUSTER_PIXELS if view.zoom <= LAST_CLUSTER_ZOOM else 0
    clusters = _clusters(found, apart)
    cards = cards_of([each.keys[0] for each in clusters if len(each.keys) == 1])
    return _text(
        [
            *(_cluster(each) for each in clusters if len(each.keys) > 1),
            *(_place(card) for card in cards.values()),
        ]
    )


def clusters_of(found: Iterable[tuple[int, str, Point]], apart: float) -> list[Cluster]:
    """Put each place into the first cluster within `apart` metres, in one pass.

    Looks only at the nine grid cells around it, so the work grows linearly with the places.
    """
    return _clusters(((key, state, point.x, point.y) for key, state, point in found), apart)


def _clusters(found: Iterable[Located], apart: float) -> list[Cluster]:
    if not apart:
        return [_alone(*each) for each in found]
    cells: dict[tuple[int, int], list[Cluster]] = {}
    made: list[Cluster] = []
    within = apart**2
    for key, state, east, north in found:
        x, y = int(east // apart), int(north // apart)
        for cell in (
            *((x - 1, y - 1), (x - 1, y), (x - 1, y + 1), (x, y - 1), (x, y), (x, y + 1)),
            *((x + 1, y - 1), (x + 1, y), (x + 1, y + 1)),
        ):
            for each in cells.get(cell, ()):
                if (each.east - east) ** 2 + (each.north - north) ** 2 <= within:
                    each.take(key, east, north, state == HoursState.OPEN)
                    break
            else:
                continue
            break
        else:
            cluster = _alone(key, state, east, north)
            made.append(cluster)
            cells.setdefault((x, y), []).append(cluster)
    return made


def _alone(key: int, state: str, east: float, north: float) -> Cluster:
    return Cluster([key], east, north, int(state == HoursState.OPEN))


def _place(card: Card) -> dict:
    return {
        "type": "Feature",
        "id": card.slug,
        "geometry": _point(card.longitude, card.latitude),
        "properties": {
            "name": card.name,
            "town": card.town,
            "kind": card.kind_words,
            "state": card.state,
            "hours": card.status,
            "exact": card.is_exact,
            "schemes": [badge.name for badge in card.badges],
        },
    }


def _cluster(cluster: Cluster) -> dict:
    longitude, latitude = to_wgs84(Point(cluster.east, cluster.north, srid=BRITISH_NATIONAL_GRID))
    return {
        "type": "Feature",
        "geometry": _point(longitude, latitude),
        "properties": {"count": len(cluster.keys), "open": cluster.open},
    }


def _point(longitude: float | None, latitude: float | None) -> dict:
    return {
        "type": "Point",
        "coordinates": [round(longitude or 0, DECIMALS), round(latitude or 0, DECIMALS)],
    }


def outlines(view: MapView, scheme: Scheme | None = None) -> str:
    """Districts, wards and the schemes' own areas in the view, simplified to what can be seen.

    Anything not covered is water, or land that nobody has imported.
    """
    kinds = [Area.Kind.DISTRICT]
    if view.zoom >= WARDS_FROM_ZOOM:
        kinds.append(Area.Kind.WARD)
    newest = dict(
        Area.objects.filter(kind__in=kinds)
        .order_by()
        .values_list("kind")
        .annotate(newest=Max("vintage"))
    )
    shown = Scheme.objects.shown()
    if scheme:
        shown = shown.filter(pk=scheme.pk)
    own = Area.objects.exclude(kind=Area.Kind.WARD).filter(pk__in=shown.values("area"))
    drawn = Q(pk__in=own.values("pk"))
    for kind, vintage in newest.items():
        drawn |= Q(kind=kind, vintage=vintage)
    off_by = max(view.metres_per_pixel * OFF_BY_PIXELS, 1)
    areas = (
        Area.objects.filter(drawn, boundary__bboverlaps=view.box)
        .annotate(
            outline=AsGeoJSON(
                Transform(Simplified(F("boundary"), off_by), WGS84), precision=DECIMALS
            ),
            middle=AsGeoJSON(Transform(PointOnSurface("boundary"), WGS84), precision=DECIMALS),
        )
        .order_by("name", "pk")
        .values_list("code", "name", "kind", "outline", "middle")
    )
    return _text(
        {
            "type": "Feature",
            "id": code,
            "geometry": json.loads(outline),
            "properties": {
                "name": name,
                "kind": "ward" if kind == Area.Kind.WARD else "district",
                "middle": json.loads(middle)["coordinates"],
            },
        }
        for code, name, kind, outline, middle in areas
    )


def _text(features) -> str:
    return json.dumps(feature_collection(features), separators=(",", ":"), ensure_ascii=False)
