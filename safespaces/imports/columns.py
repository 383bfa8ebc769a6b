"""Which column says what, and what a cell says: dates, kinds of place, sticker numbers."""

import datetime
import re

from django.utils.translation import gettext as _

from common.refusals import Refused
from geography.importers.reading import listed, tidy
from geography.rules import normalise_postcode
from venues.models import Organisation, Venue
from venues.written_kinds import TYPES

ALIASES = {
    "organisation": "organisation organization organisation_name company charity business",
    "sector": "sector organisation_sector",
    "name": "venue venue_name place name_of_place premises site name",
    "type": "type venue_type kind kind_of_place category",
    "address_1": "address address_1 address_line_1 street street_address",
    "address_2": "address_2 address_line_2",
    "town": "town city town_or_city post_town",
    "postcode": "postcode post_code venue_postcode",
    "contact_name": "contact_name contact contact_person main_contact",
    "contact_email": "contact_email contact_e-mail email e-mail email_address e-mail_address",
    "contact_phone": "contact_phone contact_telephone phone telephone tel contact_number",
    "website": "website web web_site url web_address",
    "opening_hours": "opening_hours hours opening_times open times",
    "approved_on": "approved_on approved approval_date date_approved joined joined_on date_joined",
    "sticker_number": "sticker_number sticker sticker_no sticker_no.",
    "sticker_expires_on": (
        "sticker_expires sticker_expires_on sticker_expiry sticker_expiry_date sticker_valid_until"
    ),
    "person": "person_first_name person first_name staff_first_name staff_member trained_person",
    "module": "module training course training_module",
    "trained_on": "trained_on training_date date_trained date_of_training trained",
    "listing": "listing listed public_or_internal visibility",
}
NEEDED = ("name", "postcode", "approved_on")
OF_PERSON = ("person", "module", "trained_on")

SECTORS = {
    Organisation.Sector.COMMUNITY: "community charity voluntary faith vcs vcse third_sector",
    Organisation.Sector.COMMERCIAL: "commercial business private company retail",
    Organisation.Sector.PUBLIC_BODY: "public_body public public_sector council statutory nhs",
}
LISTINGS = {
    Venue.Listing.PUBLIC: "public yes y",
    Venue.Listing.AREA_ONLY: "area_only area",
    Venue.Listing.INTERNAL: "internal no n private hidden",
}
CHOICES = {
    "sector": (Organisation.Sector, SECTORS),
    "type": (Venue.Type, TYPES),
    "listing": (Venue.Listing, LISTINGS),
}
DATE_FORMS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d/%m/%y",
    "%d-%b-%y",
)


def find_columns(header: list[str], file: str) -> tuple[dict[str, int], list[str]]:
    """Field -> column, and the names of the columns nobody asked for; or refused in a sentence."""
    found: dict[str, int] = {}
    unused = []
    for index, title in enumerate(header):
        words = tidy(title)
        field = next((name for name, known in ALIASES.items() if words in known.split()), None)
        if field is None:
            unused += [title] if title else []
        elif field in found:
            raise Refused(
                _("%(file)s: the columns “%(one)s” and “%(other)s” both say the same.")
                % {"file": file, "one": header[found[field]], "other": title}
            )
        else:
            found[field] = index
    if missing := [ALIASES[field].split()[0] for field in NEEDED if field not in found]:
        raise Refused(
            _("%(file)s has no column “%(missing)s”. Its columns are: %(columns)s.")
            % {
                "file": file,
                "missing": "”, “".join(missing).replace("_", " "),
                "columns": listed(header),
            }
        )
    return found, unused


def read_cell(field: str, text: str):
    """What a cell that is not empty means; raises ValueError with a sentence."""
    if field in CHOICES:
        return _choice(field, text)
    if field in ("approved_on", "sticker_expires_on", "trained_on"):
        return _date(text)
    if field == "postcode":
        return _postcode(text)
    if field == "sticker_number":
        return _number(text)
    if field == "website" and "://" not in text:
        return f"https://{text}"
    return re.sub(r"\s*\n\s*", ", ", text)


def _choice(field, text):
    choices, aliases = CHOICES[field]
    words = tidy(text)
    for choice in choices:
        if words in (choice.value, tidy(str(choice.label)), *aliases[choice].split()):
            return choice.value
    raise ValueError(
        _("“%(text)s” is none of: %(choices)s.")
        % {"text": text, "choices": ", ".join(choice.value for choice in choices)}
    )


def _date(text):
    for form in DATE_FORMS:
        try:
            day = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day
    raise ValueError(_("“%(text)s” is not a day such as 27/03/2024.") % {"text": text})


def _postcode(text):
    postcode = normalise_postcode(text)
    if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", postcode):
        raise ValueError(_("“%(text)s” is not a whole postcode.") % {"text": text})
    return postcode


def _number(text):
    match = re.fullmatch(r"(?:no\.?|number|#)?\s*(\d{1,9})(?:\.0)?", text, re.IGNORECASE)
    if not match or not int(match[1]):
        raise ValueError(_("“%(text)s” is not a sticker's number.") % {"text": text})
    return int(match[1])
