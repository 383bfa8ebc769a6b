"""What a search for a location finds."""

from dataclasses import dataclass, field

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Location:
    """What was found: one point, or several locations of that name to choose from."""

    kind: str  # "point", "postcode", "sector", "outward", "area", "place", "venue" or "choices"
    label: str
    point: Point | None = None
    area_id: int | None = None
    place_id: int | None = None
    slug: str = ""
    is_guess: bool = False
    """Nothing has exactly this name: it was spelt differently, or only part of it is known."""
    missing: str = ""
    """What was typed more exactly than is known here: a postcode, or the start of an address."""
    choices: tuple["Location", ...] = field(default=())

    @property
    def chosen_by(self) -> tuple[str, str]:
        """The name and the value of the form field that chooses this location."""
        if self.slug:
            return "venue", self.slug
        return ("place", str(self.place_id)) if self.place_id else ("area", str(self.area_id))

    @property
    def remark(self) -> str:
        """What to say of a location that is not quite what was typed; empty when it is."""
        if self.missing and self.kind in ("sector", "outward"):
            return _(
                "We do not have %(postcode)s: it may be new, or no longer used. We looked from the"
                " middle of %(part)s."
            ) % {"postcode": self.missing, "part": self.label}
        if self.missing:
            return _("We do not know that street. We looked from the middle of %(town)s.") % {
                "town": self.label
            }
        if self.is_guess:
            return _("We took this to be %(name)s.") % {"name": self.label}
        return ""
