"""Rows with locations: CSV or workbook with coordinates or postcodes, or GeoJSON.

A row without a usable location is skipped with a reason; any other kind of file is refused.
"""

import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point
from django.utils.translation import gettext as _

from common import sizes
from common.postcodes import WHOLE_POSTCODE, normalise_postcode
from common.refusals import Refused
from common.tables import Table, Unread, column, listed, read_number, read_table, tidy, too_big
from common.tables.cells import clean, is_rounded
from geography import grid
from geography.models import Postcode

from .features import features

BIGGEST = sizes.LOCATED
"""Bytes. A file of all pharmacies in England with their hours is a tenth of this."""

COLUMNS = {
    "easting": r"eastings?|bng_e|x_coordinate|grid_east(ing)?|os_?(easting|x)",
    "northing": r"northings?|bng_n|y_coordinate|grid_north(ing)?|os_?(northing|y)",
    "longitude": r"longitude|long?|lng",
    "latitude": r"latitude|lat",
    "x": r"x|geo_?x",  # degrees or metres: decided by `system`, otherwise by their size
    "y": r"y|geo_?y",
    "both": r"lat_?(long?|lng)|latitude_longitude|coordinates?|geo_?point(_2d)?|wkt(_geom)?",
    "postcode": r"(.*[_:])?(postcode|post_code|postal_code)|pcds?|zip",
}
SYSTEM = r"(coordinate|spatial)_reference_system|coordinate_system|crs|srs|projection"
GRID = re.compile(r"osgb|british national|\bbng\b|27700|national grid", re.IGNORECASE)
DEGREES = re.compile(r"wgs|4326|crs84|etrs ?89|4258|lat|degree", re.IGNORECASE)
PAIR = re.compile(
    r"(?:point\s*)?[(\[]?\s*(-?\d+\.?\d*)\s*[,; ]\s*(-?\d+\.?\d*)\s*[)\]]?", re.IGNORECASE
)
AREAS = ("Polygon", "MultiPolygon")


@dataclass
class Row:
    """One row: its number, its cells by normalised column title, and its point or why it has
    none.
    """

    number: int
    cells: dict[str, str]
    point: Point | None = None
    boundary: GEOSGeometry | None = None  # on the grid, if the file gave an area
    of_postcode: bool = False
    why: str = ""
    exchanged: bool = False  # longitude and latitude were swapped
    mended: list[str] = field(default_factory=list)  # what was corrected, in words


@dataclass
class Located:
    """The rows of a file; `notes` are about the whole file."""

    name: str
    titles: list[str]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    table: Table | None = None

    @property
    def used(self) -> list[str]:
        """The normalised titles that a point is read from."""
        patterns = [*COLUMNS.values(), SYSTEM]
        return [tidy(t) for t in self.titles if any(re.fullmatch(p, tidy(t)) for p in patterns)]

    def column(self, pattern: str) -> str:
        """The first column whose whole title matches the pattern; otherwise empty."""
        found = column(self.titles, pattern)
        return "" if found is None else tidy(self.titles[found])


def read_located(name: str, data: bytes, *, sheet: str = "") -> Located:
    """The rows of the file `name`, each with its point on the grid or a reason for having none.

    It is CSV, an Excel workbook (`sheet` names the sheet if there are several) or GeoJSON.
    """
    if len(data) > BIGGEST:
        raise too_big(name, BIGGEST)
    starts = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_json = starts.startswith((b"{", b"["))
    found = _from_geojson(name, data) if is_json else _from_table(name, data, sheet)
    if not found.rows:
        raise Refused(_("%(file)s has no rows.") % {"file": name})
    _place_by_postcode(found)
    _refuse_exchanged(found)
    return found


# CSV


def _says_where(header: list[str]) -> bool:
    """Whether a row is a header with a column for coordinates or a postcode, and one more."""
    is_known = any(column(header, pattern) is not None for pattern in COLUMNS.values())
    return is_known and sum(map(bool, header)) > 1


