"""An organisation's members can change, but it always has a manager."""

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, SignUpFactory
from venues.models import Event, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up():
    return SignUpFactory()


@pytest.fixture
def manager(sign_up):
    return MembershipFactory(organisation=sign_up.venue.organisation)


def remove(client, sign_up, membership):
    return client.post(reverse("remove_member", args=[sign_up.pk, membership.pk]), follow=True)


def test_a_manager_can_remove_a_colleague(client, sign_up, manager):
    colleague = MembershipFactory(organisation=sign_up.venue.organisation, role="staff")
    client.force_login(manager.user)
    page = client.get(reverse("members", args=[sign_up.pk])).content.decode()
    assert f"Remove {colleague.user.email}" in page

    remove(client, sign_up, colleague)

    assert list(sign_up.venue.organisation.memberships.all()) == [manager]
    assert Event.objects.filter(kind="venues.member_removed").count() == 1


def test_the_only_manager_cannot_be_removed_and_is_told_why(client, sign_up, manager):
    MembershipFactory(organisation=sign_up.venue.organisation, role="staff")
    client.force_login(manager.user)

    page = remove(client, sign_up, manager).content.decode()

    assert "This is the only manager" in page
    assert Membership.objects.filter(pk=manager.pk).exists()


def test_another_organisations_member_is_out_of_scope(client, sign_up, manager):
    other = MembershipFactory()
    client.force_login(manager.user)
    assert remove(client, sign_up, other).status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()
