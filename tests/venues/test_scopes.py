"""Head office, area manager, branch manager: who sees, changes and is written to about what."""

import pytest
from django.urls import reverse
from post_office.models import Email

from common.refusals import Refused
from tests.factories import MembershipFactory, OrganisationFactory, SignUpFactory, VenueFactory
from tests.venues.portal import a_scheme
from venues import actions
from venues.letters import organisation_addresses, venue_addresses
from venues.models import Invitation, Membership, Organisation, SignUp, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return a_scheme()


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Copper Kettle Ltd")


@pytest.fixture
def branches(scheme, organisation):
    """Three branches of one organisation."""
    return [
        SignUpFactory(
            scheme=scheme,
            approved=True,
            venue=VenueFactory(
                organisation=organisation, lead_scheme=scheme, name=name, contact_email=""
            ),
        )
        for name in ("Quay Lane", "High Street", "Station")
    ]


@pytest.fixture
def head_office(organisation):
    return MembershipFactory(organisation=organisation)


def manager_of(organisation, *sign_ups):
    return MembershipFactory(organisation=organisation, venues=[each.venue for each in sign_ups])


def test_each_member_sees_their_scope_and_an_empty_choice_sees_nothing(
    organisation, branches, head_office
):
    area = manager_of(organisation, *branches[:2])
    nobody = manager_of(organisation)
    for user, seen in [
        (head_office.user, branches),
        (area.user, branches[:2]),
        (nobody.user, []),
    ]:
        assert set(SignUp.objects.managed_by(user)) == set(seen)
        assert set(SignUp.objects.of_member(user)) == set(seen)
        assert set(Venue.objects.managed_by(user)) == {each.venue for each in seen}
    assert list(Organisation.objects.managed_by(head_office.user)) == [organisation]
    assert not Organisation.objects.managed_by(area.user)
    assert list(Organisation.objects.of_member(area.user)) == [organisation]
    assert not Organisation.objects.of_member(nobody.user)


def test_a_new_branch_is_in_scope_for_head_office_but_not_area_managers(
    scheme, organisation, branches, head_office
):
    area = manager_of(organisation, *branches)
    new = SignUpFactory(scheme=scheme, venue=VenueFactory(organisation=organisation))
    assert new in SignUp.objects.managed_by(head_office.user)
    assert new not in SignUp.objects.managed_by(area.user)


def test_a_place_that_changed_hands_is_out_of_scope(organisation, branches):
    branch = manager_of(organisation, branches[0])
    venue = branches[0].venue
    venue.organisation = OrganisationFactory()
    venue.save()
    assert not Venue.objects.managed_by(branch.user)


def test_letters_go_to_members_whose_scope_includes_the_place(organisation, branches, head_office):
    first = manager_of(organisation, branches[0])
    manager_of(organisation)
    quay, high_street, _station = (each.venue for each in branches)
    assert venue_addresses(quay) == {head_office.user.email, first.user.email}
    assert venue_addresses(high_street) == {head_office.user.email}


def test_letters_about_the_organisation_go_to_head_office_if_there_is_one(organisation, branches):
    first, second = (manager_of(organisation, each) for each in branches[:2])
    manager_of(organisation)
    assert organisation_addresses(organisation) == {first.user.email, second.user.email}
    whole = MembershipFactory(organisation=organisation)
    assert organisation_addresses(organisation) == {whole.user.email}


def test_an_invitation_includes_its_places(client, organisation, branches, head_office):
    client.force_login(head_office.user)
    page = client.get(reverse("members", args=[branches[0].pk])).content.decode()
    assert "Chosen places only" in page
    asked = {"email": "new@example.org", "role": "manager", "scope": "chosen"}
    answer = client.post(reverse("invite_member", args=[branches[0].pk]), asked)
    assert "Choose at least one place." in answer.content.decode()
    assert not Invitation.objects.exists()

    asked["venues"] = [branches[1].venue_id]
    client.post(reverse("invite_member", args=[branches[0].pk]), asked)
    invitation = Invitation.objects.get()
    assert Email.objects.latest("pk").to == ["new@example.org"]

    user = MembershipFactory(user__email="new@example.org").user
    actions.accept_invitation(invitation, by=user)
    assert list(SignUp.objects.managed_by(user).filter(scheme=branches[0].scheme)) == [branches[1]]


