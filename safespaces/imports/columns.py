"""The columns of a scheme's earlier records, and how each is read."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from common import sizes
from common.tables import (
    Field,
    Mended,
    Unread,
    read_closed,
    read_date,
    read_email,
    read_phone,
    read_postcode,
    read_website,
    read_yes_no,
    tidy,
)
from common.tables.cells import clean
from venues.models import Organisation, Venue
from venues.type_reading import TYPES

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
NOT_NAMES = set(
    [
        "all",
        "any",
        "both",
        "colleague",
        "colleagues",
        "duty",
        "everybody",
        "everyone",
        "manager",
        "managers",
        "member",
        "members",
        "multiple",
        "none",
        "nobody",
        "people",
        "person",
        "reception",
        "receptionist",
        "several",
        "staff",
        "team",
        "trained",
        "various",
        "volunteer",
        "volunteers",
        "workers",
    ]
)
"""Words that mean somebody was trained, without saying who."""


def choice(choices, aliases: dict) -> Callable[[str], str]:
    """A reader of one of `choices` by its value, its label or an alias."""

    def read(text: str) -> str:
        words = tidy(text)
        for each in choices:
            if words in (each.value, tidy(str(each.label)), *aliases[each].split()):
                return each.value
        raise Unread(
            _("“%(text)s” is none of: %(choices)s.")
            % {"text": text[:40], "choices": ", ".join(each.value for each in choices)}
        )

    return read


def read_sticker_number(text: str) -> int:
    match = re.fullmatch(r"(?:no\.?|number|#)?\s*(\d{1,9})(?:\.0)?", text, re.IGNORECASE)
    if not match or not int(match[1]):
        raise Unread(_("“%(text)s” is not a sticker's number.") % {"text": text[:40]})
    return int(match[1])


def read_whether_done(text: str) -> bool:
    """Yes, no, or the date on which it was done."""
    for read in (read_yes_no, read_date):
        try:
            return bool(read(text))
        except Unread:
            continue
    raise Unread(_("“%(text)s” is neither yes, no nor a day.") % {"text": text[:40]})


def read_people(text: str) -> list[str] | Mended:
    """First names: "Jo, Sam and Priya" are three people; "2 staff" are nobody in particular."""
    text = re.sub(r"[ \t]+", " ", text)
    plain = re.sub(r" ?\([^()]*\)", "", text)
    names = [part.strip(" .") for part in re.split(r"[,;/&+\n|]|\band\b", plain)]
    names = list(dict.fromkeys(name for name in names if name))
    for name in names:
        if not is_a_name(name):
            raise Unread(_("“%(text)s” does not say who: give first names.") % {"text": name[:40]})
        if len(name) > sizes.FIRST_NAME:
            words = _("a first name has at most %(most)s letters.")
            raise Unread(words % {"most": sizes.FIRST_NAME})
    if not names:
        raise Unread(_("“%(text)s” does not say who: give first names.") % {"text": text[:40]})
    if plain != text:
        how = _("“%(text)s” was read as %(names)s.")
        return Mended(names, how % {"text": text[:60], "names": ", ".join(names)[:60]})
    return names


def is_a_name(text: str) -> bool:
    """Whether this may be a person's name: letters of any script, and no word for a group."""
    words = re.split(r"[\s.]+", text.lower())
    letters = all(c.isalpha() or not c.isascii() or c in " -'.`" for c in text)
    return letters and any(c.isalpha() for c in text) and not NOT_NAMES & set(words)


FIELDS = [
    Field("organisation", "organisation|organization|organisation_name|company|charity|business"),
    Field("sector", "sector|organisation_sector", choice(Organisation.Sector, SECTORS)),
    Field(
        "name",
        "venue|venue_name|place|name_of_place|premises|site|name|building",
        needed=True,
    ),
    Field("type", "type|venue_type|kind|kind_of_place|category", choice(Venue.Type, TYPES)),
    Field("address_1", "address|address_1|address_line_1|street|street_address"),
    Field("address_2", "address_2|address_line_2"),
    Field("town", "town|city|town_or_city|post_town"),
    Field("postcode", "postcode|post_code|venue_postcode|postal_code", read_postcode, needed=True),
    Field("contact_name", "contact_name|contact|contact_person|main_contact"),
    Field("contact_email", "contact_e-?mail|e-?mail|e-?mail_address", read_email),
    Field(
        "contact_phone",
        "contact_phone|contact_telephone|phone|telephone|tel|contact_number|phone_number"
        "|telephone_number|mobile",
        read_phone,
    ),
    Field("website", "website|web|web_site|url|web_address", read_website),
    Field("opening_hours", "opening_(hours|times?)|open_(hours|times)|hours|open|times", clean),
    Field("closed", "closed|closed_on|date_closed|year_closed|closing_date", read_closed),
    Field(
        "approved_on",
        "approved_on|approved|approval_date|date_approved|joined|joined_on|date_joined",
        read_date,
        needed=True,
    ),
    Field("reference", r"(our_|sign_?up_|scheme_)?(reference|ref)(_no\.?|_number)?", clean),
    Field("sticker_number", r"sticker_number|sticker|sticker_no\.?", read_sticker_number),
    Field(
        "sticker_expires_on",
        "sticker_expires|sticker_expires_on|sticker_expiry|sticker_expiry_date|sticker_valid_until",
        read_date,
    ),
    Field("sticker_sent", "sticker_(sent|posted)(_on)?|date_sticker_sent", read_whether_done),
    Field(
        "sticker_displayed",
        "sticker_(displayed|up|shown|in_window)(_on)?|date_sticker_displayed",
        read_whether_done,
    ),
    Field(
        "person",
        "person_first_names?|person|people|first_names?|staff_first_names?|staff_members?"
        "|trained_(person|people|staff)",
        read_people,
    ),
    Field("module", "module|training|course|training_module"),
    Field(
        "trained_on", "trained_on|training_date|date_trained|date_of_training|trained", read_date
    ),
    Field(
        "listing", "listing|listed|public_or_internal|visibility", choice(Venue.Listing, LISTINGS)
    ),
]
OF_PERSON = ("person", "module", "trained_on")
MAY_BE_EMPTY = ("contact_phone", "opening_hours", "person")
"""A venue is imported without these if they are not understood, and they are reported. Any other
cell that is not understood refuses the file: a missing date or number would do harm.
"""
BY_NAME = {field.name: field for field in FIELDS}


def read_cell(field: str, text: str):
    """The value of a non-empty cell; raises Unread with a sentence."""
    return BY_NAME[field].read(clean(text))
