"""Residents of small areas, each at one point; one census at a time."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables import Findings, Unread, listed, read_whole_number
from common.tables.files import wrong_row
from common.tables.reading import Row
from common.tables.streams import rows, wrong_width
from geography import grid
from geography.models import Area

from .census_columns import KIND_OF_CODE, Columns, find_columns, mixed_years
from .copying import Summary, copy, copy_line
from .middles import weigh_middles

TITLE_LINES = 20  # Nomis puts up to a dozen lines above its header
SAME = "known.code = incoming.code AND known.vintage = incoming.vintage"


@transaction.atomic
def import_population(
    path: Path, *, code: str = "", people: str = "", year: int | None = None, replace: bool = False
) -> Summary:
    """Add and update small areas' people from one file, all or nothing."""
    summary = Summary()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE geography_populationpoint IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming (code text, name text, kind text, vintage smallint,"
            " people integer, imd_decile smallint, ward_code text, district_code text,"
            " counts jsonb, point geometry, source text) ON COMMIT DROP"
        )
        copy(cursor, "incoming", _lines(path, summary, code, people, year))
        _refuse_repeated(cursor, path)
        _keep_to_one_census(cursor, path, summary, replace)
        _find_points(cursor, path, summary)
        _store(cursor, summary)
        cursor.execute("DROP TABLE incoming")
        cursor.execute("ANALYZE geography_populationpoint")
        weigh_middles(cursor)
    return summary


def _lines(path: Path, summary: Summary, code: str, people: str, year: int | None) -> Iterator[str]:
    numbered = rows(path, lambda row: _columns(row, code, people) is not None)
    header, columns = _header(path, numbered, code, people)
    columns.year = year or columns.year
    if columns.year is None:
        raise Refused(
            _("%(file)s does not say of which census its codes are: say it with --year.")
            % {"file": path.name}
        )
    if why := mixed_years(header, columns):
        raise Refused(f"{path.name}: {why}")
    for number, row in numbered:
        if _is_note(row, columns):
            continue
        summary.read += 1
        if len(row) != len(header):
            raise wrong_width(path, number, row, len(header))
        try:
            yield _line(path, number, row, columns, summary.findings)
        except Unread as unread:
            summary.findings.refuse(number, str(unread))
    if not summary.read:
        raise Refused(_("%(file)s has a header and no rows.") % {"file": path.name})
    if refused := summary.findings.refused:
        if len(refused) == summary.read:
            raise wrong_row(path, refused[0].row, refused[0].why)
        summary.skip(_("their people are not known"), len(refused))
    used = {*columns.at.values(), *columns.counts}
    summary.findings.unused = [
        title for index, title in enumerate(header) if title.strip() and index not in used
    ]


def _header(
    path: Path, numbered: Iterator[Row], code: str, people: str
) -> tuple[list[str], Columns]:
    first: list[str] = []
    for _number, row in islice(numbered, TITLE_LINES):
        first = first or row
        if columns := _columns(row, code, people):
            return row, columns
    if not first:
        raise Refused(_("%(file)s is empty.") % {"file": path.name})
    raise Refused(
        _(
            "%(file)s is no population file: it has no columns for a code and for people"
            " (found: %(found)s)."
        )
        % {"file": path.name, "found": listed(first)}
    )


def _columns(row: list[str], code: str = "", people: str = "") -> Columns | None:
    """The columns of a header with a code and a number of people; None for any other row."""
    columns = find_columns(row, code=code, people=people)
    if columns and ("people" in columns.at or {"female", "male"} <= set(columns.counts.values())):
        return columns
    return None


def _is_note(row: list[str], columns: Columns) -> bool:
    """Whether this is one of the notes that Nomis puts below its table."""
    code_at, people_at = columns.at["code"], columns.at.get("people", 0)
    if len(row) == 1:
        return " " in row[0].strip()
    return len(row) > max(code_at, people_at) and not (
        row[code_at].strip() or row[people_at].strip().isdigit()
    )


def _line(path: Path, number: int, row: list[str], columns: Columns, findings: Findings) -> str:
    """COPY's line for one area; raises Unread if its people are not known, for example where a
    census withholds them with a "c".
    """
    at = columns.at

    def cell(name: str) -> str:
        return row[at[name]].strip() if name in at else ""

    code = cell("code")
    kind = KIND_OF_CODE.get(code[:3])
    if kind is None or len(code) != 9 or not code[1:].isdigit():
        raise wrong_row(
            path, number, _("“%(code)s” is no code of a small area.") % {"code": code[:20]}
        )
    counts = {}
    for index, key in columns.counts.items():
        try:
            counts[key] = _people(row[index])
        except Unread as unread:
            if "people" not in at and key in ("female", "male"):
                raise
            findings.leave_out(number, str(unread), key)
    people = _people(cell("people")) if "people" in at else counts["female"] + counts["male"]
    decile = cell("decile")
    if decile and not (decile.isdigit() and 1 <= int(decile) <= 10):
        raise wrong_row(
            path, number, _("“%(text)s” is no decile from 1 to 10.") % {"text": decile[:20]}
        )
    return copy_line(
        code,
        cell("name")[:200],
        kind,
        columns.year,
        people,
        decile or None,
        cell("ward")[:20],
        cell("district")[:20],
        json.dumps(counts),
        _point(path, number, cell),
        path.name[:200],
    )


def _people(text: str) -> int:
    try:
        number = read_whole_number(text)
    except Unread:
        number = -1
    if not 0 <= number < 10**9:
        raise Unread(_("“%(text)s” is no number of people.") % {"text": text.strip()[:20]})
    return number


