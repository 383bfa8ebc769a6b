"""What part of the map is requested: a zoom and a box, both rounded.

Rounding leaves little trace of what somebody looked at, and lets one cached response serve many.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.gis.geos import Point, Polygon

from geography.grid import WGS84, to_wgs84, transform
from geography.models import BRITISH_NATIONAL_GRID

BRITAIN = (-9.0, 49.5, 2.5, 61.0)  # west, south, east, north
FIRST_ZOOM, LAST_ZOOM = 5, 18
STEP_DEGREES = 0.02
"""The finest box: more than a kilometre, however far somebody zooms in."""
MOST_STEPS = 12
"""Maximum width of a box in map tiles; a larger one is answered for a smaller zoom."""
METRES_PER_PIXEL = 156_543.03 * math.cos(math.radians(53))
"""At zoom 0, in the middle of Britain."""


@dataclass(frozen=True)
class MapView:
    """A zoom and a box in degrees that contains the one requested."""

    zoom: int
    west: float
    south: float
    east: float
    north: float

    @property
    def key(self) -> str:
        return f"{self.zoom}:{self.west}:{self.south}:{self.east}:{self.north}"

    @property
    def metres_per_pixel(self) -> float:
        return METRES_PER_PIXEL / 2**self.zoom

    @property
    def box(self) -> Polygon:
        """In grid metres; slightly larger, because the two systems are rotated against each
        other.
        """
        box = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        box.srid = WGS84
        box.transform(transform(WGS84, BRITISH_NATIONAL_GRID))
        return Polygon.from_bbox(box.extent)


def read_view(parameters: Mapping[str, str]) -> MapView:
    """The view for `zoom` and `box` (“west,south,east,north”); all of Britain if missing.

    Unreadable values count as missing: a map that shows too much is better than none.
    """
    zoom = _number(parameters.get("zoom", ""), FIRST_ZOOM, LAST_ZOOM)
    box = [_number(each, -180, 180) for each in parameters.get("box", "").split(",")[:5]]
    if zoom is None or len(box) != 4 or None in box or box[0] >= box[2] or box[1] >= box[3]:
        return MapView(FIRST_ZOOM + 1, *BRITAIN)
    west, south, east, north = box
    return _rounded(int(zoom), west, south, east, north)


def here_on_the_map(point: Point, *, is_rough: bool) -> str:
    """The origin of an answer, as JSON for `js/map.js`; without rings if it is only approximate."""
    longitude, latitude = to_wgs84(point)
    here = {"latitude": round(latitude, 5), "longitude": round(longitude, 5)}
    return json.dumps(here | ({"rough": True} if is_rough else {}))


def _rounded(zoom: int, west: float, south: float, east: float, north: float) -> MapView:
    west, east = max(west, BRITAIN[0]), min(east, BRITAIN[2])
    south, north = max(south, BRITAIN[1]), min(north, BRITAIN[3])
    if west >= east or south >= north:
        return MapView(FIRST_ZOOM + 1, *BRITAIN)
    while zoom > FIRST_ZOOM and max(east - west, north - south) > MOST_STEPS * _step(zoom):
        zoom -= 1
    step = _step(zoom)
    sides = (
        math.floor(west / step) * step,
        math.floor(south / step) * step,
        math.ceil(east / step) * step,
        math.ceil(north / step) * step,
    )
    return MapView(zoom, *(round(side, 6) for side in sides))


def _step(zoom: int) -> float:
    return max(360 / 2**zoom, STEP_DEGREES)


def _number(text: str, least: float, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if least <= number <= most else None
