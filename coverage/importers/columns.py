"""What the columns of a list of places mean, and what a row says of its place."""

import datetime
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.tables import listed, tidy
from geography.importers.located import COLUMNS, Located, Row
from geography.rules import normalise_postcode
from venues.models import Venue
from venues.written_kinds import read_kind

from .hours import HoursColumns, Week

NAME = (
    r"name|place|venue|site|title|organisation|premises|building|office"
    r"|(place|venue|site|library|pharmacy|premises|building|organisation|space)_?name"
)
OTHER_NAME = (
    r"(?!(ward|la|lad|area|local|authority|contact|district|scheme|county|region|person|first"
    r"|last)_)(?!.*wellbeing)\w+_(name|office)"
)
FIELDS = {
    "reference": (
        r"@id|id|ref(erence)?|code|(ods|place|site|venue|library|osm|organisation)_?(code|id)"
        r"|organisation_data_service_code|nomis_office_code"
    ),
    "kind": r"kind|type|category|amenity|(type|kind)_of_\w+",
    "serves": r"serves|whom_it_serves|who_for|for|for_whom|audience",
    "town": r"town|city|town_or_city|post_town|addr:city",
    "postcode": COLUMNS["postcode"],
    "website": r"(contact:)?(website|web_?site|web|url|web_address)",
    "phone": r"(contact:|public_)?(phone|telephone|tel|phone_number|telephone_number)",
    "email": r"(contact:)?e-?mail(_address)?",
    "closed": r"closed|year_closed|date_closed|closed_(on|in)|disused",
    "valid_from": r"valid_from|hours_from|from_date|opens_on|season_(from|start)",
    "valid_to": r"valid_(to|until)|hours_until|(to|until)_date|ends_on|season_(to|until|end)",
}
ADDRESS = (
    r"(office_|street_|full_)?address(_?(line)?_?\d)?( \d+)?|street"
    r"|addr:(housename|housenumber|street|place)"
)
NOT_SAID = ("", "-", "na", "n/a", "none", "null", "no", "false", "0", "not known", "unknown")
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")


@dataclass
class Said:
    """What a row says of one place; `wrong` are sentences about cells that were left aside."""

    row: int
    reference: str
    fields: dict
    week: Week = field(default_factory=set)
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    wrong: list[str] = field(default_factory=list)


class Columns:
    """Where a list keeps what; a list without a column of names is refused."""

    def __init__(self, found: Located):
        self.name = found.column(NAME) or found.column(OTHER_NAME)
        if not self.name:
            raise Refused(
                _("%(file)s has no column of names (found: %(found)s).")
                % {"file": found.name, "found": listed(found.titles)}
            )
        self.at = {name: found.column(pattern) for name, pattern in FIELDS.items()}
        self.address = [tidy(title) for title in found.titles if re.fullmatch(ADDRESS, tidy(title))]
        self.hours = HoursColumns(found)

    @property
    def kind(self) -> str:
        """The kind that the list's own titles give away: a "library name" is a library's."""
        word = self.name.split("_")[0]
        return read_kind(word) or Venue.Type.OTHER

    def cell(self, row: Row, name: str) -> str:
        return row.cells.get(self.at[name], "") if self.at[name] else ""

    def has_closed(self, row: Row) -> bool:
        return self.cell(row, "closed").lower() not in NOT_SAID

    def read(self, row: Row, kind: str) -> Said:
        """What the row says; refused without a name. `kind` is of those that do not say."""
        name = _line(row.cells.get(self.name, ""))
        if not name or name.lower() in NOT_SAID:
            raise Refused(_("it has no name."))
        postcode = normalise_postcode(self.cell(row, "postcode"))
        address = _address(row, self.address)
        fields = {
            "name": name[:160],
            "kind": _kind(self.cell(row, "kind")) or kind,
            "serves": _line(self.cell(row, "serves"))[:120],
            "address": address[:240],
            "town": _line(self.cell(row, "town"))[:80],
            "postcode": postcode,
            "point": row.point,
            "point_is_of_postcode": row.of_postcode,
            "phone": _line(self.cell(row, "phone"))[:40],
            "website": _website(self.cell(row, "website")),
            "email": _email(self.cell(row, "email")),
        }
        where = postcode or f"{row.point.x:.0f} {row.point.y:.0f}"
        reference = self.cell(row, "reference") or f"{name.casefold()} | {where}"
        said = Said(row.number, reference[:200], fields)
        said.week, unread = self.hours.read(row)
        if unread:
            texts = "”, “".join(dict.fromkeys(each.text[:60] for each in unread))
            words = _("hours that could not be read: “%(texts)s”.") % {"texts": texts}
            said.wrong.append(" ".join([words, *dict.fromkeys(each.reason for each in unread)]))
        for end in ("valid_from", "valid_to"):
            if text := self.cell(row, end):
                setattr(said, end, _day(text))
                if getattr(said, end) is None:
                    said.wrong.append(_("“%(text)s” is no day.") % {"text": text[:40]})
        if said.valid_to:
            said.valid_to += datetime.timedelta(days=1)  # the last day counts
            if said.valid_from and said.valid_from >= said.valid_to:
                said.valid_from = said.valid_to = None
                said.week = set()
                said.wrong.append(_("its hours end before they begin."))
        return said


def _kind(text: str) -> str:
    """A known kind; of several words the last says it, as in "static library"."""
    return read_kind(text) or read_kind(text.rpartition(" ")[2])


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()


def _address(row: Row, keys: list[str]) -> str:
    lines = [_line(row.cells.get(key, "")) for key in keys]
    return ", ".join(dict.fromkeys(line for line in lines if line.lower() not in NOT_SAID))


def _website(text: str) -> str:
    text = text.split()[0] if text.split() else ""
    if text.lower() in NOT_SAID:
        return ""
    text = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return ""
    return text if len(text) <= 200 else ""


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""


def _day(text: str) -> datetime.date | None:
    for form in DATE_FORMS:
        try:
            day = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day if 1990 <= day.year <= 2100 else None
    return None
