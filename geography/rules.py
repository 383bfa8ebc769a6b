"""Geocode what somebody typed. Nothing is ever logged: a search can be a cry for help."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.contrib.gis.geos import Point
from django.db.models import Avg, Case, F, FloatField, Func, Q, Sum, When

from common.postcodes import normalise_postcode
from geography.models import AreaQuerySet

from . import grid
from .models import Area, PopulationPoint, Postcode

LONGEST_SEARCH = 120
MOST_CHOICES = 20
STATISTICAL = (Area.Kind.OA, Area.Kind.LSOA, Area.Kind.MSOA)
COUNCILS = (Area.Kind.COUNTY, Area.Kind.DISTRICT)
LARGEST_FIRST = [Area.Kind.DRAWN, Area.Kind.COUNTY, Area.Kind.DISTRICT, Area.Kind.PARISH]


@dataclass(frozen=True)
class Location:
    """What was found: one point, or several locations of that name to choose from."""

    kind: str  # "postcode", "outward", "area" or "choices"
    label: str
    point: Point | None = None
    area_id: int | None = None
    choices: tuple["Location", ...] = field(default=())


def search_name(text: str) -> str:
    """A name as `models.SearchName` keeps it: `St. Mary’s` and `st marys` are one."""
    bare = re.sub("[\u0300-\u036f''’‘`.]", "", unicodedata.normalize("NFKD", text))
    return re.sub(r"[-,/()\s]+", " ", bare).lower().strip()


def locate(text: str) -> Location | None:
    """The location of a postcode, an outward code or the name of an imported area.

    An unknown postcode is answered with the middle of its outward code, if that is known: in
    distress a place nearby is better than none. The kind then says "outward".
    """
    text = "".join(c for c in text[:LONGEST_SEARCH] if c.isprintable() or c.isspace()).strip()
    return (
        _postcode(text)
        or _outward("".join(text.upper().split()))
        or _areas(text)
        or _outward_of_unknown(text)
    )


def location_of(area: Area) -> Location:
    """The location of one area: where its people are if that is known, else a point inside it."""
    return Location("area", _label(area), _middle(area), area_id=area.pk)


def _postcode(text: str) -> Location | None:
    if not (postcode := normalise_postcode(text)):
        return None
    found = Postcode.objects.located().filter(postcode=postcode).first()
    return found and Location("postcode", found.postcode, found.point)


def _outward(outward: str) -> Location | None:
    if not 2 <= len(outward) <= 4:
        return None
    middle = (
        Postcode.objects.located()
        .filter(outward=outward)
        .aggregate(easting=Avg(_x("point")), northing=Avg(_y("point")))
    )
    if middle["easting"] is None:
        return None
    return Location("outward", outward, grid.grid_point(middle["easting"], middle["northing"]))


def _outward_of_unknown(text: str) -> Location | None:
    """For `SO14 0` and for `SO14 9ZZ`, which may be newer than our list."""
    words = text.upper().split()
    if not words:
        return None
    return _outward(words[0]) or _outward(normalise_postcode(text).partition(" ")[0])


def _areas(text: str) -> Location | None:
    """Areas of this name. `Shirley, Southampton` disambiguates; partial matches are suggestions.

    A partial match is never assumed: Hull Road is in York. The only exception is a council whose
    name starts with the text, as "Bristol, City of", if it is the only match.
    """
    name, _comma, parent = text.rpartition(",")
    name, parent, whole = search_name(name), search_name(parent), search_name(text)
    if len(whole) < 2:
        return None
    areas = Area.objects.exclude(kind__in=STATISTICAL)
    found = _newest(areas.named(whole))
    if not found and name:
        found = [
            area for area in _newest(areas.named(name)) if search_name(area.parent_name) == parent
        ]
    if found:
        return location_of(found[0]) if len(found) == 1 else _choices(text, found)
    found = _newest(areas.filter(_has_words("search_name", whole)))
    found += [
        area
        for area in _newest(areas.filter(_has_words("search_name_alt", whole)))
        if area not in found
    ]
    if not found:
        return None
    if len(found) == 1 and found[0].kind in COUNCILS and found[0].search_name.startswith(whole):
        return location_of(found[0])
    return _choices(text, found[:MOST_CHOICES])


def _has_words(column: str, words: str) -> Q:
    return (
        Q(**{f"{column}__startswith": f"{words} "})
        | Q(**{f"{column}__contains": f" {words} "})
        | Q(**{f"{column}__endswith": f" {words}"})
    )


def _choices(text: str, areas: list[Area]) -> Location:
    labels = [_label(area) for area in areas]
    return Location(
        "choices",
        text,
        choices=tuple(
            Location(
                "area",
                label if labels.count(label) == 1 else f"{label} ({area.get_kind_display()})",
                _inside(area),
                area_id=area.pk,
            )
            for area, label in zip(areas, labels, strict=True)
        ),
    )


def _newest(areas: AreaQuerySet) -> list[Area]:
    """Largest kinds first, leaving out areas that a newer one of the same name replaces."""
    rank = Case(
        *(When(kind=kind, then=index) for index, kind in enumerate(LARGEST_FIRST)),
        default=len(LARGEST_FIRST),
    )
    kept: list[Area] = []
    for area in areas.order_by(rank, F("vintage").desc(nulls_last=True), "name", "parent_name")[
        : 2 * MOST_CHOICES
    ]:
        if not any(
            area.kind == newer.kind
            and area.search_name == newer.search_name
            and area.vintage != newer.vintage
            and area.boundary.intersects(newer.boundary)
            for newer in kept
        ):
            kept.append(area)
    return kept[:MOST_CHOICES]


def _middle(area: Area) -> Point:
    """The population-weighted centre, if it lies inside; else any interior point."""
    people = PopulationPoint.objects.within(area.boundary).aggregate(
        everyone=Sum("people"),
        easting=Sum(F("people") * _x("point")),
        northing=Sum(F("people") * _y("point")),
    )
    if everyone := people["everyone"]:
        mean = grid.grid_point(people["easting"] / everyone, people["northing"] / everyone)
        if area.boundary.covers(mean):
            return mean
    return _inside(area)


def _inside(area: Area) -> Point:
    inside = area.boundary.point_on_surface
    return grid.grid_point(inside.x, inside.y)


def _label(area: Area) -> str:
    if area.parent_name and area.parent_name != area.name:
        return f"{area.name}, {area.parent_name}"
    return area.name


def _x(field: str) -> Func:
    return Func(F(field), function="ST_X", output_field=FloatField())


def _y(field: str) -> Func:
    return Func(F(field), function="ST_Y", output_field=FloatField())
