"""Merging concurrently with joining or another merge: one of the two is refused in a sentence."""

import pytest

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from tests.venues.test_concurrency import at_once
from venues.actions import join_scheme, merge_organisations, merge_venues
from venues.models import Merge, Organisation, SignUp, Venue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


def in_sentences(results):
    refused = [each for each in results if isinstance(each, Refused)]
    return refused and all(str(each).endswith(".") for each in refused)


def test_opposite_concurrent_merges_make_one(boss):
    one, two = SignUpFactory(approved=True).venue, SignUpFactory(approved=True).venue
    results = at_once(
        lambda: merge_venues(one, two, by=boss), lambda: merge_venues(two, one, by=boss)
    )
    assert in_sentences(results)
    kept = Venue.objects.get(pk__in=[one.pk, two.pk])
    assert SignUp.objects.filter(venue=kept).count() == 2
    assert Merge.objects.count() == 1


def test_joining_during_a_merge_ends_at_the_kept_place_or_is_refused(boss):
    keep, other = SignUpFactory(approved=True).venue, SignUpFactory(approved=True).venue
    manager = MembershipFactory(organisation=other.organisation).user
    scheme = SchemeFactory()
    results = at_once(
        lambda: merge_venues(keep, other, by=boss),
        lambda: join_scheme(other, scheme, by=manager),
    )
    assert not SignUp.objects.filter(venue=other.pk).exists()
    joined = SignUp.objects.filter(scheme=scheme)
    assert joined.filter(venue=keep).count() == 1 or in_sentences(results)
    assert joined.count() <= 1


def test_concurrent_merges_of_places_and_their_organisations_do_not_deadlock(boss):
    keep, other = SignUpFactory(approved=True).venue, SignUpFactory(approved=True).venue
    results = at_once(
        lambda: merge_venues(keep, other, by=boss),
        lambda: merge_organisations(keep.organisation, other.organisation, by=boss),
    )
    assert all(isinstance(each, Merge) for each in results)
    assert Venue.objects.get(pk=keep.pk).organisation_id == keep.organisation_id
    assert not Organisation.objects.filter(pk=other.organisation_id).exists()
