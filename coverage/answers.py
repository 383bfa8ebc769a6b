"""Measures prepared for pages, tables and maps: computed once for all of them."""

import datetime
from dataclasses import dataclass, replace

import numpy as np
from django.contrib.gis.geos import MultiPoint, Point
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coverage.models.other_places import OtherPlaceQuerySet
from coverage.sums import (
    DISTANCES,
    Measures,
    Question,
    Row,
    WeekMeasures,
    measure,
    measure_distances,
    measure_week,
)
from coverage.sums.measures import load_people, load_venues
from coverage.sums.moments import hours_of_week
from coverage.sums.reach import covered
from coverage.sums.timetables import CLOSED, OPEN
from coverage.sums.venues import Venues, as_drawn, other_places_near, venues_near
from coverage.sums.where import Where, people_of
from geography.geojson import feature, feature_collection, geojson
from geography.grid import WGS84, transform
from geography.models import BRITISH_NATIONAL_GRID, Area

OUTLINE_METRES = 15
"""Tolerance in metres for an outline on the map."""
LOOK_AROUND = 3_000
"""Metres beyond the reach within which spaces are drawn."""
SHADES = 5


@dataclass(frozen=True)
class Cell:
    """One hour of the week; `share` is None in the hour that the clocks skip."""

    hour_of_week: int
    share: float | None

    @property
    def percent(self) -> str:
        """The share as a short percentage; never 0 or 100 unless exactly so."""
        if self.share is None:
            return "–"
        if 0 < self.share < 0.01:
            return "<1"
        if 0.99 < self.share < 1:
            return ">99"
        return str(round(self.share * 100))

    @property
    def shade(self) -> str:
        return shade(self.share)


def shade(share: float | None) -> str:
    """The name of the legend's step: `none`, or 0 (below 20 %) to 5 (all)."""
    return "none" if share is None else str(int(share * SHADES))


LEGEND = [
    ("none", gettext_lazy("nobody lives here")),
    *((str(step), f"{step * 20}–{step * 20 + 19} %") for step in range(SHADES)),
    (str(SHADES), "100 %"),
]


def by_distance(question: Question) -> list[Row]:
    """The coverage at each usual distance and at the chosen one."""
    return measure_distances(question, sorted({*DISTANCES, question.within}))


def grid(week: WeekMeasures) -> list[tuple[str, list[Cell]]]:
    """(day, 24 cells) for each day from Monday."""
    return [
        (
            str(WEEKDAYS[day]),
            [Cell(day * 24 + hour, share) for hour, share in enumerate(shares)],
        )
        for day, shares in enumerate(week.grid)
    ]


def worst_hours(week: WeekMeasures) -> str:
    """In how many of the 168 hours nobody is covered, as a sentence."""
    none = sum(share == 0 for share in week.shares)
    if not none:
        return _("Somebody is covered at every hour of the week.")
    return ngettext(
        "At %(count)s of the week’s 168 hours nobody is covered.",
        "At %(count)s of the week’s 168 hours nobody is covered.",
        none,
    ) % {"count": none}


def table(measures: Measures) -> tuple[list[str], list[list]]:
    """(header, rows) of everything in the page's tables, for a spreadsheet."""
    header = [
        _("What"),
        _("Code"),
        _("Name"),
        measures.base,
        _("Covered"),
        _("Not covered"),
        _("Share"),
        _("Metres to the nearest from those not covered"),
        _("How it was worked out"),
    ]
    parts = [
        (_("Ward"), measures.wards),
        (_("Deprivation decile"), measures.deciles),
        (_("Only by venues of the sector"), measures.sectors),
        (_("Only by venues of the scheme"), measures.schemes),
        (_("Small area"), measures.points),
    ]
    whole = [
        _("Whole area"),
        "",
        measures.area,
        measures.people,
        measures.people_covered,
        measures.people - measures.people_covered,
        f"{measures.share:.4f}",
        "",
        measures.method,
    ]
    rows = [
        [
            part,
            row.key,
            row.name,
            row.people,
            row.covered,
            row.uncovered,
            "" if row.share is None else f"{row.share:.4f}",
            "" if row.nearest is None else round(row.nearest),
            measures.method,
        ]
        for part, its_rows in parts
        for row in its_rows
    ]
    return header, [whole, *rows]


