"""Bases other than residents (bus stops, late licences, parks), from a CSV or GeoJSON file."""

import math
from dataclasses import dataclass, field

from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused
from common.tables import Findings, Unread, in_words, listed, read_whole_number, tidy
from geography import grid
from geography.models import BasePoint, PopulationBase

from .located import Located, Row, read_located

HECTARE = 100  # side in metres
MOST_HECTARES = 200_000
MOST_BUFFER = 5_000
CODES = r"(atco_?code|naptan_?code|code|reference|ref|id|@id|licence_number|station_code|crs_code)"
NAMES = r"(name|common_?name|title|(station|stop|premises|park|site|licence|place)_?name)"


@dataclass
class Summary:
    """What an import of a base did, or would do."""

    base: str
    read: int = 0
    points: int = 0
    total: int = 0
    findings: Findings = field(default_factory=Findings)
    dry_run: bool = False

    def sentences(self) -> list[str]:
        said = [
            ngettext("%(n)s row read.", "%(n)s rows read.", self.read) % {"n": f"{self.read:,}"},
            _("%(base)s: %(total)s at %(points)s points.")
            % {"base": self.base, "total": f"{self.total:,}", "points": f"{self.points:,}"},
            *self.findings.sentences(),
        ]
        return [*said, _("This was a trial: nothing was changed.")] if self.dry_run else said

    def __str__(self) -> str:
        return "\n".join(self.sentences())


@transaction.atomic
def import_base(
    file: str,
    data: bytes,
    *,
    name: str,
    year: int,
    unit: str = "",
    count: str = "",
    buffer: float | None = None,
    licence: str = "",
    dry_run: bool = False,
) -> Summary:
    """Import the CSV or GeoJSON `file` as the base `name`, replacing its earlier contents.

    `count` names the column with the number at each point (default: 1 each). With `buffer`, in
    metres, areas become one point per hectare, including that distance around them.
    """
    name, unit = name.strip(), unit.strip() or name.strip().lower()
    if not name:
        raise Refused(_("Give the base a name, as in: bus stops."))
    if buffer is not None and not 0 <= buffer <= MOST_BUFFER:
        raise Refused(
            _("A buffer is a number of metres from 0 to %(most)s.") % {"most": f"{MOST_BUFFER:,}"}
        )
    found = read_located(file, data)
    key = tidy(count)
    if count and key not in map(tidy, found.titles):
        raise Refused(
            _("%(file)s has no column %(column)s (found: %(found)s).")
            % {"file": file, "column": count, "found": listed(found.titles)}
        )
    summary = Summary(name, read=len(found.rows), dry_run=dry_run)
    used = {*found.used, key, found.column(CODES), found.column(NAMES)}
    summary.findings.notes += found.notes
    summary.findings.unused = [title for title in found.titles if tidy(title) not in used]
    for row in found.rows:
        for words in row.mended:
            summary.findings.mend(row.number, words)
    points = _points(found, key, summary) if buffer is None else _hectares(found, buffer, summary)
    if not points:
        raise Refused(
            _("%(file)s: no row could be read.") % {"file": file},
            *in_words(summary.findings.refused, 5),
        )
    base, _new = PopulationBase.objects.update_or_create(
        name=name,
        defaults={
            "unit": unit,
            "year": year,
            "licence": licence,
            "source": file[:200],
            "imported_at": timezone.now(),
        },
    )
    base.points.all().delete()
    for point in points:
        point.base = base
    BasePoint.objects.bulk_create(points, batch_size=5000)
    summary.points, summary.total = len(points), sum(point.people for point in points)
    if dry_run:
        transaction.set_rollback(True)
    return summary


def _points(found: Located, count: str, summary: Summary) -> list[BasePoint]:
    code_at, name_at = found.column(CODES), found.column(NAMES)
    points: dict[str, BasePoint] = {}
    for row in found.rows:
        why = row.why
        people = 1
        if not why and count:
            people, why = _how_many(row.cells.get(count, ""))
        code = (row.cells.get(code_at, "") if code_at else "")[:80] or f"row {row.number}"
        if not why and code in points:
            if points[code].point.equals_exact(row.point, 1):
                why = _("“%(code)s” is in the file already.") % {"code": code}
            else:  # two councils may use the same numbers for their buildings
                summary.findings.mend(
                    row.number,
                    _("“%(code)s” is another point’s code too; both were taken.") % {"code": code},
                )
                code = f"{code[:60]} (row {row.number})"
        if why:
            summary.findings.refuse(row.number, why)
            continue
        points[code] = BasePoint(
            code=code, name=_name(row, name_at), people=people, point=row.point
        )
    return list(points.values())


def _how_many(text: str) -> tuple[int, str]:
    try:
        number = read_whole_number(text)
    except Unread as unread:
        return 0, str(unread)
    if 0 <= number < 1_000_000_000:
        return number, ""
    return 0, _("“%(text)s” is no number of things.") % {"text": text[:20]}


def _name(row: Row, name_at: str) -> str:
    return (row.cells.get(name_at, "") if name_at else "")[:200]


def _hectares(found: Located, buffer: float, summary: Summary) -> list[BasePoint]:
    """One point for each hectare of the areas and of `buffer` metres around them, without
    repeats.
    """
    name_at = found.column(NAMES)
    taken: dict[tuple[int, int], BasePoint] = {}
    for row in found.rows:
        if row.why:
            summary.findings.refuse(row.number, row.why)
            continue
        shape = row.boundary or row.point
        shape = shape.buffer(buffer) if buffer else shape
        name = _name(row, name_at)
        for point in _squares(shape):
            cell = (int(point.x // HECTARE), int(point.y // HECTARE))
            code = f"{cell[0]}-{cell[1]}"
            taken.setdefault(cell, BasePoint(code=code, name=name, people=1, point=point))
        if len(taken) > MOST_HECTARES:
            raise Refused(
                _("These areas are larger than %(most)s hectares: take fewer or a smaller buffer.")
                % {"most": f"{MOST_HECTARES:,}"}
            )
    summary.findings.notes.append(
        _("Counted are hectares, %(metres)s m around included.") % {"metres": f"{buffer:g}"}
    )
    return list(taken.values())


def _squares(shape: GEOSGeometry):
    """The centres of the national grid's hectares inside the shape; at least one point."""
    west, south, east, north = shape.extent
    columns = range(math.floor(west / HECTARE), math.ceil(east / HECTARE))
    rows = range(math.floor(south / HECTARE), math.ceil(north / HECTARE))
    if len(columns) * len(rows) > 4 * MOST_HECTARES:
        raise Refused(_("One of the areas is larger than a county: take it out."))
    prepared, found = shape.prepared, 0
    for column in columns:
        for row in rows:
            middle = Point(
                (column + 0.5) * HECTARE, (row + 0.5) * HECTARE, srid=grid.BRITISH_NATIONAL_GRID
            )
            if prepared.intersects(middle):
                found += 1
                yield middle
    if not found:
        inside = shape.point_on_surface if isinstance(shape, Polygon) else shape.centroid
        yield grid.grid_point(inside.x, inside.y)