def _from_table(name: str, data: bytes, sheet: str) -> Located:
    table = read_table(
        name, data, biggest=BIGGEST, keep_going=True, is_header=_says_where, sheet=sheet
    )
    header, rows = table.header, table.rows
    titles = _different(header)
    found = Located(name, titles, notes=table.notes, table=table)
    if not any(found.column(pattern) for pattern in COLUMNS.values()):
        titles = _titles_of_no_header(header)
        if not titles:
            raise Refused(
                _(
                    "%(file)s does not say where its rows are: it has no column for coordinates "
                    "or a postcode (found: %(found)s)."
                )
                % {"file": name, "found": listed(header)}
            )
        found.titles, rows = titles, [(1, header), *rows]
        found.notes.append(
            _("%(file)s has no header; its columns were taken to be: %(titles)s.")
            % {"file": name, "titles": ", ".join(titles)}
        )
    keys = [tidy(title) for title in titles]
    found.rows = [Row(number, dict(zip(keys, row, strict=True))) for number, row in rows]
    found.rows += [Row(number, {}, why=why) for number, why in table.wrong]
    found.rows.sort(key=lambda row: row.number)
    at = {what: found.column(pattern) for what, pattern in COLUMNS.items()}
    at["system"] = found.column(SYSTEM)
    for row in found.rows:
        if not row.why:
            _place_by_numbers(row, at)
    return found


def _different(header: list[str]) -> list[str]:
    """The titles made unique: a second "Address" becomes "Address 2"."""
    seen: dict[str, int] = {}
    titles = []
    for index, title in enumerate(header, start=1):
        title = title or f"column {index}"
        seen[tidy(title)] = times = seen.get(tidy(title), 0) + 1
        titles.append(title if times == 1 else f"{title} {times}")
    return titles


def _titles_of_no_header(row: list[str]) -> list[str]:
    """Titles for a file without a header: its postcodes or coordinates are recognised."""
    titles = [f"column {index}" for index in range(1, len(row) + 1)]
    postcode = next((i for i, cell in enumerate(row) if WHOLE_POSTCODE.fullmatch(cell)), None)
    if postcode is None:
        return []
    for index in range(len(row) - 1):
        try:
            one, other = float(row[index]), float(row[index + 1])
        except ValueError:
            continue
        if 49 < one < 62 and -10 < other < 4:
            titles[index : index + 2] = ["latitude", "longitude"]
        elif 49 < other < 62 and -10 < one < 4:
            titles[index : index + 2] = ["longitude", "latitude"]
    words = [i for i, cell in enumerate(row) if re.search(r"[a-z]", cell) and i < postcode]
    if not words:
        return []
    titles[postcode], titles[words[0]] = "postcode", "name"
    for number, index in enumerate(range(words[0] + 1, postcode), start=1):
        titles[index] = f"address {number}"
    if words[0] == 1:
        titles[0] = "reference"
    return titles


def _place_by_numbers(row: Row, at: dict[str, str]) -> None:
    """The point of a row with coordinates; 0,0 and empty cells count as none."""
    cells = {what: row.cells.get(key, "") if key else "" for what, key in at.items()}
    for x_name, y_name in (("easting", "northing"), ("longitude", "latitude"), ("x", "y")):
        texts = [cells[x_name], cells[y_name]]
        if not all(texts):
            continue
        try:
            x, y = map(read_number, texts)
        except Unread:
            row.why = _("its point is not two numbers: %(x)s, %(y)s.") % {
                "x": texts[0][:20],
                "y": texts[1][:20],
            }
            return
        if not (x or y):
            continue
        makers = {"easting": grid.grid_point, "longitude": grid.to_grid}
        make = makers.get(x_name) or _maker(row, cells["system"], x, y)
        if make:
            _set_point(row, x, y, make)
        if any(map(is_rounded, texts)):
            row.mended.append(
                _("its point %(x)s, %(y)s was rounded by a spreadsheet and may be far off.")
                % {"x": texts[0], "y": texts[1]}
            )
        return
    if cells["both"]:
        _place_by_pair(row, cells["both"])


