"""The most useful buildings: those not signed up, any point, or a venue opening longer."""

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from common.refusals import Refused

from .greedy import greedy, reached_by
from .measures import load_people, load_venues
from .moments import HOURS, hours_of_week, monday_of, ordinary_week
from .question import Question
from .reach import covered, pairs_count
from .timetables import OPEN, Timetables
from .venues import NOT_OURS, Venues, other_places_near
from .where import People, Where

MOST_PICKS = 50
MOST_CANDIDATES = 100_000
MOST_PAIRS = 60_000_000
OTHER_PLACE, POINT, LONGER = "other_place", "point", "longer"
WORTH_OF_DECILE = np.array([27, *range(36, 17, -2)])
"""The most deprived tenth counts twice as much as the least deprived; unknown (0) as the middle."""


@dataclass(frozen=True)
class Pick:
    """One recommended building, in addition to those before it."""

    kind: str  # "other_place", "point" or "longer": a member that would open longer
    key: int | None  # of the space or the venue
    name: str
    xy: tuple[float, float]
    people: int
    """People covered in at least one more of the requested hours."""
    people_hours: int
    """People times hours; equal to `people` if hours are ignored."""
    hours_to_open: list[int]
    """Hours of the week, from Monday 00:00, in which it is closed now and would be needed."""
    share_after: float
    """The share of requested people-hours covered with this building and those before it."""

    @property
    def hours_in_words(self) -> str:
        return hours_in_words(self.hours_to_open)


@dataclass(frozen=True)
class NextBest:
    """A ranked list, its method, and its data."""

    question: Question
    area: str
    base: str
    people: int
    share_before: float
    picks: list[Pick]
    candidates: int
    method: str
    notes: list[str]


@dataclass
class Candidates:
    """Buildings as columns, with the requested hours in which each is already open."""

    kinds: list[str]
    venues: Venues
    is_open: np.ndarray

    def __add__(self, other: "Candidates") -> "Candidates":
        return Candidates(
            self.kinds + other.kinds,
            self.venues + other.venues,
            np.concatenate([self.is_open, other.is_open]),
        )

    def __len__(self) -> int:
        return len(self.kinds)


def next_best(
    question: Question,
    *,
    picks: int = 5,
    hours: Iterable[int] | None = None,
    day: datetime.date | None = None,
    other_places=None,
    points: Sequence[tuple[str, tuple[float, float]]] = (),
    longer: bool = False,
    by_deprivation: bool = False,
) -> NextBest:
    """The few candidates that together would newly cover most, chosen greedily.

    `hours` of the week (0 is Monday 00:00) in the week of `day`; without them opening hours are
    ignored. Candidates: `other_places` (a queryset of OtherPlace), `points` (each a name with
    easting and northing) and, with `longer`, nearby members that could open in those hours too.
    Each is assumed to open in all requested hours.
    """
    if not 1 <= picks <= MOST_PICKS:
        raise Refused(_("Ask for 1 to %(most)s buildings.") % {"most": MOST_PICKS})
    if longer and hours is None:
        raise Refused(_("Choose the hours in which a venue could open longer."))
    question = dataclasses.replace(question, at=None)
    where = Where.of(question.area)
    people = load_people(question, where)
    at, moments, monday = _moments(hours, day)
    venues = load_venues(question, people, moments, question.radius)
    counts = _open(venues, moments)
    is_covered = covered(people.xy, venues.xy, counts, question.radius)
    found = _candidates(question, people, venues, counts, moments, other_places, points, longer)
    reached = reached_by(found.venues.xy, people.xy, question.radius)
    worth = _worth(people, by_deprivation)
    lacking = (~is_covered).sum(axis=1)
    chosen = greedy(reached, worth * lacking, picks)
    everything = people.total * is_covered.shape[1]
    before = int((people.count * is_covered.sum(axis=1)).sum())
    return NextBest(
        question=question,
        area=where.name,
        base=people.base,
        people=people.total,
        share_before=before / everything,
        picks=_picks(chosen, found, reached, people, is_covered, at, before, everything),
        candidates=len(found),
        method=_method(question, people, len(found), at, monday, by_deprivation),
        notes=[*people.notes, *_too_few(chosen, picks, found)],
    )


def _moments(hours, day):
    """(hours of the week, their moments or None, the Monday)."""
    if hours is None:
        return [], None, None
    hours = sorted(set(hours))
    if not hours or not 0 <= hours[0] <= hours[-1] < HOURS:
        raise Refused(_("Choose at least one hour of the week."))
    monday = monday_of(day) if day else ordinary_week(timezone.localdate())
    week = hours_of_week(monday)
    hours = [hour for hour in hours if week[hour] is not None]
    if not hours:
        raise Refused(_("The clocks skip this hour in that week. Choose another."))
    return hours, [week[hour] for hour in hours], monday


def _open(venues: Venues, moments) -> np.ndarray:
    if moments is None:
        return np.ones((len(venues), 1), dtype=bool)
    return venues.timetables.states(moments) == OPEN


