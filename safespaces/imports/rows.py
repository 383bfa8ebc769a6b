"""From a table's rows to places with their people; every wrong cell is named."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.tables import Table
from safespaces.imports.columns import NEEDED, OF_PERSON, find_columns, read_cell


@dataclass
class Person:
    """One person's training as a row gives it; without a day nothing was taught."""

    row: int
    first_name: str
    module: str = ""
    trained_on: datetime.date | None = None


@dataclass
class Place:
    """One venue, from all the rows that name it; `cells` are field -> what it means."""

    row: int
    cells: dict = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # where each cell stood
    people: list[Person] = field(default_factory=list)
    has_wrong_cells: bool = False


@dataclass
class Reading:
    """A table as places, and the sentences about the cells that cannot be taken."""

    table: Table
    columns: dict[str, int]
    unused: list[str]
    places: list[Place] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0

    def wrong(self, row: int, column: str, why: str) -> None:
        """Note an error; `column` is one of our fields."""
        if column in self.columns:
            title = self.table.header[self.columns[column]]
            why = _("column “%(column)s”: %(why)s") % {"column": title, "why": why}
        self.errors.append((row, _("Row %(row)s, %(why)s") % {"row": row, "why": why}))


def read_places(table: Table) -> Reading:
    """Group the rows of `table` by the venue's name and postcode."""
    columns, unused = find_columns(table.header, table.name)
    reading = Reading(table, columns, unused)
    places: dict[tuple, Place] = {}
    for number, cells in table.rows:
        errors = len(reading.errors)
        meant = _meant(reading, number, cells)
        if not meant.get("name") or not meant.get("postcode"):
            continue  # said already
        key = (meant["name"].casefold(), meant["postcode"])
        place = places.setdefault(key, Place(number))
        _merge(reading, place, number, meant)
        _add_person(reading, place, number, meant)
        place.has_wrong_cells |= len(reading.errors) > errors
    reading.places = list(places.values())
    return reading


def _meant(reading, number, cells):
    meant = {}
    for name, index in reading.columns.items():
        if not cells[index]:
            if name in NEEDED and name != "approved_on":
                reading.wrong(number, name, _("this is empty."))
            continue
        try:
            meant[name] = read_cell(name, cells[index])
        except ValueError as error:
            reading.wrong(number, name, str(error))
    return meant


def _merge(reading, place, number, meant):
    """What several rows say of one venue must agree; a later row may leave cells empty."""
    for name, value in meant.items():
        if name in OF_PERSON or (name in ("name", "postcode") and name in place.cells):
            continue
        if place.cells.setdefault(name, value) != value:
            reading.wrong(
                number,
                name,
                _("this differs from row %(row)s, which is the same venue.")
                % {"row": place.rows[name]},
            )
        place.rows.setdefault(name, number)


def _add_person(reading, place, number, meant):
    name = meant.get("person", "")
    if not name:
        for other in ("trained_on", "module"):
            if other in meant:
                reading.wrong(number, other, _("whose training is this? Give the first name."))
                return
        return
    if len(name) > 60:
        reading.wrong(number, "person", _("a first name has at most 60 letters."))
        return
    person = Person(number, name, meant.get("module", ""), meant.get("trained_on"))
    for known in place.people:
        if (known.first_name.casefold(), known.module.casefold(), known.trained_on) == (
            person.first_name.casefold(),
            person.module.casefold(),
            person.trained_on,
        ):
            reading.repeated += 1
            return
    place.people.append(person)