def week_table(week: WeekMeasures) -> tuple[list[str], list[list]]:
    """(header, 168 rows) of the week, for a spreadsheet."""
    header = [
        _("Day"),
        _("Hour"),
        week.base,
        _("Covered"),
        _("Share"),
        _("Venues open"),
        _("Hours not confirmed"),
        _("How it was worked out"),
    ]
    rows = [
        [
            str(WEEKDAYS[index // 24]),
            f"{index % 24:02}:00",
            week.people,
            covered,
            "" if covered is None else f"{covered / week.people:.4f}",
            week.venues[index],
            week.not_confirmed[index],
            week.method,
        ]
        for index, covered in enumerate(week.people_covered)
    ]
    return header, rows


def areas_geojson(measures: Measures) -> dict:
    """The wards with their figures and the method, as GeoJSON."""
    return feature_collection(
        feature(
            outline,
            {
                "name": row.name,
                "people": row.people,
                "covered": row.covered,
                "share": None if row.share is None else round(row.share, 4),
                "base": measures.base,
                "method": measures.method,
            },
            id=row.key,
            decimals=5,
        )
        for row, outline in _outlined(measures)
    )


def _outlined(measures):
    """(row, boundary) of each ward with a known outline."""
    outlines = _outlines([row.key for row in measures.wards], [Area.Kind.WARD])
    return [(row, outlines[row.key]) for row in measures.wards if row.key in outlines]


def _outlines(codes, kinds) -> dict:
    """Slightly simplified boundaries by code, from the newest known year."""
    found = Area.objects.filter(kind__in=kinds, code__in=codes).order_by("vintage", "pk")
    return {area.code: _simpler(area.boundary) for area in found}


def _simpler(boundary):
    simple = boundary.simplify(OUTLINE_METRES, preserve_topology=True)
    return boundary if simple.empty else simple


def map_of(question: Question, day: datetime.date, *, other_places: OtherPlaceQuerySet) -> dict:
    """Everything the officers' map draws, for every hour of the week of `day`.

    `other_places` are drawn beside our venues, whether or not they count.
    """
    aside = measure(replace(question, at=None))
    week = measure_week(question, day)
    people = load_people(question, Where.of(question.area))
    hours = hours_of_week(week.monday)
    moments = [hour for hour in hours if hour is not None]
    look = question.radius + LOOK_AROUND
    days = (moments[0].date(), moments[-1].date())
    venues = venues_near(
        people.xy,
        look,
        day=days[0],
        scheme=question.scheme,
        internal=question.internal,
        days=days,
    )
    counted = load_venues(question, people, moments, question.radius)
    others = other_places_near(
        people.xy, look, other_places.exclude(venue__in=venues.keys), days=days
    )
    is_open = counted.timetables.states(moments) == OPEN
    by_point = _by_hour(covered(people.xy, counted.xy, is_open, question.radius), hours)
    ever = covered(people.xy, counted.xy, np.ones((len(counted), 1), bool), question.radius)[:, 0]
    outlines = _outlines(people.codes, [Area.Kind.OA, Area.Kind.LSOA, Area.Kind.MSOA])
    return {
        **_frame(aside),
        "labels": _labels(),
        "covered": [number or 0 for number in week.people_covered],
        "areas": feature_collection(
            feature(
                outline,
                {
                    "name": row.name,
                    "people": row.people,
                    "covered": [number or 0 for number in week.wards[row.key]],
                    "covered_by_any": row.covered,
                },
                id=row.key,
                decimals=5,
            )
            for row, outline in _outlined(aside)
        ),
        "venues": _marked(as_drawn(venues, question.named), moments, hours),
        "other_places": _marked(others, moments, hours),
        "points": [
            {
                "at": at,
                "name": name,
                "people": count,
                "covered": its_hours,
                "ever": bool(its_ever),
                "outline": geojson(outlines[code], decimals=5) if code in outlines else None,
            }
            for at, name, code, count, its_hours, its_ever in zip(
                _lon_lat(people.xy),
                people.names,
                people.codes,
                people.count.tolist(),
                by_point,
                ever,
                strict=True,
            )
        ],
    }


def _by_hour(is_covered: np.ndarray, hours: list) -> list[str]:
    """For each row a string of 168 digits, 1 if covered; 0 in the hour that the clocks skip."""
    spread = np.zeros((len(is_covered), len(hours)), dtype=np.uint8)
    spread[:, [hour is not None for hour in hours]] = is_covered
    return ["".join(row) for row in spread.astype(str)]


def public_map_of(question: Question) -> dict:
    """Everything the public map draws: without opening hours, and only publicly visible venues."""
    aside = measure(question)
    people = people_of(Where.of(question.area))
    venues = venues_near(
        people.xy,
        question.radius + LOOK_AROUND,
        day=timezone.localdate(),
        scheme=question.scheme,
        public=True,
    )
    return {
        **_frame(aside),
        "areas": feature_collection(
            feature(
                outline,
                {"name": row.name, "people": row.people, "covered_by_any": row.covered},
                id=row.key,
                decimals=5,
            )
            for row, outline in _outlined(aside)
        ),
        "venues": _marked(venues, [], []),
    }


def _frame(aside: Measures) -> dict:
    return {
        "people": aside.people,
        "covered_by_any": aside.people_covered,
        "metres": aside.question.radius,
        "hour": -1,
    }


def _labels() -> list[str]:
    return [f"{WEEKDAYS[hour // 24]} {hour % 24:02}:00" for hour in range(168)]


def _marked(venues: Venues, moments, hours) -> dict:
    """Venues as points, with one digit per hour: 0 closed, 1 open, 2 hours not confirmed."""
    said = [{"name": name} for name in venues.names]
    if moments and len(venues):
        states = venues.timetables.states(moments)
        spread = np.full((len(venues), len(hours)), CLOSED, dtype=np.uint8)
        spread[:, [hour is not None for hour in hours]] = states
        for properties, row in zip(said, spread.astype(str), strict=True):
            properties["states"] = "".join(row)
    return feature_collection(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": at},
            "properties": properties,
        }
        for at, properties in zip(_lon_lat(venues.xy), said, strict=True)
    )


def _lon_lat(xy: np.ndarray) -> list[list[float]]:
    """[longitude, latitude] of each row, to about a metre."""
    if not len(xy):
        return []
    points = MultiPoint(*(Point(*row) for row in xy), srid=BRITISH_NATIONAL_GRID)
    points.transform(transform(BRITISH_NATIONAL_GRID, WGS84))
    return [[round(longitude, 5), round(latitude, 5)] for longitude, latitude in points.coords]
