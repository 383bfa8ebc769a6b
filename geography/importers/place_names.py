"""Names of towns, suburbs and villages (and streets, on request) from OS Open Names."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables import listed
from common.tables.files import wrong_row
from common.tables.reading import Row
from common.tables.streams import rows, wrong_width
from geography import grid
from geography.models import Area, PlaceName

from .copying import Summary, copy, copy_line

# OS Open Names has no header: these are its 34 columns, from its technical specification.
HEADER = (
    "ID NAMES_URI NAME1 NAME1_LANG NAME2 NAME2_LANG TYPE LOCAL_TYPE GEOMETRY_X GEOMETRY_Y"
    " MOST_DETAIL_VIEW_RES LEAST_DETAIL_VIEW_RES MBR_XMIN MBR_YMIN MBR_XMAX MBR_YMAX"
    " POSTCODE_DISTRICT POSTCODE_DISTRICT_URI POPULATED_PLACE POPULATED_PLACE_URI"
    " POPULATED_PLACE_TYPE DISTRICT_BOROUGH DISTRICT_BOROUGH_URI DISTRICT_BOROUGH_TYPE"
    " COUNTY_UNITARY COUNTY_UNITARY_URI COUNTY_UNITARY_TYPE REGION REGION_URI COUNTRY COUNTRY_URI"
    " RELATED_SPATIAL_OBJECT SAME_AS_DBPEDIA SAME_AS_GEONAMES"
)
COLUMNS = {title: index for index, title in enumerate(HEADER.split())}
NEEDED = ("ID", "NAME1", "LOCAL_TYPE", "GEOMETRY_X", "GEOMETRY_Y")
KINDS = {
    "City": PlaceName.Kind.CITY,
    "Town": PlaceName.Kind.TOWN,
    "Suburban Area": PlaceName.Kind.SUBURB,
    "Village": PlaceName.Kind.VILLAGE,
    "Hamlet": PlaceName.Kind.HAMLET,
    "Other Settlement": PlaceName.Kind.SETTLEMENT,
    "Railway Station": PlaceName.Kind.STATION,
    "Named Road": PlaceName.Kind.STREET,
}
AROUND = 5_000
"""Names this many metres around an area are imported too: its people name the next town as well."""
STORED = ["name", "name_alt", "kind", "town", "district", "county", "point"]


@transaction.atomic
def import_place_names(
    paths: list[Path], *, areas: list[str] | None = None, streets: bool = False
) -> Summary:
    """Add and update names from files or folders, all or nothing; other names stay.

    `areas` are codes of imported areas: only names in them and `AROUND` metres around are kept.
    """
    files = _files(paths)
    ids = _area_ids(areas or [])
    summary = Summary()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE geography_placename IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming (reference text, name text, name_alt text, kind text,"
            " town text, district text, county text, point geometry, source text) ON COMMIT DROP"
        )
        lines = (line for path in files for line in _lines(path, summary, streets))
        copy(cursor, "incoming", lines)
        _drop_repeated(cursor, summary)
        if ids:
            _keep_near(cursor, ids, summary)
        if not summary.kept:
            raise Refused(_("There is no name of a place to take in these files."))
        _store(cursor, summary)
        cursor.execute("DROP TABLE incoming")
        cursor.execute("ANALYZE geography_placename")
    return summary


def _files(paths: list[Path]) -> list[Path]:
    """The given files, and the CSV files in the given folders."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = sorted(each for each in path.rglob("*") if each.suffix.lower() == ".csv")
        found = [each for each in found if "header" not in each.name.lower()]
        if not found:
            raise Refused(_("%(folder)s has no CSV files.") % {"folder": path.name})
        files += found
    return files


def _area_ids(codes: list[str]) -> list[int]:
    """The ids of each code's newest boundary."""
    ids = []
    for code in codes:
        newest = Area.objects.filter(code=code.strip().upper()).order_by("-vintage")
        if not (area_id := newest.values_list("pk", flat=True).first()):
            raise Refused(
                _("No area with the code %(code)s is imported: see import_areas.") % {"code": code}
            )
        ids.append(area_id)
    return ids


