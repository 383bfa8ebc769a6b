"""A scheme's page, sticker and letter as they would look with unsaved wording."""

import base64
from dataclasses import dataclass

import segno
from django.conf import settings
from django.core.files.base import ContentFile

from common.colours import STANDARD_COLOUR, on_dark, text_on
from common.letters import Letter
from venues import letters
from venues.logos import logo_url
from venues.models import Organisation, Scheme, SignUp, Venue


@dataclass(frozen=True)
class Colours:
    """A colour and its text colour, on a light page and on a dark one."""

    light: str
    light_text: str
    dark: str
    dark_text: str


def colours_of(colour: str) -> Colours:
    """The page colours for a scheme's `colour`, such as `#6b2a5b`; the default if empty."""
    light = colour or STANDARD_COLOUR
    dark = on_dark(light)
    return Colours(light, text_on(light), dark, text_on(dark))


@dataclass(frozen=True)
class LookPreview:
    """What `admin/venues/scheme/look.html` shows beside its form."""

    scheme: Scheme
    logo: str  # a data URL, or empty
    kept_logo: str  # the same without its prefix, for a logo that is not saved yet
    colour: str  # six hex digits, for its stylesheet's URL
    letter: Letter
    qr: str


def look_preview(scheme: Scheme, new_logo: ContentFile | None, *, no_logo: bool) -> LookPreview:
    """`scheme` carries the typed wording and need not be saved."""
    kept = base64.b64encode(new_logo.read()).decode() if new_logo else ""
    saved = "" if no_logo else logo_url(scheme)
    return LookPreview(
        scheme=scheme,
        logo=f"data:image/png;base64,{kept}" if kept else saved,
        kept_logo=kept,
        colour=(scheme.colour or STANDARD_COLOUR).removeprefix("#"),
        letter=_letter(scheme),
        qr=segno.make(settings.SITE_URL, error="m", micro=False).svg_data_uri(border=2),
    )


def _letter(scheme) -> Letter:
    """An approval letter to a fictitious place."""
    venue = Venue(name="Copper Kettle", organisation=Organisation(name="Copper Kettle Ltd"))
    sign_up = SignUp(scheme=scheme, venue=venue)
    draft = letters.Draft((), {"link": f"{settings.SITE_URL}/"}, sign_up=sign_up)
    return letters.compose("venues.approve", draft)
