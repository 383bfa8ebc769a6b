"""Which other spaces may be venues of ours."""

import pytest

from coverage.duplicates import likeness, possible_duplicates
from coverage.models import OtherPlace
from tests.coverage.factories import OtherPlaceFactory
from tests.factories import VenueFactory
from venues.models import Venue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Weston", "YMCA Weston Library (formerly Weston)"),
        ("Village Hall, Thornhay", "Thornhay Village Hall"),
        ("St. Mary’s Church", "St Marys"),
        ("The Copper Kettle", "Coper Kettle"),
        ("The Library", "Library"),
    ],
)
def test_names_that_are_alike(one, other):
    assert likeness(one, other) >= 0.65


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shirley Library", "Shirley Pharmacy"),
        ("The Crown", "The Anchor"),
        ("Harbour Pharmacy", "Millfields Pharmacy"),
        ("", "Library"),
    ],
)
def test_names_that_are_not(one, other):
    assert likeness(one, other) < 0.65


def test_what_is_known_of_two_spaces_tells_them_apart():
    assert likeness("Harbour", "Safe Harbour Advice", kinds=("pharmacy", "faith")) < 0.5
    assert likeness("Harbour", "Safe Harbour Advice", kinds=("other", "faith")) > 0.65


def found():
    pairs = possible_duplicates(OtherPlace.objects.all(), Venue.objects.all())
    return [(pair.other_place.name, pair.venue.name) for pair in pairs]


def test_far_and_linked_and_gone_spaces_are_no_duplicates(django_assert_num_queries):
    venue = VenueFactory(name="Weston Library")
    OtherPlaceFactory(name="Weston", point="SRID=27700;POINT(450399 115000)")
    OtherPlaceFactory(name="Weston", point="SRID=27700;POINT(450401 115000)")
    OtherPlaceFactory(name="Weston", gone_on="2026-01-01")
    by = venue.lead_scheme.opened_by
    OtherPlaceFactory(name="Weston", venue=venue, linked_by=by, linked_at="2026-01-01T00:00Z")
    with django_assert_num_queries(3):
        assert found() == [("Weston", "Weston Library")]