def _candidates(
    question, people, venues, counts, moments, other_places, points, longer
) -> Candidates:
    found = Candidates([], Venues(), np.zeros((0, counts.shape[1]), dtype=bool))
    if other_places is not None:
        days = (moments[0].date(), moments[-1].date()) if moments else None
        # A space that is already a member cannot be recruited.
        others = other_places_near(
            people.xy, question.radius, other_places.exclude(venue__in=venues.keys), days=days
        )
        is_open = _open(others, moments) if moments else np.zeros((len(others), 1), dtype=bool)
        found += Candidates([OTHER_PLACE] * len(others), others, is_open)
    if points:
        new = Venues(
            keys=[None] * len(points),
            names=[name for name, _xy in points],
            xy=np.array([xy for _name, xy in points], dtype=float),
            sectors=[""] * len(points),
            schemes=[{}] * len(points),
            timetables=Timetables(len(points)),
        )
        found += Candidates([POINT] * len(new), new, np.zeros((len(new), counts.shape[1]), bool))
    if longer:
        ours = np.array([sector != NOT_OURS for sector in venues.sectors], dtype=bool)
        if question.named is not None:  # Only the scheme's own members can be asked to open longer.
            named = set(question.named.values_list("pk", flat=True))
            ours &= np.array([not named.isdisjoint(each) for each in venues.schemes], dtype=bool)
        shut = np.flatnonzero(ours & ~counts.all(axis=1))
        found += Candidates([LONGER] * len(shut), venues.take(shut), counts[shut])
    return _not_too_many(question, people, found)


def _not_too_many(question, people, found: Candidates) -> Candidates:
    if not len(found):
        raise Refused(
            _(
                "There are no candidates near. Import other people’s spaces (manage.py"
                " import_other_places FILE), name a point, or let members open longer."
            )
        )
    if len(found) > MOST_CANDIDATES:
        raise Refused(
            _("%(count)s candidates are too many at once: choose up to %(most)s.")
            % {"count": f"{len(found):,}", "most": f"{MOST_CANDIDATES:,}"}
        )
    # Candidates times points is an upper bound; count exactly only when that is large.
    if len(found) * len(people.xy) > MOST_PAIRS:
        pairs = pairs_count(found.venues.xy, people.xy, question.radius)
        if pairs > MOST_PAIRS:
            raise Refused(
                _(
                    "%(count)s candidates with so many people each in reach are too many at once:"
                    " choose fewer, or a shorter distance."
                )
                % {"count": f"{len(found):,}"}
            )
    return found


def _worth(people: People, by_deprivation: bool) -> np.ndarray:
    if not by_deprivation:
        return people.count
    if not people.decile.any():
        raise Refused(
            _(
                "No deprivation decile is known of these people. Import a file with a column for"
                " it: manage.py import_population FILE."
            )
        )
    return people.count * WORTH_OF_DECILE[people.decile]


def _picks(chosen, found, reached, people, is_covered, at, before, everything) -> list[Pick]:
    is_covered, so_far, picks = is_covered.copy(), before, []
    for index, _worth_added in chosen:
        points = reached.indices[reached.indptr[index] : reached.indptr[index + 1]]
        new = ~is_covered[points]
        people_hours = int((people.count[points] * new.sum(axis=1)).sum())
        populated = people.count[points] > 0
        needed = new[populated].any(axis=0) & ~found.is_open[index]
        is_covered[points] = True
        so_far += people_hours
        picks.append(
            Pick(
                kind=found.kinds[index],
                key=found.venues.keys[index],
                name=found.venues.names[index],
                xy=tuple(found.venues.xy[index].tolist()),
                people=int(people.count[points][new.any(axis=1)].sum()),
                people_hours=people_hours,
                hours_to_open=[
                    hour for hour, is_needed in zip(at, needed, strict=False) if is_needed
                ],
                share_after=so_far / everything,
            )
        )
    return picks


def _too_few(chosen, wanted, found) -> list[str]:
    if len(chosen) == wanted or len(chosen) == len(found):
        return []
    return [_("No other candidate would cover anybody who is not covered then.")]


def _method(question, people, candidates, at, monday, by_deprivation) -> str:
    parts = [
        question.distance_method[:1].upper() + question.distance_method[1:],
        people.method,
        _("%(count)s candidates") % {"count": f"{candidates:,}"},
    ]
    if at:
        parts.append(
            _("open in the week from %(monday)s: %(hours)s")
            % {"monday": f"{monday:%-d} {monday:%B %Y}", "hours": hours_in_words(at)}
        )
    else:
        parts.append(_("opening hours left aside"))
    if by_deprivation:
        parts.append(
            _("people in the most deprived tenth count twice those in the least, the rest between")
        )
    parts.append(
        _(
            "chosen one after the other, each the one that adds most, which reaches at least 63 %%"
            " (1 − 1/e) of what the best choice of as many could"
        )
        % {}
    )
    return "; ".join(parts) + "."


def hours_in_words(hours: list[int]) -> str:
    """`Friday 20:00 to 02:00, Saturday 20:00 to 24:00`: runs of hours of the week."""
    runs: list[list[int]] = []
    for hour in hours:
        if runs and runs[-1][1] == hour and hour - runs[-1][0] < 24:
            runs[-1][1] = hour + 1
        else:
            runs.append([hour, hour + 1])
    return ", ".join(
        _("%(day)s %(first)s to %(last)s")
        % {
            "day": WEEKDAYS[first // 24],
            "first": f"{first % 24:02}:00",
            "last": f"{(last - 1) % 24 + 1:02}:00",
        }
        for first, last in runs
    )
