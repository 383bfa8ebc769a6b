"""Merging two entries of one organisation: nobody loses access to their places."""

import pytest

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.venues.test_merge_venues import rows
from venues.actions import merge_organisations, undo_merge
from venues.models import Membership, Organisation, Venue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


@pytest.fixture
def two():
    keep, other = (
        OrganisationFactory(name="Copper Kettle"),
        OrganisationFactory(name="Copper Kettle Ltd", registered_number="123"),
    )
    for each in (keep, other):
        SignUpFactory(approved=True, venue__organisation=each)
        StaffMemberFactory(organisation=each, venue=each.venues.get())
    return keep, other


def test_places_people_and_the_only_manager_are_moved(two, boss):
    keep, other = two
    manager = MembershipFactory(organisation=other).user
    merge = merge_organisations(keep, other, by=boss)
    assert merge.done_at
    assert keep.venues.count() == 2
    assert keep.staff_members.count() == 2
    assert Venue.objects.managed_by(manager).count() == 2
    assert Organisation.objects.filter(pk=other.pk).count() == 0
    keep.refresh_from_db()
    assert (keep.name, keep.registered_number) == ("Copper Kettle", "123")


def test_a_member_of_both_keeps_the_wider_role_and_scope(two, boss):
    keep, other = two
    user = UserFactory()
    own = MembershipFactory(organisation=keep, user=user, role="staff", venues=[keep.venues.get()])
    MembershipFactory(organisation=other, user=user)
    merge_organisations(keep, other, by=boss)
    own.refresh_from_db()
    assert (own.role, own.scope) == (Membership.Role.MANAGER, Membership.Scope.ALL)


def test_chosen_places_of_both_are_combined(two, boss):
    keep, other = two
    user = UserFactory()
    for each in two:
        MembershipFactory(organisation=each, user=user, venues=[each.venues.get()])
    merge_organisations(keep, other, by=boss)
    assert Venue.objects.managed_by(user).count() == 2


def test_merging_and_undoing_restores_every_row(two, boss):
    keep, other = two
    user = UserFactory()
    for each in two:
        MembershipFactory(organisation=each, user=user, venues=[each.venues.get()])
        MembershipFactory(organisation=each)
    before = rows()
    merge = merge_organisations(keep, other, by=boss)
    assert rows() != before
    undo_merge(merge, by=boss)
    now = rows()
    assert {label for label in before if before[label] != now[label]} == set()


def test_an_officer_of_neither_cannot_merge(two):
    with pytest.raises(Refused, match="Only an officer"):
        merge_organisations(*two, by=UserFactory())


def test_franchisor_and_franchisees_are_moved_without_a_cycle(two, boss):
    keep, other = two
    franchisor, franchisee = OrganisationFactory(), OrganisationFactory(parent=other)
    Organisation.objects.filter(pk=other.pk).update(parent=franchisor)
    merge = merge_organisations(keep, other, by=boss)
    keep.refresh_from_db()
    franchisee.refresh_from_db()
    assert (keep.parent, franchisee.parent) == (franchisor, keep)
    undo_merge(merge, by=boss)
    franchisee.refresh_from_db()
    assert franchisee.parent == other


def test_merging_a_franchisee_with_its_franchisor_leaves_no_parent(two, boss):
    keep, other = two
    Organisation.objects.filter(pk=keep.pk).update(parent=other)
    merge_organisations(keep, other, by=boss)
    keep.refresh_from_db()
    assert keep.parent is None
