"""Turns a table's rows into venues with their people; reports every wrong cell."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.tables import (
    Findings,
    Matched,
    Mended,
    Table,
    Unread,
    has_needed,
    is_not_said,
    match,
    read_table,
)
from geography.rules import search_name
from safespaces.imports.columns import (
    BY_NAME,
    FIELDS,
    MAY_BE_EMPTY,
    OF_PERSON,
    read_cell,
)

is_header = has_needed(FIELDS)


@dataclass
class Person:
    """One person's training from a row; without a date they were not trained."""

    row: int
    first_name: str
    module: str = ""
    trained_on: datetime.date | None = None


@dataclass
class VenueRow:
    """One venue, from all the rows that name it; `cells` maps fields to their values."""

    row: int
    cells: dict = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # the row of each cell
    people: list[Person] = field(default_factory=list)
    has_wrong_cells: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Equal for names that differ only in apostrophes, full stops, accents and spaces."""
        return search_name(self.cells["name"]), self.cells["postcode"]


@dataclass
class Reading:
    """A table's venues, and its errors."""

    table: Table
    columns: Matched
    findings: Findings
    venue_rows: list[VenueRow] = field(default_factory=list)
    repeated: int = 0

    def wrong(self, row: int, column: str, why: str) -> None:
        """Note an error, for which the whole table is refused; `column` is one of our fields."""
        title = self.columns.title(column) if column in self.columns.at else ""
        self.findings.refuse(row, why, title)

    def leave_out(self, row: int, column: str, why: str) -> None:
        self.findings.leave_out(row, why, self.columns.title(column))


def read_members(name: str, data: bytes, *, sheet: str = "") -> Reading:
    """The venues of a CSV file or workbook; raises Refused if it is not such a table."""
    return read_places(read_table(name, data, is_header=is_header, sheet=sheet))


def read_places(table: Table) -> Reading:
    """Group the rows of `table` by the venue's name and postcode."""
    columns = match(table.header, FIELDS, table.name)
    reading = Reading(table, columns, Findings(unused=columns.unused, notes=table.notes))
    venue_rows: dict[tuple, VenueRow] = {}
    for number, cells in table.rows:
        errors = len(reading.findings.refused)
        meant = _meant(reading, number, cells)
        if not meant.get("name") or not meant.get("postcode"):
            continue  # already reported
        key = (meant["name"].casefold(), meant["postcode"])
        venue_row = venue_rows.setdefault(key, VenueRow(number))
        _merge(reading, venue_row, number, meant)
        _add_people(reading, venue_row, number, meant)
        venue_row.has_wrong_cells |= len(reading.findings.refused) > errors
    reading.venue_rows = list(venue_rows.values())
    _note_alike(reading)
    return reading


def _meant(reading, number, cells):
    meant = {}
    for name, index in reading.columns.at.items():
        text = cells[index]
        if is_not_said(text):
            if BY_NAME[name].needed and name != "approved_on":
                reading.wrong(number, name, _("this is empty."))
            continue
        try:
            value = read_cell(name, text)
        except Unread as unread:
            say = reading.leave_out if name in MAY_BE_EMPTY else reading.wrong
            say(number, name, str(unread))
            continue
        if isinstance(value, Mended):
            reading.findings.mend(number, value.how, reading.columns.title(name))
            value = value.value
        meant[name] = value
    return meant


def _merge(reading, venue_row, number, meant):
    """Merge rows about one venue, which must agree; later rows may leave cells empty."""
    for name, value in meant.items():
        if name in OF_PERSON or (name in ("name", "postcode") and name in venue_row.cells):
            continue
        if venue_row.cells.setdefault(name, value) != value:
            reading.wrong(
                number,
                name,
                _("this differs from row %(row)s, which is the same venue.")
                % {"row": venue_row.rows[name]},
            )
        venue_row.rows.setdefault(name, number)


def _add_people(reading, venue_row, number, meant):
    if "person" not in meant:
        in_vain = [name for name in ("trained_on", "module") if name in meant]
        was_left_out = any(fault.row == number for fault in reading.findings.left_out)
        if in_vain and not was_left_out:
            reading.wrong(number, in_vain[0], _("whose training is this? Give the first name."))
        return
    for name in meant["person"]:
        person = Person(number, name, meant.get("module", ""), meant.get("trained_on"))
        if any(_same(person, known) for known in venue_row.people):
            reading.repeated += 1
        else:
            venue_row.people.append(person)


def _same(one, other):
    return (one.first_name.casefold(), one.module.casefold(), one.trained_on) == (
        other.first_name.casefold(),
        other.module.casefold(),
        other.trained_on,
    )


def _note_alike(reading):
    """Report names that differ only in apostrophes, full stops or spaces, at one postcode."""
    alike: dict[tuple, list[VenueRow]] = {}
    for venue_row in reading.venue_rows:
        alike.setdefault(venue_row.key, []).append(venue_row)
    for venue_rows in alike.values():
        if len(venue_rows) > 1:
            reading.findings.notes.append(
                _("Rows %(rows)s may be the same venue, at %(postcode)s: %(names)s.")
                % {
                    "rows": ", ".join(str(venue_row.row) for venue_row in venue_rows),
                    "postcode": venue_rows[0].cells["postcode"],
                    "names": ", ".join(f"“{venue_row.cells['name']}”" for venue_row in venue_rows),
                }
            )
