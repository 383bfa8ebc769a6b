"""The same figure for several areas of a scheme at once, such as its priority areas."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from django.contrib.gis.geos import GEOSGeometry, Point

from common.refusals import Refused

from .measures import load_people, load_venues
from .question import Question
from .reach import TOUCH, nearest
from .rows import Row
from .timetables import OPEN
from .where import Where


def measure_parts(question: Question, areas: Sequence) -> list[Row]:
    """How many people of each area are covered, in a constant number of queries.

    `areas` are areas drawn by officers, in order; they may overlap. A park without residents has a
    row of no people. `question.area` is ignored.
    """
    boundaries = [Where.of(area).boundary for area in areas]
    if not boundaries:
        return []
    whole = boundaries[0]
    for boundary in boundaries[1:]:
        whole = whole | boundary
    where = Where(areas[0].name, boundary=whole)
    try:
        people = load_people(replace(question, area=where), where)
    except Refused:  # nobody lives in any of them
        return [Row(str(area.pk), area.name, 0, 0) for area in areas]
    moments = [question.at] if question.at else None
    venues = load_venues(question, people, moments, question.radius)
    xy = venues.xy
    if moments:
        xy = xy[venues.timetables.states(moments)[:, 0] == OPEN]
    is_covered = nearest(people.xy, xy) <= question.radius + TOUCH
    rows = []
    for area, boundary in zip(areas, boundaries, strict=True):
        inside = _inside(boundary, people.xy)
        rows.append(
            Row(
                str(area.pk),
                area.name,
                int(people.count[inside].sum()),
                int(people.count[inside & is_covered].sum()),
            )
        )
    return rows


def _inside(boundary: GEOSGeometry, xy: np.ndarray) -> np.ndarray:
    """Which points lie in the boundary, its edge included."""
    west, south, east, north = boundary.extent
    inside = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    prepared = boundary.prepared
    for index in np.flatnonzero(inside):
        inside[index] = prepared.covers(Point(*xy[index], srid=boundary.srid))
    return inside
