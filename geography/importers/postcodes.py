"""Postcodes from Code-Point Open (no header), ONSPD, NSPL, or postcode, quality, easting, northing.

Terminated postcodes are kept with the month they ended in, if the file has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables import column, listed
from common.tables.cells import NO
from common.tables.files import wrong_row
from common.tables.reading import Row
from common.tables.streams import rows, wrong_width
from geography import grid

from .copying import Summary, copy

# Best spelling first: ONSPD has the postcode three times, and PCDS is the one with one space.
COLUMNS = {
    "postcode": ["pcds", "postcode", "pc", "pcd8", "pcd2", "pcd7", "pcd"],
    "quality": ["quality", "pq", "positional_quality(_indicator)?", "osgrdind", "gridind"],
    "easting": ["eastings?", "ea", "oseast1m", "east1m"],
    "northing": ["northings?", "no", "osnrth1m", "north1m"],
    "ended": ["doterm", "terminated"],
    "in_use": [r"in_use\??"],
    "latitude": ["lat", "latitude"],
    "longitude": ["long", "lon", "longitude"],
}
CODE_POINT_OPEN = {"postcode": 0, "quality": 1, "easting": 2, "northing": 3}
CODE_POINT_OPEN_WIDTH = 10
NOWHERE = 90
NOT_KNOWN = 0  # a file without a quality column
MONTH = re.compile(r"([12]\d{3})-?(0[1-9]|1[0-2])")
"""The start of `doterm` (`201903`) and of a plain date (`2019-03-01`)."""
ONSPD_SCALE = 10  # ONSPD grades from 1 to 9, Code-Point Open from 10 to 90


@dataclass
class Layout:
    """A file's columns, the width of its rows, and the factor for its quality grades."""

    at: dict[str, int]
    width: int
    scale: int = 1


@transaction.atomic
def import_postcodes(paths: list[Path]) -> Summary:
    """Add and update postcodes from files, all or nothing; postcodes not in them stay."""
    summary = Summary()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE geography_postcode IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming (postcode text, outward text, point geometry,"
            " quality smallint, in_use boolean, ended_on date, source text) ON COMMIT DROP"
        )
        copy(cursor, "incoming", (line for path in paths for line in _lines(path, summary)))
        cursor.execute("ANALYZE incoming")
        _store(cursor, summary)
        cursor.execute("DROP TABLE incoming")
    return summary


def _store(cursor, summary: Summary) -> None:
    cursor.execute(
        "SELECT coalesce(sum(times - 1), 0) FROM"
        " (SELECT count(*) AS times FROM incoming GROUP BY postcode HAVING count(*) > 1) AS twice"
    )
    if repeated := int(cursor.fetchone()[0]):
        summary.skip(_("replaced by a later row for the same postcode"), repeated)
        summary.kept -= repeated
        cursor.execute(
            "DELETE FROM incoming USING incoming AS later"
            " WHERE incoming.postcode = later.postcode AND incoming.ctid < later.ctid"
        )
    cursor.execute(
        "UPDATE geography_postcode AS known"
        " SET point = incoming.point, quality = incoming.quality, source = incoming.source,"
        " in_use = incoming.in_use, ended_on = incoming.ended_on"
        " FROM incoming WHERE known.postcode = incoming.postcode"
        " AND (known.point, known.quality, known.in_use, known.ended_on) IS DISTINCT FROM"
        " (incoming.point, incoming.quality, incoming.in_use, incoming.ended_on)"
    )
    summary.changed = cursor.rowcount
    cursor.execute(
        "INSERT INTO geography_postcode"
        " (postcode, outward, point, quality, in_use, ended_on, source)"
        " SELECT postcode, outward, point, quality, in_use, ended_on, source FROM incoming"
        " WHERE NOT EXISTS (SELECT FROM geography_postcode AS known"
        " WHERE known.postcode = incoming.postcode)"
        " ON CONFLICT (postcode) DO NOTHING"
    )
    summary.new = cursor.rowcount
    cursor.execute("SELECT count(*) FROM incoming WHERE point IS NULL")
    if nowhere := cursor.fetchone()[0]:
        summary.notes.append(
            _("%(number)s of them have no known location: they are kept without a point.")
            % {"number": f"{nowhere:,}"}
        )
    cursor.execute("SELECT count(*) FROM incoming WHERE NOT in_use")
    if ended := cursor.fetchone()[0]:
        summary.notes.append(
            _(
                "%(number)s of them are no longer in use: they are kept, so that whoever types one"
                " is told."
            )
            % {"number": f"{ended:,}"}
        )
    cursor.execute("ANALYZE geography_postcode")


