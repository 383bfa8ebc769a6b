"""Sheets made for one place: posters, the card beside the till, the staff room's sheet, and what to
post on social media. On paper as a tagged PDF, and the same content as a page.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from pypdf import PdfReader

from common.colours import STANDARD_COLOUR, text_on
from common.pdf import make_pdf
from venues.logos import draw_png, logo_url
from venues.models import Material, SchemeContact, SignUp, Venue
from venues.nouns import Nouns, nouns_of
from venues.sticker_pdf import qr_of

Made = Material.Made
LETTERS = (150, 130, 115, 100, 88, 76, 66, 57, 50, 43)
"""Sizes of the letters in percent, largest first. A sheet takes the largest at which it is one page
long: a short name fills a poster, and a long one still fits.
"""
PICTURE = (1200, 630)
"""Pixels, as social media ask for."""
MOST_STEPS = 4


@dataclass(frozen=True)
class Sheet:
    """One material made for one place: the context of its templates."""

    material: Material
    sign_up: SignUp
    contacts: list[SchemeContact]
    """The scheme's numbers that a named person has confirmed."""
    letters: int = 100

    @property
    def kind(self) -> str:
        return self.material.made

    @property
    def is_poster(self) -> bool:
        return self.kind in (Made.POSTER_A4, Made.POSTER_A3)

    @property
    def is_social(self) -> bool:
        return self.kind == Made.SOCIAL

    @property
    def is_staff_sheet(self) -> bool:
        return self.kind == Made.STAFF_SHEET

    @property
    def scheme(self):
        return self.sign_up.scheme

    @property
    def venue(self) -> Venue:
        return self.sign_up.venue

    @property
    def nouns(self) -> Nouns:
        return nouns_of(self.scheme)

    @property
    def steps(self) -> list[str]:
        """What happens when somebody walks in, as much as a poster holds."""
        return self.scheme.walk_in_steps[:MOST_STEPS]

    @property
    def brand(self) -> str:
        return self.scheme.colour or STANDARD_COLOUR

    @property
    def brand_ink(self) -> str:
        return text_on(self.brand)

    @property
    def address(self) -> str:
        """Of the finder. A sticker's address would not do: it ends before the poster does."""
        host = self.scheme.host
        return f"https://{host}/" if host else f"{settings.SITE_URL}/"

    @property
    def qr(self) -> str:
        return qr_of(self.address)

    @property
    def logo(self) -> str:
        return logo_url(self.scheme)

    @property
    def post(self) -> str:
        """The words to go with the picture."""
        words = _(
            "%(venue)s is %(noun)s. If you feel unsafe, unwell, lost or alone, come in. "
            "%(say)s In danger, call 999."
        )
        return words % {
            "venue": self.venue,
            "noun": self.nouns.a_one,
            "say": self.scheme.what_to_say,
        }


def sheet_of(material: Material, sign_up: SignUp) -> Sheet:
    """The sheet of a made material for this place; in one query."""
    contacts = SchemeContact.objects.for_members(sign_up.scheme, [sign_up.venue])
    return Sheet(material, sign_up, [each for each in contacts if each.confirmed_on])


def sheet_pdf(sheet: Sheet) -> bytes:
    """One page, tagged for screen readers, with the largest letters that fit on it.

    Even the smallest letters hold the longest texts that a scheme may have.
    """
    low, high = 0, len(LETTERS) - 1
    found = b""
    while low <= high:
        middle = (low + high) // 2
        drawn = _draw(sheet, LETTERS[middle])
        if len(PdfReader(BytesIO(drawn)).pages) == 1:
            found, high = drawn, middle - 1
        else:
            low = middle + 1
    return found or _draw(sheet, LETTERS[-1])


def _draw(sheet: Sheet, letters: int) -> bytes:
    return make_pdf(
        "venues/made_print.html",
        {"sheet": sheet, "letters": letters},
        style="css/made.css",
        identifier=f"made-{sheet.material.pk}-{sheet.sign_up.pk}".encode(),
        is_tagged=True,
    )


@dataclass(frozen=True)
class Line:
    """One line of the picture."""

    text: str
    y: int
    size: int


def picture_svg(sheet: Sheet) -> str:
    """1200 by 630: the door, the place's name and what to say."""
    size, name = _fitted(str(sheet.venue), (84, 72, 62, 54, 46, 40, 34), height=260)
    what = _("is %(noun)s") % {"noun": sheet.nouns.a_one}
    below, whats = _fitted(what, (44, 38, 32), height=90)
    say, says = _fitted(sheet.scheme.what_to_say, (34, 30, 26, 22), height=130)
    heights = [(name, size), (whats, below), (says, say)]
    space = sum(len(lines) * round(each * 1.2) for lines, each in heights)
    y = (546 - space - 40) // 2
    groups = []
    for lines, each in heights:
        found = []
        for line in lines:
            y += round(each * 1.2)
            found.append(Line(line, y, each))
        groups.append(found)
        y += 20
    foot, feet = _fitted(
        f"{sheet.scheme.name} · {sheet.scheme.runner}", (28, 24, 20, 17), width=1120, height=72
    )
    top = 546 + (84 - len(feet) * round(foot * 1.2)) // 2 - round(foot * 0.2)
    lines = [
        Line(line, top + place * round(foot * 1.2), foot)
        for place, line in enumerate(feet, start=1)
    ]
    context = {"sheet": sheet, "groups": groups, "foot": lines}
    return render_to_string("venues/made_picture.svg", context)


def picture_png(sheet: Sheet) -> bytes:
    return draw_png(picture_svg(sheet).encode(), *PICTURE)


def _fitted(
    text: str, sizes: tuple[int, ...], *, height: int, width: int = 700
) -> tuple[int, list[str]]:
    """(size, lines): the largest letters at which `text` is at most `height` pixels high."""
    for size in sizes:
        lines = list(_lines(text, width / size))
        if len(lines) * round(size * 1.2) <= height:
            break
    return size, lines


def _lines(text: str, ems: float) -> Iterator[str]:
    """`text` in lines of at most `ems` times the size of its letters; long words are cut."""
    line, used = "", 0.0
    for word in re.findall(r"[^\s-]+-*\s*|-+\s*", text):  # a line may end after a hyphen
        for part in _parts(word, ems):
            wide = sum(map(_ems, part.rstrip()))
            if line and used + wide > ems:
                yield line.rstrip()
                line, used = "", 0.0
            line, used = line + part, used + sum(map(_ems, part))
    if line:
        yield line


def _parts(word: str, ems: float) -> Iterator[str]:
    part, used = "", 0.0
    for letter in word:
        if used + _ems(letter) > ems:
            yield part
            part, used = "", 0.0
        part, used = part + letter, used + _ems(letter)
    yield part


def _ems(letter: str) -> float:
    """About how wide a bold letter is; the widest of its kind, so that no line is cut off."""
    if unicodedata.combining(letter):
        return 0.0
    if letter.isspace():
        return 0.3
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "WMmw@—":
        return 0.95
    return 0.72 if letter.isupper() else 0.61
