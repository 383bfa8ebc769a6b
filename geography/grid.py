"""Conversion between British National Grid and WGS84 (longitude, latitude).

Without the OSTN15 correction grid the result is accurate to 5 metres, enough for a door on a map.
Only these two fixed systems ever reach GDAL, never one named by a file or a visitor.
"""

import threading
from ctypes import POINTER, byref, c_double, c_int, c_void_p

from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.gdal.libgdal import lgdal
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from common.refusals import Refused

from .models import BRITISH_NATIONAL_GRID

WGS84 = 4326
EAST_END = 700_000
NORTH_END = 1_300_000
_transforms = threading.local()  # GDAL's transforms must not be shared between threads


def transform(source: int, target: int) -> CoordTransform:
    """The transformation from one of the two systems to the other, made once for each thread."""
    made = _transforms.__dict__
    if (source, target) not in made:
        made[source, target] = CoordTransform(SpatialReference(source), SpatialReference(target))
    return made[source, target]


_move = lgdal["OCTTransform"]  # a function of our own: its types are not set for Django's
_move.argtypes = [c_void_p, c_int, POINTER(c_double), POINTER(c_double), POINTER(c_double)]
_move.restype = c_int


def moved(x: float, y: float, source: int, target: int) -> tuple[float, float]:
    """One position from one of the two systems to the other; inf where it has none.

    By GDAL's function for numbers: making a geometry of a point only to move it takes ten times as
    long, and each search moves two.
    """
    there = c_double(x), c_double(y)
    _move(transform(source, target).ptr, 1, byref(there[0]), byref(there[1]), None)
    return there[0].value, there[1].value


def is_on_grid(easting: float, northing: float) -> bool:
    """Whether this could be in the United Kingdom; 0,0 and swapped coordinates could not."""
    return 0 < easting < EAST_END and 0 < northing < NORTH_END


def grid_point(easting: float, northing: float) -> Point:
    """A point on the grid, rounded to 0.1 m so that comparing two of them is meaningful."""
    if not is_on_grid(easting, northing):
        raise Refused(_("This point is not in the United Kingdom."))
    return Point(round(easting, 1), round(northing, 1), srid=BRITISH_NATIONAL_GRID)


def to_grid(longitude: float, latitude: float) -> Point:
    """The grid point of a longitude and latitude in degrees; Refused outside the United Kingdom."""
    if not (-10 < longitude < 4 and 49 < latitude < 62):
        raise Refused(_("This point is not in the United Kingdom."))
    return grid_point(*moved(longitude, latitude, WGS84, BRITISH_NATIONAL_GRID))


def to_wgs84(point: Point) -> tuple[float, float]:
    """(longitude, latitude) of a grid point, in degrees with six decimals (about 10 cm)."""
    x, y = moved(point.x, point.y, BRITISH_NATIONAL_GRID, WGS84)
    return round(x, 6), round(y, 6)
