"""Which other spaces may already be our venues."""

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
def test_similar_names_are_matched(one, other):
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
def test_different_names_are_not_matched(one, other):
    assert likeness(one, other) < 0.65


def test_known_kinds_tell_two_spaces_apart():
    assert likeness("Harbour", "Safe Harbour Advice", kinds=("pharmacy", "faith")) < 0.5
    assert likeness("Harbour", "Safe Harbour Advice", kinds=("other", "faith")) > 0.65


def found():
    pairs = possible_duplicates(OtherPlace.objects.all(), Venue.objects.all())
    return [(pair.other_place.name, pair.venue.name) for pair in pairs]


def test_distant_linked_and_removed_spaces_are_not_duplicates(django_assert_num_queries):
    venue = VenueFactory(name="Weston Library")
    OtherPlaceFactory(name="Weston", point="SRID=27700;POINT(450399 115000)")
    OtherPlaceFactory(name="Weston", point="SRID=27700;POINT(450401 115000)")
    OtherPlaceFactory(name="Weston", gone_on="2026-01-01")
    by = venue.lead_scheme.opened_by
    OtherPlaceFactory(name="Weston", venue=venue, linked_by=by, linked_at="2026-01-01T00:00Z")
    with django_assert_num_queries(3):
        assert found() == [("Weston", "Weston Library")]
