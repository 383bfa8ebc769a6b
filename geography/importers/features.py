"""The features of a GeoJSON file, one at a time, each checked before it reaches the database."""

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import ijson
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables.files import DAMAGED, opened
from geography.grid import EAST_END, NORTH_END, WGS84
from geography.models import BRITISH_NATIONAL_GRID

CHUNK = 4096
"""Bytes given to the parser at once. It keeps a path per nesting level, so depth is limited here.
"""
DEEPEST = 1000
FEATURES = re.compile(rb'"features"\s*:\s*\[')
CRS_AT_THE_END = re.compile(rb'"crs"\s*:\s*\{')
HEAD = 4 << 20
SYSTEMS = {  # the only names of coordinate systems accepted; none is passed on
    "urn:ogc:def:crs:OGC:1.3:CRS84": WGS84,
    "urn:ogc:def:crs:OGC::CRS84": WGS84,
    "urn:ogc:def:crs:EPSG::4326": WGS84,
    "EPSG:4326": WGS84,
    "urn:ogc:def:crs:EPSG::27700": BRITISH_NATIONAL_GRID,
    "EPSG:27700": BRITISH_NATIONAL_GRID,
}
LIMITS = {WGS84: (-10, 49, 4, 62), BRITISH_NATIONAL_GRID: (0, 0, EAST_END, NORTH_END)}


def features_of(path: Path) -> Iterator[tuple[int, dict, int]]:
    """Yield (number, feature, srid) for each feature of a file, zipped or not, of any size."""
    try:
        with opened(path) as (file, moved):
            yield from features(path.name, file, moved)
    except DAMAGED:
        raise Refused(
            _("%(file)s is cut off or damaged: fetch it again.") % {"file": path.name}
        ) from None


def features(
    name: str, file: BinaryIO, moved: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, dict, int]]:
    """Yield (number, feature, srid) for each item of the feature list in `file`, called `name`.

    An item may be of any type: the caller checks it. Without a coordinate system the file is WGS84,
    as in RFC 7946. Refused if it is not GeoJSON, is cut off, or names another system.
    """
    watched = _Watched(name, file, moved)
    number = 0
    try:
        found = ijson.items(watched, "features.item", use_float=True, buf_size=CHUNK)
        for number, feature in enumerate(found, start=1):
            yield number, feature, watched.srid
    except ijson.JSONError as error:
        if "UTF8" in str(error):
            raise _not_utf8(name) from None
        if not watched.has_features:
            raise watched.not_geojson() from None
        raise Refused(
            _("%(file)s is cut off or damaged after feature %(number)s: fetch it again.")
            % {"file": name, "number": number}
        ) from None
    if not watched.has_features:
        raise watched.not_geojson()
    if not number:
        raise Refused(_("%(file)s has no features.") % {"file": name})
    if not watched.names_system and CRS_AT_THE_END.search(watched.tail):
        raise Refused(
            _("%(file)s names its coordinate system after its features; name it before them.")
            % {"file": name}
        )


class _Watched:
    """The bytes of a file on their way to the parser.

    Notes what stands before the features and at the end, and stops input that the parser cannot
    handle: nested lists, and text that is not UTF-8.
    """

    def __init__(self, name: str, file: BinaryIO, moved: Callable[[], None]):
        self.name, self.file, self.moved = name, file, moved
        self.head = self.tail = b""
        self.has_features = self.names_system = self.begun = False
        self.srid = WGS84
        self.depth = 0

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""  # the parser reads 0 bytes first, to learn whether this is bytes or text
        chunk = self.file.read(CHUNK)
        self.moved()
        if b"\0" in chunk:
            raise _not_utf8(self.name)
        if not self.begun:
            self.begun, chunk = True, chunk.removeprefix(b"\xef\xbb\xbf")
        opening = chunk.count(b"[") + chunk.count(b"{")
        self.depth += opening - chunk.count(b"]") - chunk.count(b"}")
        if self.depth > DEEPEST:
            raise Refused(_("%(file)s is nested too deeply.") % {"file": self.name})
        if not self.has_features and len(self.head) < HEAD:
            self.head += chunk
            self._look_for_features()
        self.tail = (self.tail + chunk)[-CHUNK:]
        return chunk

    def _look_for_features(self) -> None:
        if start := FEATURES.search(self.head):
            self.has_features = True
            before = self.head[: start.start()]
            self.names_system = b'"crs"' in before
            if self.names_system:
                self.srid = _srid(self.name, before.decode("utf-8", "replace"))

    def not_geojson(self) -> Refused:
        if b'"Topology"' in self.head[:1000]:
            return Refused(
                _("%(file)s is TopoJSON: convert it to GeoJSON first.") % {"file": self.name}
            )
        return Refused(
            _("%(file)s is no GeoJSON file with a list of features, or is cut off.")
            % {"file": self.name}
        )


def wrong_feature(path: Path, number: int, label: str, why: str) -> Refused:
    return Refused(
        _("%(file)s, feature %(number)s%(label)s: %(why)s")
        % {
            "file": path.name,
            "number": number,
            "label": f" ({label})" if label else "",
            "why": why,
        }
    )


def fault(geometry: dict | None, srid: int) -> str:
    """What is wrong with a geometry's structure, as a sentence; empty if nothing is.

    Self-crossing rings are not detected here: PostGIS repairs them.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return _("it has no Polygon or MultiPolygon.")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        return _("its boundary is empty.")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            return _("its boundary is empty.")
        for ring in polygon:
            if why := _ring_fault(ring, srid):
                return why
    return ""


def _ring_fault(ring: object, srid: int) -> str:
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        return _("its boundary has a ring that is not closed.")
    west, south, east, north = LIMITS[srid]
    try:
        for x, y, *_height in ring:
            if not (math.isfinite(x + y) and west < x < east and south < y < north):
                return _(
                    "its boundary has a corner at %(x)s, %(y)s, outside the United Kingdom."
                ) % {
                    "x": x,
                    "y": y,
                }
    except (TypeError, ValueError):
        return _("its boundary has a corner that is not two numbers.")
    return ""


def _srid(name: str, text: str) -> int:
    for system, srid in SYSTEMS.items():
        if f'"{system}"' in text:
            return srid
    raise Refused(
        _("%(file)s names a coordinate system other than WGS84 or the British National Grid.")
        % {"file": name}
    )


def _not_utf8(name: str) -> Refused:
    return Refused(_("%(file)s is not UTF-8 text, so it is no GeoJSON file.") % {"file": name})
