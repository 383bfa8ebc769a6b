"""Officers add and remove an organisation's managers, including the only one."""

import pytest
from django.urls import reverse
from post_office.models import Email

from common.refusals import Refused
from tests.factories import MembershipFactory, OfficerFactory, SchemeFactory, SignUpFactory
from venues import actions
from venues.letters import venue_addresses
from venues.models import Event, Invitation, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


@pytest.fixture
def organisation(scheme):
    return SignUpFactory(scheme=scheme, approved=True, listed=True).venue.organisation


@pytest.fixture
def manager(organisation):
    return MembershipFactory(organisation=organisation)


def page_of(client, organisation):
    return client.get(
        reverse("admin:venues_organisation_change", args=[organisation.pk])
    ).content.decode()


def add(client, organisation, email):
    url = reverse("admin:add_manager", args=[organisation.pk])
    return client.post(url, {"email": email}, follow=True).content.decode()


def remove(client, membership):
    url = reverse("admin:remove_manager", args=[membership.organisation_id, membership.pk])
    return client.post(url, follow=True).content.decode()


def test_the_only_manager_can_be_replaced_without_a_hand_over(
    client, officer, organisation, manager
):
    assert manager.user.email in page_of(client, organisation)
    remove(client, manager)
    assert not organisation.memberships.exists()
    assert Event.objects.filter(kind="venues.member_removed", by=officer).exists()
    add(client, organisation, "new@example.org")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("new@example.org", "manager")
    assert "new@example.org" in page_of(client, organisation)
    sign_up = organisation.venues.get().sign_ups.get()
    assert sign_up.state == "approved"  # no hand-over, so the approval stands
    assert sign_up.stickers.live().exists()


def test_removing_the_only_manager_explains_the_consequences_first(client, officer, manager):
    url = reverse("admin:remove_manager", args=[manager.organisation_id, manager.pk])
    said = client.get(url).content.decode()
    assert "Nobody will look after the organisation in the portal" in said
    assert Membership.objects.filter(pk=manager.pk).exists()


def test_a_removed_manager_gets_no_more_letters(client, officer, organisation, manager):
    venue = organisation.venues.get()
    venue.contact_email = manager.user.email.upper()
    venue.contact_name = "Sam"
    venue.save()
    stays = MembershipFactory(organisation=organisation)
    actions.remove_member(manager, by=stays.user)
    venue.refresh_from_db()
    assert venue_addresses(venue) == {stays.user.email}


def test_removing_a_manager_revokes_their_open_invitation(client, officer, organisation, manager):
    again = actions.invite_member(
        organisation, email="other@example.org", role="manager", by=officer
    )
    Invitation.objects.filter(pk=again.pk).update(email=manager.user.email.title())
    remove(client, manager)
    assert not Invitation.objects.filter(accepted_at__isnull=True).exists()


def test_inviting_somebody_again_sends_a_new_link(client, officer, organisation):
    add(client, organisation, "new@example.org")
    add(client, organisation, "New@Example.org")
    assert Invitation.objects.count() == 1
    assert Email.objects.filter(to__icontains="new@example.org").count() == 2


def test_a_member_of_staff_can_become_a_manager(client, officer, organisation):
    member = MembershipFactory(organisation=organisation, role="staff")
    add(client, organisation, member.user.email)
    actions.accept_invitation(Invitation.objects.get(), by=member.user)
    member.refresh_from_db()
    assert member.role == "manager"


def test_a_manager_is_not_added_twice(client, officer, organisation, manager):
    assert "manager already" in add(client, organisation, manager.user.email.upper())
    assert not Invitation.objects.exists()


def test_a_manager_still_cannot_remove_the_last_manager(manager):
    with pytest.raises(Refused, match="only manager"):
        actions.remove_member(manager, by=manager.user)


def test_another_organisations_manager_is_out_of_scope(client, officer, organisation):
    other = MembershipFactory()
    url = reverse("admin:remove_manager", args=[organisation.pk, other.pk])
    assert client.post(url).status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()


def test_an_officer_of_a_second_scheme_can_view_but_not_change(client, organisation, manager):
    guest = SignUpFactory(venue=organisation.venues.get(), approved=True).scheme
    client.force_login(OfficerFactory(scheme=guest, role="officer").user)
    assert "Remove" not in page_of(client, organisation)
    url = reverse("admin:remove_manager", args=[organisation.pk, manager.pk])
    assert client.post(url).status_code == 403