def _maker(row: Row, system: str, x: float, y: float):
    """A function that makes a point of x and y, chosen by the row's stated system or by their
    size.
    """
    if GRID.search(system):
        return grid.grid_point
    if DEGREES.search(system):
        return grid.to_grid
    if system:
        row.why = _("“%(system)s” is no coordinate system known here: OSGB36 or WGS84.") % {
            "system": system[:40]
        }
        return None
    return grid.to_grid if abs(x) <= 180 and abs(y) <= 180 else grid.grid_point


def _place_by_pair(row: Row, text: str) -> None:
    """Read both numbers from one cell: latitude first, or as in "POINT (-1.4 50.9)".

    Never ambiguous, because British latitudes and longitudes do not overlap.
    """
    found = PAIR.fullmatch(text.strip()[:100])
    if not found:
        row.mended.append(
            _("“%(text)s” is not a latitude and a longitude, and was left out.")
            % {"text": text[:40]}
        )
        return
    one, other = float(found[1]), float(found[2])
    x, y = (other, one) if _are_exchanged(one, other) else (one, other)
    _set_point(row, x, y, _maker(row, "", x, y))


def _set_point(row: Row, x: float, y: float, make) -> None:
    try:
        row.point = make(x, y)
    except Refused:
        row.why = _nowhere(x, y)
        row.exchanged = _are_exchanged(x, y)


def _are_exchanged(x: float, y: float) -> bool:
    return 49 < x < 62 and -10 < y < 4


def _nowhere(x: float, y: float) -> str:
    if _are_exchanged(x, y):
        return _("longitude and latitude are exchanged: %(x)s, %(y)s.") % {"x": x, "y": y}
    if 0 < x < grid.EAST_END and 0 < y < grid.NORTH_END and x > 180:
        return _("%(x)s, %(y)s are metres of the national grid, not degrees.") % {"x": x, "y": y}
    return _("its point %(x)s, %(y)s is not in Great Britain.") % {"x": x, "y": y}


# GeoJSON


def _from_geojson(name: str, data: bytes) -> Located:
    rows, titles = [], {}
    for number, feature, srid in features(name, io.BytesIO(data)):
        is_feature = isinstance(feature, dict)
        feature = feature if is_feature else {}
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        row = Row(number, {})
        for key, value in properties.items():
            try:
                row.cells[tidy(key)] = clean(_text(value))
            except Unread as unread:
                row.mended.append(f"{key}: {unread}")
        if feature.get("id") is not None:
            row.cells.setdefault("@id", _text(feature["id"]))
        titles.update(dict.fromkeys(row.cells))
        if not is_feature:
            row.why = _("this is no GeoJSON feature.")
        else:
            _place_by_geometry(row, feature.get("geometry"), srid)
        rows.append(row)
    return Located(name, list(titles), rows)


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


def _place_by_geometry(row: Row, geometry: object, srid: int) -> None:
    """The point itself, or one inside an area or a closed line."""
    if not isinstance(geometry, dict):
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    make = grid.to_grid if srid == grid.WGS84 else grid.grid_point
    try:
        if kind == "GeometryCollection" and len(parts := geometry.get("geometries")) == 1:
            _place_by_geometry(row, parts[0], srid)
            return
        if kind == "MultiPoint" and coordinates:
            _set_point(row, *_middle(coordinates), make)
            if len(coordinates) > 1:
                row.mended.append(
                    _("of its %(count)s points the middle was taken.") % {"count": len(coordinates)}
                )
            return
        if kind == "Point":
            _set_point(row, float(coordinates[0]), float(coordinates[1]), make)
            return
        if kind == "LineString" and len(coordinates) > 3 and coordinates[0] == coordinates[-1]:
            kind, coordinates = "Polygon", [coordinates]
        if kind in AREAS:
            row.boundary, row.why = boundary_of(kind, coordinates, srid)
            if row.boundary:
                inside = row.boundary.point_on_surface
                _set_point(row, inside.x, inside.y, grid.grid_point)
            return
    except (TypeError, ValueError, IndexError):
        row.why = _("its geometry is not made of pairs of numbers.")
        return
    row.why = _("it is no point and no area, but: %(kind)s.") % {"kind": _text(kind)[:40]}


