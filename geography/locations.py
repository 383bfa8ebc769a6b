"""What a search for a location finds."""

import datetime
from dataclasses import dataclass, field, replace

from django.contrib.gis.geos import Point
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def no_longer_in_use(postcode: str, ended_on: datetime.date | None) -> str:
    """The sentence that a postcode has ended, and when, if known."""
    if ended_on is None:
        return _("%(postcode)s is no longer in use.") % {"postcode": postcode}
    return _("%(postcode)s is no longer in use: it ended in %(month)s.") % {
        "postcode": postcode,
        "month": date_format(ended_on, "F Y"),
    }


@dataclass(frozen=True)
class Location:
    """One point, or several locations of the same name to choose from."""

    kind: str
    """"point" (a device's), "spot" or "square" (typed coordinates), "postcode", "sector",
    "outward", "area", "place", "venue" or "choices".
    """
    label: str
    point: Point | None = None
    area_id: int | None = None
    place_id: int | None = None
    slug: str = ""
    is_guess: bool = False
    """Nothing has exactly this name: it was spelt differently, or only part of it is known."""
    missing: str = ""
    """The more exact thing that was typed but is not known: a postcode, or the start of an
    address.
    """
    missing_words: str = ""
    """The same as a sentence: the postcode has ended, the street is not known."""
    choices: tuple["Location", ...] = field(default=())

    def saying(self, words: str, **more: str) -> "Location":
        """The same location with words to show about it."""
        return replace(self, missing_words=words, **more)

    @property
    def chosen_by(self) -> tuple[str, str]:
        """Name and value of the form field that selects this location."""
        if self.slug:
            return "venue", self.slug
        return ("place", str(self.place_id)) if self.place_id else ("area", str(self.area_id))

    @property
    def remark(self) -> str:
        """What to say if a location is not quite what was typed; otherwise empty."""
        if self.kind == "postcode" and self.missing_words:
            return _("%(why)s We looked from where it was.") % {"why": self.missing_words}
        if self.missing and self.kind in ("sector", "outward"):
            why = self.missing_words or _(
                "We do not have %(postcode)s: it may be new, or no longer used."
            ) % {"postcode": self.missing}
            return _("%(why)s We looked from the middle of %(part)s.") % {
                "why": why,
                "part": self.label,
            }
        if self.missing:
            return self.missing_words
        if self.is_guess:
            return _("We took this to be %(name)s.") % {"name": self.label}
        return ""
