"""A drawn boundary: read from GeoJSON or merged from official areas, and validated."""

import json
import re

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.utils.translation import gettext as _

from common.refusals import Refused
from geography import grid
from geography.importers.located import boundary_of
from geography.models import Area
from venues.models import Scheme

MOST_OUTSIDE = 0.05
"""Share of the area's surface: a hand-drawn line does not follow a boundary to the metre."""
SMALLEST = 500
"""Square metres: a straight line in longitude and latitude is slightly bent on the grid."""
MOST_CORNERS = 20_000


def read_geojson(text: str) -> GEOSGeometry:
    """The areas in GeoJSON (a geometry, a feature or several) as one geometry on the grid.

    Several areas are merged. A self-intersecting one is returned unchanged, for `fault` to report.
    Raises Refused.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(_("This is not GeoJSON.")) from None
    shapes = [_shape(geometry) for geometry in _geometries(data)]
    if not shapes:
        raise Refused(_("There is no area in this GeoJSON."))
    return united(shapes)


def _geometries(data: object) -> list:
    if not isinstance(data, dict):
        return []
    if data.get("type") == "FeatureCollection":
        features = data.get("features")
        return [
            each.get("geometry")
            for each in (features if isinstance(features, list) else [])
            if isinstance(each, dict)
        ]
    return [data.get("geometry") if data.get("type") == "Feature" else data]


def _shape(geometry: object) -> GEOSGeometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Refused(_("Only areas can be taken (Polygon or MultiPolygon)."))
    shape, why = boundary_of(kind, geometry.get("coordinates"), grid.WGS84, repair=False)
    if shape is None:
        raise Refused(_("The area cannot be read: %(why)s") % {"why": why})
    if shape.num_coords > MOST_CORNERS:
        raise Refused(
            _("The area has more than %(most)s corners: make it simpler first.")
            % {"most": f"{MOST_CORNERS:,}"}
        )
    return shape


def of_codes(codes: list[str]) -> list[Area]:
    """The newest area of each code; raises Refused naming codes that were never imported."""
    found: dict[str, Area] = {}
    for area in Area.objects.filter(code__in=codes).order_by("vintage"):
        found[area.code] = area
    if unknown := [code for code in codes if code not in found]:
        raise Refused(
            _("No boundary has been imported for: %(codes)s.") % {"codes": ", ".join(unknown[:20])}
        )
    return list(found.values())


def united(shapes: list[GEOSGeometry]) -> GEOSGeometry:
    """Merge geometries. A single one is returned unchanged, so that its faults can be reported."""
    whole = shapes[0]
    for shape in shapes[1:]:
        for each in (whole, shape):
            if not each.valid:
                return each
        whole = whole.union(shape)
    return whole


def fault(boundary: GEOSGeometry, scheme: Scheme) -> str:
    """What is wrong with a boundary, as a sentence; empty if nothing is."""
    if not boundary.valid:
        return _crosses(boundary)
    if boundary.empty or boundary.area < SMALLEST:
        return _("The area is empty: it needs at least three corners that are not on one line.")
    if scheme.area is not None:
        whole = scheme.area.boundary
        outside = 1 - boundary.intersection(whole).area / boundary.area
        if outside > MOST_OUTSIDE:
            return _("%(share)s %% of this area lies outside %(area)s, the area of %(scheme)s.") % {
                "share": round(outside * 100),
                "area": scheme.area,
                "scheme": scheme,
            }
    return ""


def _crosses(boundary: GEOSGeometry) -> str:
    reason = boundary.valid_reason
    at = re.search(r"\[(-?[\d.e+]+) (-?[\d.e+]+)", reason)
    if at is None:
        return _("The boundary crosses itself, or has a hole outside.")
    east, north = float(at[1]), float(at[2])
    other_place = Point(east, north, srid=grid.BRITISH_NATIONAL_GRID)
    longitude, latitude = grid.to_wgs84(other_place)
    return _(
        "The boundary crosses itself at latitude %(latitude)s, longitude %(longitude)s"
        " (grid %(east)s, %(north)s)."
    ) % {
        "latitude": f"{latitude:.5f}",
        "longitude": f"{longitude:.5f}",
        "east": round(east),
        "north": round(north),
    }


def as_multipolygon(boundary: GEOSGeometry) -> MultiPolygon:
    """The areas of a valid geometry, without heights, as the database stores them."""
    polygons = [boundary] if boundary.geom_type == "Polygon" else list(boundary)
    kept = [each for each in polygons if each.geom_type == "Polygon"]
    return MultiPolygon(*(_flat(each) for each in kept), srid=grid.BRITISH_NATIONAL_GRID)


def _flat(polygon):
    rings = [[corner[:2] for corner in ring] for ring in polygon.coords]
    return type(polygon)(*rings)