def _middle(points: list) -> tuple[float, float]:
    """The mean of points; those of one building lie within metres of each other."""
    number = len(points)
    return (
        sum(float(point[0]) for point in points) / number,
        sum(float(point[1]) for point in points) / number,
    )


def boundary_of(
    kind: str, coordinates: object, srid: int, *, repair: bool = True
) -> tuple[GEOSGeometry | None, str]:
    """An area on the grid from GeoJSON coordinates, or why there is none.

    One that crosses itself is made valid, unless `repair` is off.
    """
    first = coordinates
    while isinstance(first, list) and first and isinstance(first[0], list):
        first = first[0]
    if not (isinstance(first, list) and len(first) > 1):
        return None, _("its boundary is empty.")
    try:
        shape = GEOSGeometry(json.dumps({"type": kind, "coordinates": coordinates}))
    except (GEOSException, GDALException, ValueError, TypeError):
        return None, _("its boundary has a ring that is not closed, or is no list of corners.")
    west, south, east, north = shape.extent
    if srid == grid.WGS84:
        if west < -10 or east > 4 or south < 49 or north > 62:
            return None, _nowhere(west, south)
        shape.srid = grid.WGS84
        shape.transform(grid.transform(grid.WGS84, grid.BRITISH_NATIONAL_GRID))
    elif not (grid.is_on_grid(west, south) and grid.is_on_grid(east, north)):
        return None, _nowhere(west, south)
    shape.srid = grid.BRITISH_NATIONAL_GRID
    return (shape.make_valid() if repair and not shape.valid else shape), ""


# Postcodes


def _place_by_postcode(found: Located) -> None:
    """Give rows without coordinates the points of their postcodes, all in one query."""
    key = found.column(COLUMNS["postcode"])
    waiting = [row for row in found.rows if row.point is None and not row.why]
    if key and waiting and len(waiting) == len(found.rows) and not Postcode.objects.exists():
        raise Refused(
            _(
                "%(file)s has postcodes but no coordinates, and no postcodes have been imported: "
                "bring them in first with import_postcodes."
            )
            % {"file": found.name}
        )
    wanted = {id(row): normalise_postcode(row.cells.get(key, "")) for row in waiting}
    known = points_of(wanted.values())
    for row in waiting:
        postcode = wanted[id(row)]
        if postcode in known:
            row.point, row.of_postcode = known[postcode], True
        elif not row.cells.get(key):
            row.why = _("it has no coordinates and no postcode.")
        elif not WHOLE_POSTCODE.fullmatch(postcode):
            row.why = _("“%(text)s” is not a whole postcode.") % {"text": row.cells[key][:40]}
        else:
            row.why = _("the postcode %(postcode)s is not known here.") % {"postcode": postcode}


def points_of(postcodes: Iterable[str]) -> dict[str, Point]:
    """Points by postcode, for those with a known location."""
    wanted = {postcode for postcode in postcodes if postcode}
    located = Postcode.objects.located().filter(postcode__in=wanted)
    return dict(located.values_list("postcode", "point"))


def _refuse_exchanged(found: Located) -> None:
    """Report a mistake that affects the whole file once, not row by row."""
    if any(row.exchanged for row in found.rows) and not any(row.point for row in found.rows):
        raise Refused(
            _("%(file)s: longitude and latitude are exchanged. Exchange the two columns.")
            % {"file": found.name}
        )
