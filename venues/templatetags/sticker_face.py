"""The drawing of a window sticker: how large its words may be and how long its door."""

import re
from dataclasses import dataclass

from django import template

from venues.models import Scheme

register = template.Library()

TITLES = [(4, "s"), (5, "m"), (7, "l"), (10, "xl")]
"""The longest word of a title in letters, and the size at which it fits into the doorway."""
SAYS = [(50, "s"), (75, "m"), (120, "l")]
"""The words to say, and half of the others, in letters; and their size."""
FEET = {"s": 985, "m": 930, "l": 850, "xl": 770}
"""Where the door ends, in units of the drawing (1050 by 1480): long words take its lowest part."""
NAME_LINE = 26
"""Letters of a name on one line of the foot; each further line takes 40 units of the door."""


@dataclass(frozen=True)
class Face:
    """Sizes `s` to `xl`, in the style sheet the largest letters to the smallest, and the door."""

    title: str
    say: str
    foot: int

    @property
    def corner(self) -> int:
        """Where the leaf, half open, ends at its free edge."""
        return self.foot - 175


@register.simple_tag
def face_of(scheme: Scheme) -> Face:
    """`{% face_of scheme as face %}`"""
    words = re.split(r"[\s-]+", scheme.sticker_title)
    say = _size(SAYS, len(scheme.what_to_say) + len(scheme.sticker_wording) // 2)
    names = max(len(scheme.name), len(f"{scheme.runner} {scheme.delivered_by}"))
    more_lines = (names - 1) // NAME_LINE
    return Face(_size(TITLES, max(map(len, words))), say, FEET[say] - 40 * more_lines)


@register.filter
def without_protocol(address: str) -> str:
    """An address as people type it."""
    return address.removeprefix("https://").removeprefix("http://")


def _size(sizes: list[tuple[int, str]], length: int) -> str:
    return next((size for most, size in sizes if length <= most), "xl")