def test_a_branch_manager_cannot_grant_more_than_their_own_places(
    organisation, branches, head_office
):
    branch = manager_of(organisation, branches[0])
    for more in ({}, {"scope": "chosen", "venues": [branches[1].venue]}):
        with pytest.raises(Refused, match="places that you look after yourself"):
            actions.invite_member(
                organisation, email="a@example.org", role="manager", by=branch.user, **more
            )
    given = {"scope": "chosen", "venues": [branches[0].venue]}
    actions.invite_member(
        organisation, email="b@example.org", role="staff", by=branch.user, **given
    )
    with pytest.raises(Refused):
        actions.change_member(branch, role="manager", scope="all", by=branch.user)


def test_places_of_another_organisation_are_refused(organisation, branches, head_office):
    with pytest.raises(Refused, match="another organisation"):
        actions.invite_member(
            organisation,
            email="a@example.org",
            role="manager",
            scope="chosen",
            venues=[VenueFactory()],
            by=head_office.user,
        )


def test_an_organisation_always_keeps_somebody_in_charge_of_all_of_it(
    organisation, branches, head_office
):
    manager_of(organisation, *branches)
    places = [each.venue for each in branches]
    for change in (
        lambda: actions.remove_member(head_office, by=head_office.user),
        lambda: actions.change_member(
            head_office, role="manager", scope="chosen", venues=places, by=head_office.user
        ),
        lambda: actions.change_member(head_office, role="staff", scope="all", by=head_office.user),
    ):
        with pytest.raises(Refused, match="only manager"):
            change()
    head_office.refresh_from_db()
    assert (head_office.role, head_office.scope) == ("manager", "all")


def test_head_office_can_change_a_members_scope(client, organisation, branches, head_office):
    area = manager_of(organisation, branches[0])
    client.force_login(head_office.user)
    address = reverse("edit_member", args=[branches[0].pk, area.pk])
    members = client.get(reverse("members", args=[branches[0].pk])).content.decode()
    assert address in members
    assert "Manager: Quay Lane" in " ".join(members.split())
    assert area.user.email in client.get(address).content.decode()
    chosen = [branches[1].venue_id, branches[2].venue_id]
    client.post(
        reverse("change_member", args=[branches[0].pk, area.pk]),
        {"role": "staff", "scope": "chosen", "venues": chosen},
    )
    area.refresh_from_db()
    assert area.role == Membership.Role.STAFF
    assert set(SignUp.objects.of_member(area.user)) == set(branches[1:])


def test_a_branch_manager_cannot_see_head_office_or_other_branches_people(
    client, organisation, branches, head_office
):
    branch = manager_of(organisation, branches[0])
    colleague = manager_of(organisation, branches[0])
    other = manager_of(organisation, branches[1])
    client.force_login(branch.user)
    page = client.get(reverse("members", args=[branches[0].pk])).content.decode()
    assert colleague.user.email in page
    assert head_office.user.email not in page
    assert other.user.email not in page
    for hidden in (head_office, other):
        address = reverse("remove_member", args=[branches[0].pk, hidden.pk])
        assert client.post(address).status_code == 404
    assert "All of its places" not in page


def test_organisation_wide_pages_are_for_head_office_only(
    organisation, branches, head_office, scheme
):
    branch = manager_of(organisation, branches[0])
    with pytest.raises(Refused, match="whole organisation"):
        actions.change_organisation(organisation, {"name": "Mine"}, by=branch.user)
    with pytest.raises(Refused, match="whole organisation"):
        actions.answer_criteria(organisation, {}, by=branch.user)
    with pytest.raises(Refused, match="whole organisation"):
        actions.start_sign_up(
            scheme=scheme, postcode="SO23 9LJ", by=branch.user, organisation=organisation
        )
    actions.change_organisation(organisation, {"name": "Kettles"}, by=head_office.user)
    organisation.refresh_from_db()
    assert organisation.name == "Kettles"
