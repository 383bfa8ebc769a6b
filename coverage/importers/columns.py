"""The columns of a list of other spaces, and how a row is read."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables import (
    Field,
    Findings,
    Unread,
    is_not_said,
    listed,
    read_cell,
    read_closed,
    read_date,
    read_email,
    read_line,
    read_phone,
    read_postcode,
    read_website,
    tidy,
)
from common.tables.cells import NO, YES, clean
from geography.importers.located import COLUMNS, PAIR, Located, Row
from venues.models import Venue
from venues.type_reading import read_kind

from .hours import HoursColumns, Week

NAME = (
    r"name|place|venue|site|title|organisation|premises|building|office"
    r"|(place|venue|site|library|pharmacy|premises|building|organisation|space|location|facility"
    r"|amenity|centre)_?name|location_?text"
)
OTHER_NAME = (
    r"(?!(ward|la|lad|area|local|authority|contact|district|scheme|county|region|person|first"
    r"|last)_)(?!.*wellbeing)\w+_(name|office)"
)
FIELDS = [
    Field(
        "reference",
        r"@id|id|ref(erence)?|code|(ods|place|site|venue|library|osm|organisation)_?(code|id)"
        r"|organisation_data_service_code|nomis_office_code",
    ),
    Field("kind", r"kind|type|category|amenity|(type|kind)_of_\w+"),
    Field("serves", r"serves|whom_it_serves|who_for|for|for_whom|audience"),
    Field("town", r"town|city|town_or_city|post_town|addr:city"),
    Field("postcode", COLUMNS["postcode"], read_postcode),
    Field("website", r"(contact:)?(website|web_?site|web|url|web_address)", read_website),
    Field(
        "phone",
        r"(contact:|public_|contact_|report_)?(phone|telephone|tel|phone_number|telephone_number)",
        read_phone,
    ),
    Field("email", r"(contact:|contact_|report_)?e-?mail(_address)?", read_email),
    Field(
        "closed",
        r"(is_|permanently_)?closed|year_closed|date_closed|closed_(on|in)|disused"
        r"|clos(ure|ing)_date|date_of_closure",
        clean,
    ),
    Field("closing_days", r"closing_days?|days?_closed|closed_(on_)?days?|closed_days?", clean),
    Field("open", r"(is_|currently_|still_)?open(_now)?", clean),
    Field(
        "valid_from",
        r"valid_from|hours_from|from_date|opens_on|season_(from|start(s|_date)?)|start_date",
        read_date,
    ),
    Field(
        "valid_to",
        r"valid_(to|until)|hours_until|(to|until)_date|ends_on|season_(to|until|ends?|end_date)"
        r"|end_date",
        read_date,
    ),
]
ADDRESS = (
    r"(office_|street_|full_)?address(_?(line)?_?\d)?( \d+)?|street|location"
    r"|addr:(housename|housenumber|street|place)"
)
WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
CLOSING_DAYS = re.compile(
    rf"(?:closed )?(?:on )?{WEEKDAY}(?:(?:\s*(?:,|&|/|\band\b)\s*){WEEKDAY})*"
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Said:
    """One space, as read from a row."""

    row: int
    reference: str
    fields: dict
    week: Week = field(default_factory=set)
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None

    @property
    def where(self) -> str:
        point = self.fields["point"]
        return self.fields["postcode"] or f"{point.x:.0f} {point.y:.0f}"


class Columns:
    """The columns of a list; a list without a column of names is refused.

    Values that are not understood go into `findings`.
    """

    def __init__(self, found: Located, findings: Findings):
        self.name = found.column(NAME) or found.column(OTHER_NAME)
        if not self.name:
            raise Refused(
                _("%(file)s has no column of names (found: %(found)s).")
                % {"file": found.name, "found": listed(found.titles)}
            )
        self.findings = findings
        self.titles = {tidy(title): title for title in found.titles}
        self.at = {each.name: found.column(each.pattern) for each in FIELDS}
        # A list may call its spaces "venue" and have a column "location" for the address.
        self.address = [
            key for key in self.titles if re.fullmatch(ADDRESS, key) and key != self.name
        ]
        self.hours = HoursColumns(found)
        self.unknown_kinds: dict[str, None] = {}
        used = {self.name, *self.at.values(), *self.address, *self.hours.used, *found.used}
        findings.unused = [title for key, title in self.titles.items() if key not in used]

    @property
    def kind(self) -> str:
        """The kind implied by the column titles: a "library name" belongs to a library."""
        word = self.name.split("_")[0]
        return read_kind(word) or Venue.Type.OTHER

    def cells(self, row: Row) -> dict[str, Any]:
        """Values by field, for the fields that were recognised."""
        return {
            each.name: read_cell(
                each, row.cells.get(key, ""), row.number, self.titles[key], self.findings
            )
            for each in FIELDS
            if (key := self.at[each.name])
        }

    def has_closed(self, row: Row, today: datetime.date) -> bool:
        """Whether the space has closed for good; `read` handles closing days and unclear values."""
        try:
            closed = self._text(row, "closed")
            if closed and not CLOSING_DAYS.fullmatch(closed) and read_closed(closed, today):
                return True
            return self._text(row, "open") in ("closed", "permanently closed", *NO)
        except Unread:
            return False

    def _text(self, row: Row, name: str) -> str:
        text = clean(row.cells.get(self.at[name], "")) if self.at[name] else ""
        return "" if is_not_said(text) else " ".join(text[:200].lower().split())

    def read(self, row: Row, kind: str, today: datetime.date) -> Said:
        """The space of this row; raises Refused without a name. `kind` is the default kind."""
        try:
            name = read_line(row.cells.get(self.name, ""))
        except Unread as unread:
            raise Refused(str(unread)) from None
        if is_not_said(name) or name.lower() in ("no", "false", "0"):
            raise Refused(_("it has no name."))
        cells = self.cells(row)
        text = {key: value or "" for key, value in cells.items()}
        fields = {
            "name": self._cut(row, self.name, name, 160),
            "kind": self._kind(text.get("kind", "")) or kind,
            "serves": self._cut(row, self.at["serves"], text.get("serves", ""), 120),
            "address": self._cut(row, (self.address or [""])[0], self._address(row), 240),
            "town": self._cut(row, self.at["town"], text.get("town", ""), 80),
            "postcode": text.get("postcode", ""),
            "point": row.point,
            "point_is_of_postcode": row.of_postcode,
            "phone": self._cut(row, self.at["phone"], text.get("phone", ""), 40),
            "website": text.get("website", ""),
            "email": text.get("email", ""),
        }
        said = Said(row.number, "", fields)
        said.reference = (text.get("reference") or f"{name.casefold()} | {said.where}")[:200]
        self._read_hours(said, row, cells, today)
        return said

    def _read_hours(self, said: Said, row: Row, cells: dict, today: datetime.date) -> None:
        """The weekly hours, their season and the days on which the space is closed.

        If a season or a closing day is not understood, the hours are left out: without it they
        would send somebody to a locked door.
        """
        said.week, unread = self.hours.read(row)
        if unread:
            texts = "”, “".join(dict.fromkeys(each.text[:60] for each in unread))
            words = _("hours that could not be read: “%(texts)s”.") % {"texts": texts}
            self._say(row, " ".join([words, *dict.fromkeys(each.reason for each in unread)]))
        self._take_out_closing_days(said, row, today)
        self._look_at_open(row)
        for end in ("valid_from", "valid_to"):
            setattr(said, end, cells.get(end))
            if cells.get(end) is None and not is_not_said(row.cells.get(self.at[end], "")):
                self._without_hours(said, row, _("the dates of its hours are not understood"))
        if said.valid_to:
            said.valid_to += datetime.timedelta(days=1)  # the last day is included
            if said.valid_from and said.valid_from >= said.valid_to:
                said.valid_from = said.valid_to = None
                said.week = set()
                self._say(row, _("its hours end before they begin."))

    def _take_out_closing_days(self, said: Said, row: Row, today: datetime.date) -> None:
        for name in ("closed", "closing_days"):
            try:
                text = self._text(row, name)
                if not text:
                    continue
                if CLOSING_DAYS.fullmatch(text):
                    closed = {DAYS.index(day[:3]) for day in re.findall(rf"\b{WEEKDAY}", text)}
                    said.week = {each for each in said.week if each[0] not in closed}
                    continue
                if name == "closed":
                    read_closed(text, today)
                    continue
            except Unread:
                pass
            why = _("“%(text)s” in the column “%(column)s” is not understood")
            title = self.titles[self.at[name]]
            self._without_hours(said, row, why % {"text": text[:40], "column": title})

    def _look_at_open(self, row: Row) -> None:
        """A column "open" means yes or no, unless the list has its hours in it."""
        if not self.at["open"] or self.hours.text == self.at["open"]:
            return
        text = row.cells.get(self.at["open"], "")
        if not is_not_said(text) and text.strip().lower() not in ("open", *YES):
            words = _("“%(text)s” is neither yes nor no.") % {"text": text[:40]}
            self.findings.leave_out(row.number, words, self.titles[self.at["open"]])

    def _without_hours(self, said: Said, row: Row, why: str) -> None:
        said.valid_from = said.valid_to = None
        said.week = set()
        self._say(row, _("its hours were left out: %(why)s.") % {"why": why})

    def _say(self, row: Row, words: str) -> None:
        self.findings.leave_out(row.number, words)

    def _cut(self, row: Row, key: str, text: str, most: int) -> str:
        if len(text) > most:
            words = _("this is longer than %(most)s characters and was cut.") % {"most": most}
            self.findings.leave_out(row.number, words, self.titles.get(key, ""))
        return text[:most].strip()

    def _kind(self, text: str) -> str:
        """A known kind; of several words the last decides, as in "static library"."""
        found = read_kind(text) or read_kind(text.rpartition(" ")[2])
        if text and not found:
            self.unknown_kinds[text[:40]] = None
        return found

    def _address(self, row: Row) -> str:
        lines = []
        for key in self.address:
            line = read_cell(
                Field("address", key),
                row.cells.get(key, ""),
                row.number,
                self.titles[key],
                self.findings,
            )
            if line and line.lower() not in ("no", "false", "0") and not PAIR.fullmatch(line):
                lines.append(line)
        return ", ".join(dict.fromkeys(lines))
