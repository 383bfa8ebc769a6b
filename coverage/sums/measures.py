"""The measures: who is covered, at a moment or in each hour of a week, and where nobody is."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from django.contrib.gis.geos import Point
from django.utils import timezone

from coverage.models import OtherPlace
from venues.models import Scheme
from venues.nouns import Nouns, nouns_of, shared_nouns

from .methods import method, method_of_week, nobody_counts, skipped
from .moments import HOURS, hours_of_week, monday_of
from .question import Question, metres_in_words
from .reach import TOUCH, any_within, covered, nearest, people_covered, people_covered_by
from .rows import Row, by_decile, by_point, by_scheme, by_sector, by_ward
from .timetables import NOT_CONFIRMED, OPEN
from .venues import Venues, misplaced, other_places_near, venues_near
from .where import People, Where, people_of
from .wording import largest_gap_in_words, measured_in_words

LOOK_WITHIN = 10_000
"""Search radius in metres for the nearest open venue, to report its distance."""


@dataclass(frozen=True)
class Measures:
    """The answer to one question; `sentence()` puts it into words, `method` says how it was
    computed.
    """

    question: Question
    area: str
    base: str
    live_here: bool
    """Whether the base is people at home, rather than bus stops or the like."""
    people: int
    people_covered: int
    venues: int
    not_confirmed: int
    method: str
    notes: list[str]
    looked_within: float
    """Walking metres beyond which no venue was searched for."""
    nouns: Nouns
    """What the counted places are called."""
    wards: list[Row] = field(default_factory=list)
    deciles: list[Row] = field(default_factory=list)
    sectors: list[Row] = field(default_factory=list)
    schemes: list[Row] = field(default_factory=list)
    make_points: Callable[[], list[Row]] = field(default=list, repr=False, compare=False)

    @property
    def share(self) -> float:
        return self.people_covered / self.people

    @cached_property
    def points(self) -> list[Row]:
        """One row per population point, by small area."""
        return self.make_points()

    @property
    def largest_gap(self) -> Row | None:
        """The ward with the most people who are not covered."""
        gaps = [row for row in self.wards if row.uncovered]
        return max(gaps, key=lambda row: (row.uncovered, row.name), default=None)

    def sentence(self) -> str:
        words = measured_in_words(self)
        if gap := self.largest_gap:
            return f"{words}; {largest_gap_in_words(self, gap)}."
        return f"{words}."


@dataclass(frozen=True)
class WeekMeasures:
    """The same for each hour of one week; None in the hour that the clocks skip."""

    question: Question
    area: str
    base: str
    monday: datetime.date
    people: int
    people_covered: list[int | None]
    venues: list[int | None]
    not_confirmed: list[int | None]
    method: str
    notes: list[str]
    wards: dict[str, list[int | None]] = field(default_factory=dict)
    """People covered by ward code and hour."""

    @cached_property
    def shares(self) -> list[float | None]:
        return [None if one is None else one / self.people for one in self.people_covered]

    @property
    def grid(self) -> list[list[float | None]]:
        """Seven days of 24 shares, from Monday."""
        return [self.shares[day * 24 : day * 24 + 24] for day in range(7)]


def measure(question: Question) -> Measures:
    """Answer one question; raises Refused, naming what to import, if a figure would be wrong."""
    where = Where.of(question.area)
    people = load_people(question, where)
    reach = question.radius
    look_within = max(reach, LOOK_WITHIN)
    venues = load_venues(question, people, [question.at] if question.at else None, look_within)
    states = venues.timetables.states([question.at]) if question.at else None
    counts = np.ones(len(venues), dtype=bool) if states is None else states[:, 0] == OPEN
    metres = nearest(people.xy, venues.xy[counts])
    is_covered = metres <= reach + TOUCH
    near = _in_reach(venues, people, where, reach)
    aside = 0 if states is None else int((near & (states[:, 0] == NOT_CONFIRMED)).sum())
    counted = int((near & counts).sum())
    walked = metres * question.factor
    return Measures(
        question=question,
        area=where.name,
        base=people.base,
        live_here=people.live_here,
        people=people.total,
        people_covered=int(people.count[is_covered].sum()),
        venues=counted,
        not_confirmed=aside,
        method=method(question, people, counted, aside),
        looked_within=look_within * question.factor,
        nouns=nouns_of(question.scheme)
        if question.scheme
        else shared_nouns(Scheme.objects.shown()),
        notes=[
            *people.notes,
            *nobody_counts(question, counted, aside),
            *([] if question.public else misplaced(where, question.named)),
        ],
        wards=by_ward(people, is_covered, walked),
        deciles=by_decile(people, is_covered),
        sectors=by_sector(people, venues, counts & near, reach),
        schemes=by_scheme(people, venues, counts & near, reach),
        make_points=partial(by_point, people, is_covered, walked),
    )


def measure_distances(question: Question, distances: Iterable[float]) -> list[Row]:
    """How many people are covered within each of these distances (metres); ignores
    `question.within`.
    """
    where = Where.of(question.area)
    people = load_people(question, where)
    moments = [question.at] if question.at else None
    venues = load_venues(question, people, moments, max(distances) / question.factor)
    if question.at:
        venues_xy = venues.xy[venues.timetables.states(moments)[:, 0] == OPEN]
    else:
        venues_xy = venues.xy
    metres = nearest(people.xy, venues_xy) * question.factor
    return [
        Row(
            str(within),
            metres_in_words(within),
            people.total,
            int(people.count[metres <= within + TOUCH].sum()),
        )
        for within in distances
    ]


def measure_week(question: Question, day: datetime.date) -> WeekMeasures:
    """Answer it for the start of each hour of the week (Monday to Sunday) that contains `day`."""
    monday = monday_of(day)
    where = Where.of(question.area)
    people = load_people(question, where)
    hours = hours_of_week(monday)
    moments = [hour for hour in hours if hour is not None]
    reach = question.radius
    venues = load_venues(question, people, moments, reach)
    states = venues.timetables.states(moments)
    is_covered = covered(people.xy, venues.xy, states == OPEN, reach)
    near = _in_reach(venues, people, where, reach)[:, None]
    at = [index for index, hour in enumerate(hours) if hour is not None]

    def by_hour(values):
        spread = [None] * HOURS
        for index, value in zip(at, values.tolist(), strict=True):
            spread[index] = value
        return spread

    not_confirmed = (near & (states == NOT_CONFIRMED)).sum(axis=0)
    of_wards = people_covered_by(is_covered, people.count, people.ward, len(people.ward_codes))
    return WeekMeasures(
        question=question,
        area=where.name,
        base=people.base,
        monday=monday,
        people=people.total,
        people_covered=by_hour(people_covered(is_covered, people.count)),
        venues=by_hour((near & (states == OPEN)).sum(axis=0)),
        not_confirmed=by_hour(not_confirmed),
        method=method_of_week(question, people, monday, int(near.sum()), not_confirmed),
        notes=[*people.notes, *skipped(hours)],
        wards={code: by_hour(row) for code, row in zip(people.ward_codes, of_wards, strict=True)},
    )


def load_people(question: Question, where: Where) -> People:
    return people_of(where, points=question.points, who=question.who, base=question.base)


def load_venues(question, people, moments, look_within) -> Venues:
    day = moments[0].date() if moments else None
    days = (day, moments[-1].date()) if moments else None
    venues = venues_near(
        people.xy,
        look_within,
        day=question.on or day or timezone.localdate(),
        scheme=question.scheme,
        internal=question.internal,
        public=question.public,
        days=days,
    )
    if not question.other_places:
        return venues
    others = OtherPlace.objects.present().filter(source__in=question.other_places)
    others = others.exclude(venue__in=venues.keys)
    return venues + other_places_near(people.xy, look_within, others, days=days)


def _in_reach(venues: Venues, people: People, where: Where, reach: float) -> np.ndarray:
    """Which venues could cover somebody: within reach of a point, or inside the area."""
    near = any_within(venues.xy, people.xy, reach)
    if where.boundary is not None:
        inside = where.boundary.prepared
        for index in np.flatnonzero(~near):
            near[index] = inside.covers(Point(*venues.xy[index]))
    return near
