"""What a search for a location finds."""

from dataclasses import dataclass, field

from django.contrib.gis.geos import Point


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
