"""GeoJSON as in RFC 7946: WGS84, longitude first, outer rings anticlockwise, no `crs`."""

from itertools import pairwise

from django.contrib.gis.geos import GEOSGeometry

from .grid import WGS84, transform
from .models import BRITISH_NATIONAL_GRID

MEDIA_TYPE = "application/geo+json"


def feature(
    geometry: GEOSGeometry | None,
    properties: dict | None = None,
    *,
    id: int | str | None = None,
    decimals: int = 6,
) -> dict:
    """One Feature of a geometry on the grid; six decimals are about 10 cm, five about a metre."""
    made = {"type": "Feature", "geometry": geojson(geometry, decimals=decimals)}
    if id is not None:
        made["id"] = id
    return made | {"properties": properties or {}}


def feature_collection(features) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


def geojson(geometry: GEOSGeometry | None, *, decimals: int = 6) -> dict | None:
    """A geometry on the grid (Point, LineString, Polygon or Multi...) as a GeoJSON geometry."""
    if geometry is None:
        return None
    moved = geometry.transform(transform(BRITISH_NATIONAL_GRID, WGS84), clone=True)
    return {
        "type": moved.geom_type,
        "coordinates": _wound(moved.geom_type, _rounded(moved.coords, decimals)),
    }


def _rounded(coordinates, decimals: int) -> list:
    if isinstance(coordinates[0], (int, float)):
        return [round(number, decimals) for number in coordinates]
    return [_rounded(part, decimals) for part in coordinates]


def _wound(geom_type: str, coordinates: list) -> list:
    if geom_type == "MultiPolygon":
        return [_wound("Polygon", polygon) for polygon in coordinates]
    if geom_type == "Polygon":
        return [
            ring if _is_anticlockwise(ring) == (index == 0) else ring[::-1]
            for index, ring in enumerate(coordinates)
        ]
    return coordinates


def _is_anticlockwise(ring: list) -> bool:
    twice_the_area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return twice_the_area > 0