def _lines(path: Path, summary: Summary, streets: bool) -> Iterator[str]:
    """COPY's lines for one file; this loop runs three million times for all of Great Britain."""
    numbered = rows(path, lambda row: _columns(row) is not None)
    at, width, first = _layout(path, numbered)
    before = summary.read
    kind_at, x_at, y_at = at["LOCAL_TYPE"], at["GEOMETRY_X"], at["GEOMETRY_Y"]
    for number, row in chain(first, numbered):
        summary.read += 1
        if len(row) != width:
            raise wrong_width(path, number, row, width)
        kind = KINDS.get(row[kind_at].strip())
        if kind is None:
            summary.skip(_("not a settlement, a station or a named road"))
            continue
        if kind == PlaceName.Kind.STREET and not streets:
            summary.skip(_("a street (take them with --streets)"))
            continue
        cell = {title: row[index].strip()[:200] for title, index in at.items()}
        if not cell["ID"] or not cell["NAME1"]:
            raise wrong_row(path, number, _("it has no ID or no NAME1."))
        try:
            x, y = float(row[x_at]), float(row[y_at])
        except ValueError:
            raise wrong_row(path, number, _("its GEOMETRY_X and Y must be numbers.")) from None
        if not grid.is_on_grid(x, y):
            raise wrong_row(
                path,
                number,
                _("%(x)s, %(y)s is no point of the British National Grid.")
                % {"x": row[x_at], "y": row[y_at]},
            )
        summary.kept += 1
        town = cell.get("POPULATED_PLACE", "")
        yield copy_line(
            cell["ID"][:40],
            _with_station(cell["NAME1"]) if kind == PlaceName.Kind.STATION else cell["NAME1"],
            cell.get("NAME2", ""),
            kind,
            "" if town == cell["NAME1"] else town,
            cell.get("DISTRICT_BOROUGH", ""),
            cell.get("COUNTY_UNITARY", ""),
            f"SRID=27700;POINT({round(x, 1)} {round(y, 1)})",
            path.name[:200],
        )
    if summary.read == before:
        raise Refused(_("%(file)s has a header and no rows.") % {"file": path.name})


def _with_station(name: str) -> str:
    return name if "station" in name.lower() else f"{name} Station"


def _columns(row: list[str]) -> dict[str, int] | None:
    """The columns of a header; None for any other row."""
    titles = {cell.strip().upper(): index for index, cell in enumerate(row)}
    if not all(title in titles for title in NEEDED):
        return None
    return {title: index for title, index in titles.items() if title in COLUMNS}


def _layout(path: Path, numbered: Iterator[Row]) -> tuple[dict[str, int], int, list[Row]]:
    """The columns' positions, their number, and the first row if it was not a header."""
    number, row = next(numbered, (0, []))
    if not row:
        raise Refused(_("%(file)s is empty.") % {"file": path.name})
    if columns := _columns(row):
        return columns, len(row), []
    if len(row) == len(COLUMNS):
        return COLUMNS, len(row), [(number, row)]
    raise Refused(
        _(
            "%(file)s is no file of OS Open Names: it has neither its 34 columns nor a header with"
            " %(needed)s (found: %(found)s)."
        )
        % {"file": path.name, "needed": ", ".join(NEEDED), "found": listed(row)}
    )


def _drop_repeated(cursor, summary: Summary) -> None:
    cursor.execute("CREATE INDEX ON incoming (reference)")
    cursor.execute(
        "DELETE FROM incoming USING incoming AS later"
        " WHERE incoming.reference = later.reference AND incoming.ctid < later.ctid"
    )
    summary.skip(_("replaced by a later row with the same ID"), cursor.rowcount)
    summary.kept -= cursor.rowcount


def _keep_near(cursor, ids: list[int], summary: Summary) -> None:
    cursor.execute(
        "DELETE FROM incoming WHERE NOT EXISTS (SELECT FROM geography_area AS area"
        " WHERE area.id = ANY(%s) AND ST_DWithin(area.boundary, incoming.point, %s))",
        [ids, AROUND],
    )
    words = _("more than %(km)s km from the areas asked for") % {"km": AROUND // 1000}
    summary.skip(words, cursor.rowcount)
    summary.kept -= cursor.rowcount


def _store(cursor, summary: Summary) -> None:
    new_values = ", ".join(f"{c} = incoming.{c}" for c in STORED)
    cursor.execute(
        f"UPDATE geography_placename AS known SET {new_values},"
        " source = incoming.source FROM incoming WHERE known.reference = incoming.reference"
        f" AND ({', '.join(f'known.{c}' for c in STORED)})"
        f" IS DISTINCT FROM ({', '.join(f'incoming.{c}' for c in STORED)})"
    )
    summary.changed = cursor.rowcount
    names = ", ".join(["reference", "source", *STORED])
    cursor.execute(
        f"INSERT INTO geography_placename ({names}) SELECT {names} FROM incoming"
        " WHERE NOT EXISTS (SELECT FROM geography_placename AS known"
        " WHERE known.reference = incoming.reference)"
    )
    summary.new = cursor.rowcount
