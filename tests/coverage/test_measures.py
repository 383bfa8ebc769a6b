"""A made-up town whose every expected figure was worked out by hand from
tests/coverage/town.py.
"""

import pytest

from coverage.sums import Question, measure
from tests.factories import SchemeFactory, SignUpFactory

from .town import DISTRICT, FRIDAY_22, LONG_AGO, at, daily, make_town, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    make_town()


def answer(**asked):
    return measure(Question(**{"area": DISTRICT, "within": 800, "at": FRIDAY_22} | asked))


def rows(found):
    return {row.name: (row.people, row.covered) for row in found}


def test_an_open_venue_covers_people_within_the_distance(town):
    member(0, daily(20, 23))
    found = answer()
    assert (found.people, found.people_covered, found.share, found.venues) == (1000, 100, 0.1, 1)
    assert rows(found.wards) == {"West": (300, 100), "East": (700, 0)}
    assert [(row.key, row.people, row.covered) for row in found.deciles if row.people] == [
        ("1", 100, 100),
        ("2", 500, 0),
        ("10", 400, 0),
    ]
    assert found.sentence() == (
        "On Friday at 22:00, 10 % of residents (100 of 1,000) live within 800 m of an open safe"
        " space; the largest gap is East (700 people, none within 2 km)."
    )


def test_the_method_states_every_assumption(town):
    member(0, daily(20, 23))
    member(500, daily(20, 23), hours_confirmed_at=None)
    method = answer(factor=1.3).method
    assert method == (
        "Within 800 m on foot, taken as 1.3 times the straight line; residents of 2021, each lower"
        " layer super output area at its population point (4); 1 venue counted, also across the"
        " boundary; open on Friday 20 November 2026 at 22:00; 1 whose hours are not confirmed is"
        " left aside."
    )


def test_a_distance_includes_its_last_metre(town):
    member(400, daily(20, 23))
    assert answer(within=400).people_covered == 100
    assert answer(within=399.9).people_covered == 0
    assert answer(within=600).people_covered == 300


def test_a_walking_factor_shortens_the_straight_line(town):
    member(400, daily(20, 23))
    assert answer(within=520, factor=1.3).people_covered == 100
    assert answer(within=519, factor=1.3).people_covered == 0
    assert answer(within=779, factor=1.3).people_covered == 100
    assert answer(within=780, factor=1.3).people_covered == 300


def test_a_closed_venue_covers_nobody_but_counts_without_a_moment(town):
    member(0, daily(9, 17))
    found = answer()
    assert (found.people_covered, found.venues) == (0, 0)
    assert found.notes == ["No venue near here is open then."]
    assert found.sentence() == (
        "On Friday at 22:00, 0 % of residents (0 of 1,000) live within 800 m of an open safe"
        " space; the largest gap is East (700 people, none within 10 km)."
    )
    assert answer(at=None).people_covered == 100
    assert answer(at=None).sentence().startswith("Leaving opening hours aside, 10 % of residents")


def test_unconfirmed_hours_do_not_count_and_are_reported(town):
    member(0, daily(20, 23), hours_confirmed_at=None)
    found = answer()
    assert (found.people_covered, found.venues, found.not_confirmed) == (0, 0, 1)
    assert "nobody has confirmed its hours" in found.notes[0]


def test_a_venue_across_the_boundary_covers_people_near_it(town):
    member(-800, daily(20, 23))
    assert answer().people_covered == 100
    assert answer().venues == 1


def test_only_members_count(town):
    SignUpFactory(submitted=True, venue__point=at(0), venue__hours=daily(20, 23))
    member(1000, daily(20, 23))
    assert answer().people_covered == 200


def test_internal_venues_count_only_for_officers_who_ask(town):
    internal = member(0, daily(20, 23), listing="internal")
    assert internal.public_point is None
    assert answer().people_covered == 0
    assert answer(internal=True).people_covered == 100
    assert answer(internal=True).method.count("including internal ones") == 1


def test_an_area_only_venue_counts_at_its_point_or_publicly_where_shown(town):
    member(600, daily(20, 23), listing="area_only")
    assert answer(within=600).people_covered == 300
    assert answer(within=600, public=True).people_covered == 200


def test_sector_and_scheme_rows_show_what_each_covers_alone(town):
    first, second = SchemeFactory(name="First"), SchemeFactory(name="Second")
    member(0, daily(20, 23), scheme=first, organisation__sector="community")
    both = member(1000, daily(20, 23), scheme=second, organisation__sector="public_body")
    SignUpFactory(approved=True, listed=True, approved_at=LONG_AGO, venue=both, scheme=first)
    found = answer()
    assert found.venues == 2
    assert {row.key: row.covered for row in found.sectors} == {"community": 100, "public_body": 200}
    assert rows(found.schemes) == {"First": (1000, 300), "Second": (1000, 200)}
    assert answer(scheme=second).people_covered == 200


def test_one_sex_or_age_group_can_be_counted_alone(town):
    member(0, daily(20, 23))
    found = answer(who=("female",))
    assert (found.people, found.people_covered) == (500, 50)
    assert "of residents (female) (50 of 500)" in found.sentence()


def test_small_areas_have_their_own_rows(town):
    member(0, daily(20, 23))
    found = {row.name: (row.covered, row.nearest) for row in answer(factor=1.3).points}
    assert found["Smalltown A"] == (100, None)
    assert found["Smalltown B"] == (0, 1300)
    assert found["Smalltown C"] == (0, 2600)


def test_wards_and_small_areas_can_be_measured_too(town):
    member(0, daily(20, 23))
    assert (answer(area="W-West").people, answer(area="E0199999A").people) == (300, 100)
