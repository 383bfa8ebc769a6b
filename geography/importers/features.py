"""The features of a GeoJSON file, one at a time, each checked before the database sees it."""

import codecs
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables.files import DAMAGED, opened
from geography.grid import EAST_END, NORTH_END, WGS84
from geography.models import BRITISH_NATIONAL_GRID

CHUNK = 1 << 20
FEATURES = re.compile(r'"features"\s*:\s*\[')
SYSTEMS = {  # the only names of coordinate systems that are understood; none is passed on
    "urn:ogc:def:crs:OGC:1.3:CRS84": WGS84,
    "urn:ogc:def:crs:OGC::CRS84": WGS84,
    "urn:ogc:def:crs:EPSG::4326": WGS84,
    "EPSG:4326": WGS84,
    "urn:ogc:def:crs:EPSG::27700": BRITISH_NATIONAL_GRID,
    "EPSG:27700": BRITISH_NATIONAL_GRID,
}
LIMITS = {WGS84: (-10, 49, 4, 62), BRITISH_NATIONAL_GRID: (0, 0, EAST_END, NORTH_END)}


def features(path: Path) -> Iterator[tuple[int, dict, int]]:
    """(number, feature, srid) for each feature of a file that may be larger than memory."""
    text, buffer, number = _text(path), "", 0
    for chunk in text:
        buffer += chunk
        if start := FEATURES.search(buffer):
            break
        if len(buffer) > 4 * CHUNK:
            break
    if not (start := FEATURES.search(buffer)) or not buffer.lstrip().startswith("{"):
        raise Refused(_not_geojson(path, buffer))
    head, buffer = buffer[: start.start()], buffer[start.end() :]
    srid = _srid(path, head)
    decoder = json.JSONDecoder()
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            break
        try:
            feature, end = decoder.raw_decode(buffer)
        except RecursionError:
            raise wrong_feature(path, number + 1, "", _("it is nested too deeply.")) from None
        except json.JSONDecodeError as error:
            more = "".join(_some(text, len(buffer)))
            if not more or error.pos < len(buffer) - CHUNK:
                raise Refused(
                    _("%(file)s is cut off or damaged after feature %(number)s: fetch it again.")
                    % {"file": path.name, "number": number}
                ) from None
            buffer += more
            continue
        number += 1
        buffer = buffer[end:]
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise wrong_feature(path, number, "", _("this is no GeoJSON feature."))
        yield number, feature, srid
    tail = buffer[1:] + "".join(text)
    if not tail.rstrip().endswith("}"):
        raise Refused(
            _("%(file)s is cut off after feature %(number)s: fetch it again.")
            % {"file": path.name, "number": number}
        )
    if number and _srid(path, tail, srid) != srid:
        raise Refused(
            _("%(file)s names its coordinate system after its features; name it before them.")
            % {"file": path.name}
        )
    if not number:
        raise Refused(_("%(file)s has no features.") % {"file": path.name})


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
    """What is wrong with a geometry's structure, as a sentence; empty when nothing is.

    Rings that cross themselves are not found here: PostGIS repairs them.
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


def _text(path: Path) -> Iterator[str]:
    """The file's text in chunks."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with opened(path) as (file, moved):
            while chunk := file.read(CHUNK):
                if b"\0" in chunk:
                    raise UnicodeDecodeError("utf-8", b"\0", 0, 1, "NUL")
                yield decoder.decode(chunk)
                moved()
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused(
            _("%(file)s is not UTF-8 text, so it is no GeoJSON file.") % {"file": path.name}
        ) from None
    except DAMAGED:
        raise Refused(
            _("%(file)s is cut off or damaged: fetch it again.") % {"file": path.name}
        ) from None


def _some(text: Iterator[str], size: int) -> Iterator[str]:
    """At least one chunk more, and for long features as much again as was read."""
    got = 0
    for chunk in text:
        yield chunk
        got += len(chunk)
        if got >= size:
            return


def _srid(path: Path, text: str, otherwise: int = WGS84) -> int:
    if '"crs"' not in text:
        return otherwise
    for name, srid in SYSTEMS.items():
        if f'"{name}"' in text:
            return srid
    raise Refused(
        _("%(file)s names a coordinate system other than WGS84 or the British National Grid.")
        % {"file": path.name}
    )


def _not_geojson(path: Path, text: str) -> str:
    if '"Topology"' in text[:1000]:
        return _("%(file)s is TopoJSON: convert it to GeoJSON first.") % {"file": path.name}
    return _("%(file)s is no GeoJSON file with a list of features, or is cut off.") % {
        "file": path.name
    }