def _lines(path: Path, summary: Summary) -> Iterator[str]:
    """COPY's lines for one file; this loop runs 1.7 million times, so it calls little."""
    # A workbook may have a sheet of notes before the list.
    numbered = rows(path, lambda row: _first(row, COLUMNS["postcode"]) is not None)
    layout, first = _layout(path, numbered)
    width, source, before = layout.width, path.name[:200], summary.read
    postcode_at, ended_at = layout.at["postcode"], layout.at.get("ended")
    in_use_at = layout.at.get("in_use")
    for number, row in chain(first, numbered):
        summary.read += 1
        if len(row) != width:
            raise wrong_width(path, number, row, width)
        ended = row[ended_at].strip() if ended_at is not None else ""
        has_ended = bool(ended) or (in_use_at is not None and row[in_use_at].strip().lower() in NO)
        compact = row[postcode_at].replace(" ", "").upper()
        outward, inward = compact[:-3], compact[-3:]
        if not (
            2 <= len(outward) <= 4
            and compact.isascii()
            and compact.isalnum()
            and inward[:1].isdigit()
        ):
            raise wrong_row(
                path, number, _("“%(text)s” is not a postcode.") % {"text": row[postcode_at][:20]}
            )
        point, quality = _point(path, number, row, layout, is_strict=not has_ended)
        use = f"f\t{_month(ended)}" if has_ended else "t\t\\N"
        summary.kept += 1
        yield f"{outward} {inward}\t{outward}\t{point}\t{quality}\t{use}\t{source}\n"
    if "quality" not in layout.at:
        summary.findings.notes.append(
            _("%(file)s does not say how good its points are: they were taken without a quality.")
            % {"file": path.name}
        )
    if summary.read == before:
        raise Refused(_("%(file)s has a header and no rows.") % {"file": path.name})


def _month(ended: str) -> str:
    """COPY's form of the first day of the month in `201903` or `2019-03-01`; NULL for anything
    else.
    """
    if found := MONTH.match(ended):
        return f"{found[1]}-{found[2]}-01"
    return "\\N"


def _point(
    path: Path, number: int, row: list[str], layout: Layout, *, is_strict: bool
) -> tuple[str, int]:
    """COPY's form of a row's point (NULL if the location is unknown) and its quality.

    An impossible point is refused only for a postcode in use (`is_strict`): terminated ones were
    never corrected, and are kept without a point.
    """
    at = layout.at
    grade = row[at["quality"]] if "quality" in at else str(NOT_KNOWN)
    if "easting" in at:
        easting, northing = row[at["easting"]], row[at["northing"]]
    else:
        easting, northing = row[at["longitude"]], row[at["latitude"]]
    try:
        quality = int(grade) * layout.scale if grade.strip() else NOWHERE
        # Northern Ireland's grid references are on the Irish Grid.
        if "easting" not in at or row[at["postcode"]].startswith("BT"):
            x, y = _from_degrees(row, at)
        else:
            x, y = float(easting or 0), float(northing or 0)
    except ValueError:
        if not is_strict:
            return "\\N", NOWHERE
        raise wrong_row(path, number, _("quality, easting and northing must be numbers.")) from None
    if quality == NOWHERE or not (x or y):
        return "\\N", quality
    if grid.is_on_grid(x, y) and ("quality" not in at or 0 < quality < 100):
        return f"SRID=27700;POINT({round(x, 1)} {round(y, 1)})", quality
    if not is_strict:
        return "\\N", NOWHERE
    raise wrong_row(
        path,
        number,
        _(
            "%(easting)s, %(northing)s with quality %(quality)s is no point of the"
            " British National Grid."
        )
        % {"easting": easting, "northing": northing, "quality": grade},
    )


def _layout(path: Path, numbered: Iterator[Row]) -> tuple[Layout, list[Row]]:
    """The file's layout, and the first row if it was not a header."""
    number, row = next(numbered, (0, []))
    if not row:
        raise Refused(_("%(file)s is empty.") % {"file": path.name})
    if len(row) == CODE_POINT_OPEN_WIDTH and all(cell.strip().isdigit() for cell in row[1:4]):
        return Layout(CODE_POINT_OPEN, len(row)), [(number, row)]
    found = {
        name: index
        for name, spellings in COLUMNS.items()
        if (index := _first(row, spellings)) is not None
    }
    has_degrees = {"latitude", "longitude"} <= found.keys()
    needed = ["postcode", *([] if has_degrees else ["easting", "northing"])]
    if missing := [name for name in needed if name not in found]:
        raise Refused(
            _(
                "%(file)s is no list of postcodes: it has no column for %(missing)s"
                " (found: %(found)s). Take Code-Point Open of the Ordnance Survey, or a file with"
                " postcode, easting and northing, or latitude and longitude."
            )
            % {"file": path.name, "missing": _(" or ").join(missing), "found": listed(row)}
        )
    if not {"easting", "northing"} <= found.keys():
        found.pop("easting", None)
        found.pop("northing", None)
    is_onspd = column(row, "osgrdind|gridind") is not None
    return Layout(found, len(row), ONSPD_SCALE if is_onspd else 1), []


def _first(header: list[str], spellings: list[str]) -> int | None:
    """The position of the column with the first of these spellings that exists."""
    found = (column(header, spelling) for spelling in spellings)
    return next((index for index in found if index is not None), None)


def _from_degrees(row: list[str], at: dict[str, int]) -> tuple[float, float]:
    """The grid point of a row's degrees; 0, 0 if unknown."""
    if "latitude" not in at or "longitude" not in at:
        return 0, 0
    latitude, longitude = float(row[at["latitude"]] or 0), float(row[at["longitude"]] or 0)
    if latitude > 99 or not (latitude or longitude):  # 99.999999 stands for "not known"
        return 0, 0
    try:
        point = grid.to_grid(longitude, latitude)
    except Refused:
        return longitude, latitude  # reported by the caller
    return point.x, point.y
