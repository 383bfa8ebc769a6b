"""Which building would help most: by hand in a small town, by brute force in generated ones."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.refusals import Refused
from coverage.models import OtherPlace
from coverage.sums import Question, hours_in_words, next_best
from coverage.sums.greedy import greedy, reached_by
from coverage.sums.ranking import MOST_CANDIDATES

from .factories import OtherPlaceFactory
from .town import DISTRICT, FRIDAY_22, at, daily, make_town, member

FRIDAY = range(4 * 24, 5 * 24)
EVENING = [4 * 24 + hour for hour in (20, 21, 22, 23)]
SPOTS = st.tuples(st.integers(0, 40), st.integers(0, 40))
TOWNS = st.lists(st.tuples(SPOTS, st.integers(0, 900)), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(town=TOWNS, candidates=st.lists(SPOTS, min_size=1, max_size=7), radius=st.integers(1, 25))
def test_greedy_picks_reach_63_per_cent_of_the_optimum_and_the_first_is_best(
    town, candidates, radius
):
    points = np.array([spot for spot, _people in town], dtype=float)
    people = np.array([count for _spot, count in town])
    spots = np.array(candidates, dtype=float)
    reaches = [
        {i for i, p in enumerate(points) if np.hypot(*(p - spot)) <= radius} for spot in spots
    ]

    def covers(chosen):
        return sum(int(people[i]) for i in set().union(*(reaches[c] for c in chosen)))

    picks = greedy(reached_by(spots, points, radius), people, 3)
    best_single = max(covers([one]) for one in range(len(spots)))
    assert (picks[0][1] if picks else 0) == best_single
    for number in range(1, len(picks) + 1):
        chosen = [index for index, _gain in picks[:number]]
        assert sum(gain for _index, gain in picks[:number]) == covers(chosen)
        best = max(covers(some) for some in itertools.combinations(range(len(spots)), number))
        assert covers(chosen) >= (1 - 1 / np.e) * best
    gains = [gain for _index, gain in picks]
    assert gains == sorted(gains, reverse=True)


@pytest.fixture
def town(db):
    make_town()


def best(within=800, **asked):
    return next_best(Question(DISTRICT, within=within), day=FRIDAY_22.date(), **asked)


def test_spaces_are_ranked_by_the_people_they_add(town):
    member(0, daily(9, 23))
    OtherPlaceFactory(name="Near A", point=at(100))
    OtherPlaceFactory(name="Between B and C", point=at(1500), hours=daily(9, 22))
    OtherPlaceFactory(name="Near D", point=at(10_000))
    found = best(hours=EVENING, other_places=OtherPlace.objects.candidates())
    assert [(pick.name, pick.people, pick.people_hours) for pick in found.picks] == [
        ("Between B and C", 500, 2000),
        ("Near D", 400, 1600),
        ("Near A", 100, 100),
    ]
    assert [pick.hours_in_words for pick in found.picks] == [
        "Friday 22:00 to 24:00",
        "Friday 20:00 to 24:00",
        "Friday 23:00 to 24:00",
    ]
    # A covers until 23:00: 300 of 4,000 people-hours at the start.
    assert found.share_before == 0.075
    assert [pick.share_after for pick in found.picks] == [0.575, 0.975, 1]


def test_a_member_may_be_suggested_to_open_longer(town):
    venue = member(1000, daily(9, 22))
    (pick,) = best(hours=EVENING, longer=True).picks
    assert (pick.kind, pick.key, pick.people) == ("longer", venue.pk, 200)
    assert pick.hours_in_words == "Friday 22:00 to 24:00"
    assert pick.people_hours == 400


def test_a_space_that_is_a_member_is_not_a_candidate(town):
    venue = member(0, daily(0, 0))
    by = venue.sign_ups.get().started_by
    OtherPlaceFactory(point=at(0), venue=venue, linked_at=venue.created_at, linked_by=by)
    other = OtherPlaceFactory(name="Other", point=at(2000))
    found = best(hours=EVENING, other_places=OtherPlace.objects.all())
    assert [pick.key for pick in found.picks] == [other.pk]


def test_any_point_can_be_a_candidate_when_hours_are_ignored(town):
    member(0, daily(9, 10))
    found = best(points=[("Here", at(500).coords), ("There", at(1500).coords)], picks=1)
    assert [(pick.name, pick.people, pick.hours_to_open) for pick in found.picks] == [
        ("There", 500, [])
    ]
    assert "opening hours left aside" in found.method
    assert "63 %" in found.method


def test_weighting_by_deprivation_changes_the_order_and_is_stated(town):
    points = [("C, decile 2", at(2000).coords), ("D, decile 10", at(10_000).coords)]
    plain = best(points=points)
    assert [pick.name for pick in plain.picks] == ["D, decile 10", "C, decile 2"]
    weighted = best(points=points, by_deprivation=True)
    assert [pick.name for pick in weighted.picks] == ["C, decile 2", "D, decile 10"]
    assert [pick.people for pick in weighted.picks] == [300, 400]
    assert "most deprived tenth count twice" in weighted.method


def test_a_building_that_adds_nobody_is_not_picked(town):
    member(0, daily(0, 0))
    found = best(points=[("Here", at(0).coords), ("Nowhere", at(5000).coords)], hours=FRIDAY)
    assert found.picks == []
    assert found.notes == ["No other candidate would cover anybody who is not covered then."]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"other_places": OtherPlace.objects.none()}, "There are no candidates near."),
        ({"points": [("x", at(0).coords)], "hours": []}, "Choose at least one hour"),
        ({"points": [("x", at(0).coords)], "hours": [168]}, "Choose at least one hour"),
        ({"points": [("x", at(0).coords)], "picks": 0}, "Ask for 1 to 50 buildings."),
        ({"longer": True}, "Choose the hours in which a venue could open longer."),
    ],
)
def test_invalid_rankings_are_refused_with_a_reason(town, asked, says):
    with pytest.raises(Refused, match=says.replace("?", r"\?")):
        best(**asked)


def test_fifty_thousand_candidates_are_ranked_and_more_are_refused(town):
    many = [(f"Point {n}", (400_000 + n % 3000, 200_000 + n // 3000)) for n in range(50_000)]
    (pick,) = best(points=many, picks=1).picks
    assert pick.people == 500
    too_many = [many[0]] * (MOST_CANDIDATES + 1)
    with pytest.raises(Refused, match="100,001 candidates are too many at once"):
        best(points=too_many, picks=1)


def test_hours_are_written_as_ranges():
    assert hours_in_words([116, 117, 118, 119, 120, 121]) == "Friday 20:00 to 02:00"
    assert hours_in_words([0, 167]) == "Monday 00:00 to 01:00, Sunday 23:00 to 24:00"
    assert hours_in_words(range(24, 72)) == "Tuesday 00:00 to 24:00, Wednesday 00:00 to 24:00"
