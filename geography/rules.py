"""Geocode typed text. Nothing is ever logged: a search can be a cry for help."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import F, FloatField, Func, Sum
from django.utils.translation import gettext as _

from common.postcodes import normalise_postcode

from . import grid
from .addresses import Others, addressed, addressed_roughly
from .coordinates import Position, position_in, without_links
from .locations import Location, no_longer_in_use
from .models import BRITISH_NATIONAL_GRID, Area, PlaceName, PopulationPoint, Postcode
from .names import BREAK, read_names, similar, whole_name
from .nations import ALL_POSTCODE_AREAS, ISLANDS, NAMES_OUTSIDE, Nation, nation_of_postcode
from .spelling import (
    FILLERS,
    TypedPostcodes,
    in_full,
    place_key,
    postcodes_in,
    readable,
)

__all__ = [
    "LONGEST_SEARCH",
    "Location",
    "Unknown",
    "locate",
    "location_of",
    "location_of_name",
    "normalise_postcode",
    "search_name",
    "why_unknown",
]

LONGEST_SEARCH = 200
"""Characters that the box accepts. A longer text sent without the box is still read."""
ROADS = ("A", "B", "M")
"""Letters that begin the number of a road as well as a postcode: the A3, the M1."""


def search_name(text: str) -> str:
    """A name normalised as in `models.SearchName`: `St. Mary’s` and `st marys` are equal."""
    bare = re.sub("[\u0300-\u036f''’‘`.]", "", unicodedata.normalize("NFKD", text))
    return re.sub(r"[-,/()\s]+", " ", bare).lower().strip()


def locate(text: str, others: Others = lambda _keys: ()) -> Location | None:
    """The location of a postcode, name or coordinates anywhere in `text`; None if nothing matches.

    For an unknown postcode, its sector or district if known: in distress, a place nearby is better
    than none. `others` returns more places by their possible keys (see `spelling.place_key`); it is
    called if no imported place has exactly the name.

    One query for a known postcode or name, none for coordinates, at most eight otherwise.
    """
    text = readable(text)
    if position := position_in(text):
        return _location_of(position)
    text = without_links(text)
    typed = postcodes_in(text)
    rest = _other_words(text, typed)
    found, known = _unit(typed.units)
    # A whole postcode is more precise than the name of its town, even if only part of it is known;
    # `near so14` is a postcode, `M1 services` may not be.
    part_first = typed.units or (typed.parts and not (rest and typed.parts[0].startswith(ROADS)))
    if part_first:
        found = found or _part(typed, known)
        if not rest:
            return found
    if found:
        return found
    reading = read_names(text)
    found = whole_name(reading)
    if not found and (full := in_full(text)) != text:
        reading = read_names(full)
        found = whole_name(reading)
    found = found or addressed(reading, others)
    found = found or (None if part_first else _part(typed, known))
    found = found or (None if typed.words else _all_letters(text))
    return found or similar(text, others([place_key(text)])) or addressed_roughly(reading)


def _location_of(position: Position) -> Location | None:
    """The location of coordinates: a spot, or the centre of the square that they name; None if
    abroad.
    """
    if position.point is None:
        return None
    if position.is_rough:
        return Location("square", str(_("the square you typed")), position.point)
    return Location("spot", str(_("the spot you typed")), position.point)


def location_of(area: Area) -> Location:
    """The location of one area: its population-weighted centre if known, else a point inside it."""
    return Location("area", _label(area), _middle(area), area_id=area.pk)


def location_of_name(place: PlaceName) -> Location:
    """The location of one imported place name."""
    around = [place.town, place.district, place.county]
    label = ", ".join([place.name, *[name for name in around if name and name != place.name][:1]])
    return Location("place", label, place.point, place_id=place.pk)


class Recorded(NamedTuple):
    """What is recorded about one postcode."""

    postcode: str
    easting: float | None
    northing: float | None
    in_use: bool
    ended_on: datetime.date | None

    @property
    def trouble(self) -> str:
        """Why it is not a place to be now, in words; empty if nothing is wrong."""
        if not self.in_use:
            return no_longer_in_use(self.postcode, self.ended_on)
        if self.easting is None:
            words = _("%(postcode)s is in use, but its list does not say where it is.")
            return words % {"postcode": self.postcode}
        return ""


def _recorded(units: tuple[str, ...]) -> dict[str, Recorded]:
    """What is recorded about these postcodes, in one query."""
    with connection.cursor() as cursor:  # raw SQL, because most searches are this one
        cursor.execute(
            "SELECT postcode, ST_X(point), ST_Y(point), in_use, ended_on FROM geography_postcode"
            " WHERE postcode = ANY(%s)",
            [list(units)],
        )
        return {row[0]: Recorded(*row) for row in cursor.fetchall()}


def _unit(units: tuple[str, ...]) -> tuple[Location | None, dict[str, Recorded]]:
    """The likeliest of these postcodes with a known point, one in use before a terminated one.

    Also returns what is recorded about all of them. One query.
    """
    known = _recorded(units) if units else {}
    placed = [known[unit] for unit in units if unit in known and known[unit].easting is not None]
    best = next((each for each in placed if each.in_use), placed[0] if placed else None)
    if best is None:
        return None, known
    point = Point(best.easting, best.northing, srid=BRITISH_NATIONAL_GRID)
    return Location("postcode", best.postcode, point, missing_words=best.trouble), known


def _other_words(text: str, typed: TypedPostcodes) -> set[str]:
    """The words of a text that are neither part of a postcode nor meaningless."""
    return set(place_key(text).split()) - FILLERS - {word.lower() for word in typed.words}


def _all_letters(text: str) -> Location | None:
    """For texts like `ZXl lAA`, which could be a name too."""
    typed = postcodes_in(text, without_digits=True)
    found, known = _unit(typed.units)
    return found or _part(typed, known)


class Middle(NamedTuple):
    """The mean point of the postcodes with a common beginning."""

    postcodes: int
    easting: float
    northing: float


def _part(typed: TypedPostcodes, known: dict[str, Recorded]) -> Location | None:
    """The middle of the likeliest known sector or district of postcodes, in one query.

    `known` is what `_recorded` returned for the whole postcodes.
    """
    recorded = next((known[unit] for unit in typed.units if unit in known), None)
    missing = recorded.postcode if recorded else typed.units[0] if typed.units else ""
    wanted = [part for unit in typed.units for part in (unit[:-2], unit.partition(" ")[0])]
    wanted = list(dict.fromkeys([*wanted, *typed.parts]))
    if not wanted:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outward, left(postcode, length(outward) + 2), count(*), avg(ST_X(point)),"
            " avg(ST_Y(point)) FROM geography_postcode"
            " WHERE outward = ANY(%s) AND point IS NOT NULL AND in_use GROUP BY 1, 2",
            [[part.partition(" ")[0] for part in wanted]],
        )
        sectors: dict[str, dict[str, Middle]] = {}
        for outward, sector, *middle in cursor.fetchall():
            sectors.setdefault(outward, {})[sector] = Middle(*middle)
    for part in wanted:
        middles = sectors.get(part.partition(" ")[0], {})
        if " " in part:
            middles = {sector: middle for sector, middle in middles.items() if sector == part}
        if middles:
            count = sum(middle.postcodes for middle in middles.values())
            return Location(
                "sector" if " " in part else "outward",
                part,
                grid.grid_point(
                    sum(m.postcodes * m.easting for m in middles.values()) / count,
                    sum(m.postcodes * m.northing for m in middles.values()) / count,
                ),
                missing=missing,
                missing_words=recorded.trouble if recorded else "",
            )
    return None


@dataclass(frozen=True)
class Unknown:
    """Why nothing was found for a text that `locate` does not know."""

    kind: str  # "outside", "abroad", "not located", "no such postcode" or "unknown"
    about: str = ""
    """The postcode or name in question, as it is written."""
    nation: Nation | None = None
    where: str = ""
    """Where it lies, in words, if it is outside; empty if unknown."""
    trouble: str = ""
    """What is wrong with a recorded postcode: that it has ended, and when."""


def why_unknown(text: str) -> Unknown:
    """Whether a text is a location outside the imported area, or unknown.

    At most two queries.
    """
    text = readable(text)
    if position_in(text):
        return Unknown("abroad")
    text = without_links(text)
    for name in _names_in(text):
        if outside := NAMES_OUTSIDE.get(place_key(name)):
            return Unknown("outside", name, outside.nation, str(outside.where))
    typed = postcodes_in(text)
    known = _recorded(typed.units) if typed.units else {}
    for unit in typed.units:
        if unit in known:
            return Unknown("not located", unit, trouble=known[unit].trouble)
    for written in (*typed.units, *(() if _other_words(text, typed) else typed.parts)):
        letters = "".join(takewhile(str.isalpha, written))
        if letters not in ALL_POSTCODE_AREAS:
            continue
        # Digits sort before letters in every collation, so this range is "letters, then a digit".
        if Postcode.objects.filter(outward__gte=f"{letters}0", outward__lt=f"{letters}A").exists():
            return Unknown("no such postcode", written)
        if outside := ISLANDS.get(letters):
            return Unknown("outside", written, None, str(outside.where))
        nation = nation_of_postcode(written)
        return Unknown("outside", written, nation, str(nation.label) if nation else "")
    if typed.units:
        return Unknown("no such postcode", typed.units[0])
    return Unknown("unknown")


def _names_in(text: str) -> list[str]:
    """A text, its end as of an address, and both without meaningless words."""
    text = in_full(text[-LONGEST_SEARCH:])
    parts = [text.strip(), BREAK.split(text)[-1].strip()]
    bare = [
        " ".join(word for word in part.split() if word.lower() not in FILLERS) for part in parts
    ]
    return [*parts, *bare]


def _middle(area: Area) -> Point:
    """The population-weighted centre, if it lies inside; otherwise any interior point."""
    if area.people_middle:
        return area.people_middle
    people = PopulationPoint.objects.within(area.boundary).aggregate(
        everyone=Sum("people"),
        easting=Sum(F("people") * _x("point")),
        northing=Sum(F("people") * _y("point")),
    )
    if everyone := people["everyone"]:
        mean = grid.grid_point(people["easting"] / everyone, people["northing"] / everyone)
        if area.boundary.covers(mean):
            return mean
    return grid.grid_point(area.inside.x, area.inside.y)


def _label(area: Area) -> str:
    if area.parent_name and area.parent_name != area.name:
        return f"{area.name}, {area.parent_name}"
    return area.name


def _x(field: str) -> Func:
    return Func(F(field), function="ST_X", output_field=FloatField())


def _y(field: str) -> Func:
    return Func(F(field), function="ST_Y", output_field=FloatField())
