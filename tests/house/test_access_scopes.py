"""Every portal URL, requested by members whose scope is other places, none, or this one."""

import re

import pytest

from tests.factories import MembershipFactory, SignUpFactory, VenueFactory
from tests.house.chain import MARK, is_sent_up
from tests.house.chain import address as address_of
from tests.house.test_access import ONE_ORGANISATION, ONE_SIGN_UP, THING_BELOW
from venues.models import Event, Membership

pytestmark = pytest.mark.django_db
OF_THE_ORGANISATION = re.compile(
    r"<int:(attendance_pk|action_pk|staff_member_id|session_id|principle_pk|material)>"
)
"""What belongs to the whole organisation or scheme, below whichever place it is asked."""


@pytest.fixture
def other_branch(chain):
    venue = VenueFactory(organisation=chain["organisation"], lead_scheme=chain["scheme"])
    return SignUpFactory(scheme=chain["scheme"], venue=venue, approved=True)


def member(chain, *venues, role=Membership.Role.MANAGER):
    return MembershipFactory(organisation=chain["organisation"], venues=venues, role=role).user


@pytest.mark.parametrize("role", Membership.Role.values)
def test_members_of_other_places_or_none_cannot_open_a_places_pages(
    client, chain, other_branch, role
):
    before = Event.objects.count()
    for user in (member(chain, other_branch.venue, role=role), member(chain, role=role)):
        client.force_login(user)
        for route in ONE_SIGN_UP:
            address = address_of(route, chain)
            opened = client.get(address, follow=True).status_code
            answers = {opened, client.post(address).status_code}
            assert answers <= {404, 405}, address
            assert 404 in answers, address
    assert Event.objects.count() == before


def test_a_branch_manager_can_open_what_head_office_can(client, chain, other_branch):
    head_office = MembershipFactory(organisation=chain["organisation"]).user
    branch = member(chain, chain["venue"])
    for route in ONE_SIGN_UP:
        address = address_of(route, chain)
        answers = []
        for user in (head_office, branch):
            client.force_login(user)
            answers.append(client.get(address).status_code)
        if "<int:membership_pk>" in route:
            # A branch manager must not change head office's own membership.
            assert client.post(address).status_code in (404, 405), address
        else:
            assert answers[0] == answers[1], address


def test_branch_urls_give_no_access_to_another_branchs_objects(client, chain, other_branch):
    """A person, a booking, a closure of one place, requested under another of the same owner."""
    client.force_login(member(chain, other_branch.venue))
    routes = [
        route
        for route in ONE_SIGN_UP
        if THING_BELOW.search(route) and not OF_THE_ORGANISATION.search(route)
    ]
    assert len(routes) > 10
    before = Event.objects.count()
    for route in routes:
        address = address_of(route, chain, pk=other_branch.pk, sign_up_id=other_branch.pk)
        opened = client.get(address)
        assert opened.status_code == 404 or is_sent_up(opened, address), address
        assert client.post(address).status_code in (404, 405), address
    assert Event.objects.count() == before


def test_an_organisations_pages_name_no_place_outside_the_members_scope(
    client, chain, other_branch
):
    """The place's name appears nowhere else; the organisation's own name may appear."""
    organisation = chain["organisation"]
    organisation.name = "Copper Kettle Ltd"
    organisation.save()
    chain["scheme"].name = "A scheme"
    chain["scheme"].save()
    client.force_login(member(chain, other_branch.venue))
    opened = 0
    for route in ONE_ORGANISATION:
        answer = client.get(address_of(route, chain))
        if answer.status_code == 200:
            opened += 1
            assert MARK not in answer.content.decode(), route
    assert opened
    client.force_login(member(chain))
    for route in ONE_ORGANISATION:
        address = address_of(route, chain)
        assert client.get(address, follow=True).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address
