"""Areas with their boundaries from GeoJSON, stored per code and year."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from geography.models import Area

from .copying import Summary, copy, copy_line
from .features import fault, features_of, wrong_feature
from .middles import weigh_middles

KINDS = {  # ONS's column prefixes, smallest area first
    "OA": Area.Kind.OA,
    "DZ": Area.Kind.LSOA,
    "LSOA": Area.Kind.LSOA,
    "IZ": Area.Kind.MSOA,
    "MSOA": Area.Kind.MSOA,
    "PAR": Area.Kind.PARISH,
    "WD": Area.Kind.WARD,
    "CED": Area.Kind.OTHER,
    "LAD": Area.Kind.DISTRICT,
    "LTLA": Area.Kind.DISTRICT,
    "UTLA": Area.Kind.COUNTY,
    "CTYUA": Area.Kind.COUNTY,
    "CTY": Area.Kind.COUNTY,
}
CODE_COLUMN = re.compile(r"([A-Z]+)(\d{2})CD", re.IGNORECASE)


@dataclass
class Columns:
    """Which properties hold what; empty for those the file does not have."""

    code: str
    name: str = ""
    name_alt: str = ""
    parent_code: str = ""
    parent_name: str = ""
    kind: str = Area.Kind.OTHER
    year: int | None = None


@transaction.atomic
def import_areas(
    path: Path, *, code: str = "", name: str = "", kind: str | None = None, year: int | None = None
) -> Summary:
    """Add and update the areas of one file, all or nothing; areas of other years stay as they
    are.
    """
    summary = Summary()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE geography_area IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming (code text, name text, name_alt text, kind text,"
            " vintage smallint, parent_code text, parent_name text, source text, srid integer,"
            " geojson text) ON COMMIT DROP"
        )
        copy(cursor, "incoming", _lines(path, summary, code, name, kind, year))
        _refuse_repeated(cursor, path, summary)
        _make_boundaries(cursor, path, summary)
        _store(cursor, summary)
        _unite_wards(cursor, summary)
        weigh_middles(cursor, [path.name[:200], FROM_WARDS])
        cursor.execute("DROP TABLE incoming")
        cursor.execute("ANALYZE geography_area")
    return summary


def find_columns(
    properties: dict, *, code: str = "", name: str = "", kind: str | None = None
) -> Columns | None:
    """The columns of code, name and parent, whatever their year; those of the smallest area win."""
    found = {}
    for column in properties:
        if match := CODE_COLUMN.fullmatch(column):
            found[column] = match[1].upper(), match[2]
    ranks = list(KINDS)
    ordered = sorted(
        found, key=lambda column: ranks.index(found[column][0]) if found[column][0] in KINDS else 99
    )
    if kind and not code:
        ordered.sort(key=lambda column: KINDS.get(found[column][0]) != kind)
    if not code and not ordered:
        return None
    columns = Columns(code or ordered[0], name)
    if prefix_year := found.get(columns.code):
        prefix, digits = prefix_year
        columns.year = 2000 + int(digits)
        columns.kind = KINDS.get(prefix, Area.Kind.OTHER)
        stem = columns.code[:-2]
        name_ending = "nm" if columns.code.endswith("cd") else "NM"
        columns.name = name or f"{stem}{name_ending}"
        # Only some features may have it: England's first wards have no Welsh name.
        columns.name_alt = f"{stem}{name_ending}{'w' if name_ending == 'nm' else 'W'}"
    districts = (c for c in properties if re.fullmatch(r"(LAD|LTLA)(\d{2}CD|CD_ACTIVE)", c))
    parent = next(districts, "")
    if columns.kind != Area.Kind.DISTRICT and parent != columns.code:
        columns.parent_code = parent
        parent_name = parent.replace("CD", "NM")
        columns.parent_name = parent_name if parent_name in properties else ""
    columns.kind = kind or columns.kind
    return columns


def _lines(
    path: Path, summary: Summary, code: str, name: str, kind: str | None, year: int | None
) -> Iterator[str]:
    columns = None
    for number, feature, srid in features_of(path):
        summary.read += 1
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise wrong_feature(path, number, "", _("this is no GeoJSON feature."))
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        if columns is None:
            columns = find_columns(properties, code=code, name=name, kind=kind)
            _refuse_columns(path, columns, properties, (code, name))
            used = {value for value in vars(columns).values() if isinstance(value, str)}
            summary.findings.unused = [title for title in properties if title not in used]
        value = str(properties.get(columns.code) or "").strip()
        if not 0 < len(value) <= 20:
            raise wrong_feature(
                path, number, "", _("it has no code in %(column)s.") % {"column": columns.code}
            )
        called = _cell(properties, columns.name) or value
        if why := fault(feature.get("geometry"), srid):
            raise wrong_feature(path, number, _label(called, value), why)
        geometry = feature["geometry"]
        yield copy_line(
            value,
            called,
            _cell(properties, columns.name_alt),
            columns.kind,
            year or columns.year,
            _cell(properties, columns.parent_code)[:20],
            _cell(properties, columns.parent_name),
            path.name[:200],
            srid,
            json.dumps({"type": geometry["type"], "coordinates": geometry["coordinates"]}),
        )


def _refuse_columns(
    path: Path, columns: Columns | None, properties: dict, named: tuple[str, str]
) -> None:
    found = ", ".join(properties)[:200] or _("none")
    if columns is None:
        raise Refused(
            _(
                "%(file)s has no column of codes such as WD25CD (found: %(found)s):"
                " name it with --code."
            )
            % {"file": path.name, "found": found}
        )
    for column in named:
        if column and column not in properties:
            raise Refused(
                _("%(file)s has no column %(column)s (found: %(found)s).")
                % {"file": path.name, "column": column, "found": found}
            )


def _refuse_repeated(cursor, path: Path, summary: Summary) -> None:
    """Refuse two boundaries for one code; exact repeats, which published files contain, are
    fine.
    """
    cursor.execute(
        "DELETE FROM incoming AS again USING incoming AS first"
        " WHERE again.code = first.code AND again.ctid > first.ctid"
        " AND (again.name, again.geojson) = (first.name, first.geojson)"
    )
    summary.skip(_("the same area again"), cursor.rowcount)
    cursor.execute(
        "SELECT code, min(name) FROM incoming"
        " GROUP BY code HAVING count(*) > 1 ORDER BY code LIMIT 1"
    )
    if repeated := cursor.fetchone():
        raise Refused(
            _("%(file)s has %(area)s more than once, with different boundaries.")
            % {"file": path.name, "area": _label(repeated[1], repeated[0])}
        )


def _make_boundaries(cursor, path: Path, summary: Summary) -> None:
    """Turn each geometry into a valid one on the grid, and report which had to be repaired."""
    cursor.execute("ALTER TABLE incoming ADD boundary geometry")
    cursor.execute(
        "UPDATE incoming SET boundary = CASE srid WHEN 27700"
        " THEN ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(geojson)), 27700)"
        " ELSE ST_Transform(ST_Force2D(ST_GeomFromGeoJSON(geojson)), 27700) END, geojson = ''"
    )
    cursor.execute(
        "UPDATE incoming SET boundary = ST_CollectionExtract(ST_MakeValid(boundary), 3)"
        " WHERE NOT ST_IsValid(boundary) RETURNING code, name, ST_Area(boundary) > 0"
    )
    repaired = sorted(cursor.fetchall())
    for code, name, has_area in repaired:
        if not has_area:
            raise Refused(
                _("%(file)s: the boundary of %(area)s crosses itself and cannot be repaired.")
                % {"file": path.name, "area": _label(name, code)}
            )
    if repaired:
        summary.notes.append(
            _("Boundaries that crossed themselves, repaired: %(areas)s.")
            % {"areas": ", ".join(_label(name, code) for code, name, _has_area in repaired)}
        )
    cursor.execute("UPDATE incoming SET boundary = ST_Multi(boundary)")
    cursor.execute("SELECT vintage, kind, count(*) FROM incoming GROUP BY 1, 2 ORDER BY 1, 2")
    labels = dict(Area.Kind.choices)
    summary.notes += [
        _("Imported as: %(kind)s, %(year)s.")
        % {"kind": labels[kind], "year": vintage or _("without a year")}
        for vintage, kind, _count in cursor.fetchall()
    ]


def _store(cursor, summary: Summary) -> None:
    columns = ["name", "name_alt", "kind", "parent_code", "parent_name", "boundary"]
    same = " AND ".join(
        ["known.code = incoming.code", "known.vintage IS NOT DISTINCT FROM incoming.vintage"]
    )
    cursor.execute(
        f"UPDATE geography_area AS known SET {', '.join(f'{c} = incoming.{c}' for c in columns)},"
        f" source = incoming.source FROM incoming WHERE {same}"
        f" AND ({', '.join(f'known.{c}' for c in columns)})"
        f" IS DISTINCT FROM ({', '.join(f'incoming.{c}' for c in columns)})"
    )
    summary.changed = cursor.rowcount
    names = ", ".join(["code", "vintage", "source", *columns])
    cursor.execute(
        f"INSERT INTO geography_area ({names}) SELECT {names} FROM incoming"
        f" WHERE NOT EXISTS (SELECT FROM geography_area AS known WHERE {same})"
    )
    summary.new = cursor.rowcount
    summary.kept = summary.read - summary.skipped.total()


FROM_WARDS = "united from its wards"


def _unite_wards(cursor, summary: Summary) -> None:
    """Draw the districts of the imported wards, unless their official boundaries are imported.

    A scheme's area is a district, and people type its name; a council that imports its wards should
    not have to look for another file.
    """
    cursor.execute(
        "INSERT INTO geography_area (code, name, name_alt, kind, vintage, parent_code, parent_name,"
        " source, boundary)"
        " SELECT ward.parent_code, coalesce(nullif(max(ward.parent_name), ''), ward.parent_code),"
        " '', 'district', ward.vintage, '', '', %(source)s,"
        " ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Union(ward.boundary)), 3))"
        " FROM geography_area AS ward"
        " WHERE ward.kind = 'ward' AND ward.parent_code <> ''"
        " AND (ward.parent_code, ward.vintage) IN"
        " (SELECT parent_code, vintage FROM incoming WHERE kind = 'ward')"
        " GROUP BY ward.parent_code, ward.vintage"
        " ON CONFLICT (code, vintage) DO UPDATE"
        " SET name = excluded.name, boundary = excluded.boundary"
        " WHERE geography_area.source = %(source)s"
        " AND (geography_area.name, geography_area.boundary)"
        " IS DISTINCT FROM (excluded.name, excluded.boundary)"
        " RETURNING name, code",
        {"source": FROM_WARDS},
    )
    if drawn := sorted(cursor.fetchall()):
        summary.notes.append(
            _("Districts drawn from their wards: %(areas)s.")
            % {"areas": ", ".join(_label(name, code) for name, code in drawn)}
        )


def _cell(properties: dict, column: str) -> str:
    return str(properties.get(column) or "").strip()[:200] if column else ""


def _label(name: str, code: str) -> str:
    return code if name == code else f"{name} ({code})"
