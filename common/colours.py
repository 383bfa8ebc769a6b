"""A council's colour: is text readable on it, and how does it look in dark mode?

Contrast is WCAG 2.2's: from 1 (the same colour) to 21 (black on white).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

STANDARD_COLOUR = "#12303a"
"""Used if a scheme has not chosen one."""
WHITE, INK = "#ffffff", "#12272f"
DARK_SURFACE = "#15262d"
LEAST_FOR_TEXT, LEAST_FOR_SHAPES = 4.5, 3.0
HEX = re.compile(r"#[0-9a-f]{6}")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours such as `#6b2a5b`."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """White or ink, whichever is easier to read on `colour`."""
    return max((WHITE, INK), key=lambda text: contrast(text, colour))


def on_dark(colour: str) -> str:
    """`colour`, lightened just enough to stand out from the dark surface."""
    for percent in range(101):
        mixed = _mixed_with_white(colour, percent / 100)
        if contrast(mixed, DARK_SURFACE) >= LEAST_FOR_SHAPES:
            return mixed
    raise AssertionError("White stands out from the dark surface.")


def check_colour(value: str) -> None:
    """Raise ValidationError for an invalid colour, or one on which no text is readable."""
    if not HEX.fullmatch(value):
        raise ValidationError(
            _("Write the colour as # and six digits or letters from a to f, such as #6b2a5b.")
        )
    best = contrast(text_on(value), value)
    if best < LEAST_FOR_TEXT:
        raise ValidationError(
            _(
                "Neither white nor dark text is readable on this colour: its contrast is "
                "%(found)s to 1 and must be at least 4.5 to 1. Choose a darker or a lighter one."
            )
            % {"found": f"{best:.1f}"}
        )


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed_with_white(colour: str, share: float) -> str:
    mixed = (round(channel + (255 - channel) * share) for channel in _channels(colour))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