def _point(path: Path, number: int, cell) -> str | None:
    """The point of a row as EWKT; None if the file has none or says 0,0."""
    try:
        if cell("easting") and cell("northing"):
            x, y = float(cell("easting")), float(cell("northing"))
            point = grid.grid_point(x, y) if x or y else None
        elif cell("longitude") and cell("latitude"):
            x, y = float(cell("longitude")), float(cell("latitude"))
            point = grid.to_grid(x, y) if x or y else None
        else:
            point = None
    except ValueError:
        raise wrong_row(path, number, _("its point is not two numbers.")) from None
    except Refused:
        raise wrong_row(
            path,
            number,
            _("its point %(x)s, %(y)s is not in the United Kingdom.") % {"x": x, "y": y},
        ) from None
    return point and f"SRID=27700;POINT({point.x} {point.y})"


def _refuse_repeated(cursor, path: Path) -> None:
    cursor.execute("SELECT code FROM incoming GROUP BY code HAVING count(*) > 1 ORDER BY 1 LIMIT 1")
    if repeated := cursor.fetchone():
        raise Refused(
            _("%(file)s has %(code)s more than once.") % {"file": path.name, "code": repeated[0]}
        )


def _keep_to_one_census(cursor, path: Path, summary: Summary, replace: bool) -> None:
    """Refuse to mix two censuses, or two sizes of area, which would count people twice."""
    cursor.execute("SELECT DISTINCT kind, vintage FROM incoming")
    arriving = cursor.fetchall()
    labels = dict(Area.Kind.choices)
    if len(arriving) > 1 and len({kind for kind, _year in arriving}) > 1:
        raise Refused(
            _("%(file)s mixes %(kinds)s: the same people would be counted twice.")
            % {
                "file": path.name,
                "kinds": _(" and ").join(
                    sorted(f"{labels[kind]} codes" for kind, _year in arriving)
                ),
            }
        )
    other = (
        "FROM geography_populationpoint WHERE left(code, 1) IN"
        " (SELECT left(code, 1) FROM incoming) AND (kind, vintage) <> (%s, %s)"
    )
    if replace:
        cursor.execute(f"DELETE {other}", arriving[0])
        if cursor.rowcount:
            summary.notes.append(
                _("%(number)s points of another census or size were taken out.")
                % {"number": f"{cursor.rowcount:,}"}
            )
        return
    cursor.execute(f"SELECT kind, vintage {other} LIMIT 1", arriving[0])
    if known := cursor.fetchone():
        raise Refused(
            _(
                "%(file)s holds the people of each %(kind)s of %(year)s, but those of each"
                " %(known)s of %(known_year)s are already there, and two years or sizes do not"
                " mix: use --replace to exchange them."
            )
            % {
                "file": path.name,
                "kind": labels[arriving[0][0]],
                "year": arriving[0][1],
                "known": labels[known[0]],
                "known_year": known[1],
            }
        )


def _find_points(cursor, path: Path, summary: Summary) -> None:
    """Give rows without a point the one already known, or one inside the imported boundary."""
    cursor.execute(
        "UPDATE incoming SET point = known.point FROM geography_populationpoint AS known"
        f" WHERE incoming.point IS NULL AND {SAME}"
    )
    cursor.execute(
        "UPDATE incoming SET point = ST_SnapToGrid(ST_PointOnSurface(known.boundary), 0.1)"
        f" FROM geography_area AS known WHERE incoming.point IS NULL AND {SAME}"
    )
    cursor.execute("DELETE FROM incoming WHERE point IS NULL")
    summary.skip(_("no point in the file, and none known for this code and year"), cursor.rowcount)
    summary.kept = summary.read - cursor.rowcount - len(summary.findings.refused)
    if not summary.kept:
        raise Refused(
            _("%(file)s has no points, and none are known for its codes of that year.")
            % {"file": path.name}
        )


def _store(cursor, summary: Summary) -> None:
    """Upsert; columns missing from this file (a decile, a ward, counts) keep their values."""
    new_values = {
        "name": "coalesce(nullif(incoming.name, ''), known.name)",
        "kind": "incoming.kind",
        "people": "incoming.people",
        "imd_decile": "coalesce(incoming.imd_decile, known.imd_decile)",
        "ward_code": "coalesce(nullif(incoming.ward_code, ''), known.ward_code)",
        "district_code": "coalesce(nullif(incoming.district_code, ''), known.district_code)",
        "counts": "known.counts || incoming.counts",
        "point": "incoming.point",
    }
    cursor.execute(
        "UPDATE geography_populationpoint AS known SET"
        f" {', '.join(f'{name} = {value}' for name, value in new_values.items())},"
        f" source = incoming.source FROM incoming WHERE {SAME}"
        f" AND ({', '.join(f'known.{name}' for name in new_values)})"
        f" IS DISTINCT FROM ({', '.join(new_values.values())})"
    )
    summary.changed = cursor.rowcount
    names = ", ".join([*new_values, "code", "vintage", "source"])
    cursor.execute(
        f"INSERT INTO geography_populationpoint ({names}) SELECT {names} FROM incoming"
        f" WHERE NOT EXISTS (SELECT FROM geography_populationpoint AS known WHERE {SAME})"
    )
    summary.new = cursor.rowcount
    cursor.execute("SELECT sum(people) FROM incoming")
    summary.notes.append(_("%(people)s people.") % {"people": f"{cursor.fetchone()[0]:,}"})
