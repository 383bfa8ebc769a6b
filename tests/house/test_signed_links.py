"""Pages behind signed links: opening one changes nothing, and no other link opens it."""

import uuid

import pytest
from django.core.cache import cache
from post_office.models import Email

from partnership.actions.feeds import renew_feed, revoke_feed
from partnership.links.meetings import rsvp_token
from tests.factories import SignUpFactory
from tests.house.chain import address, is_sent_up
from tests.house.links import make_tokens
from tests.house.test_access import ROUTES, is_public
from tests.partnership.factories import ActionFactory, AttendanceFactory, MeetingFactory
from venues.models import Event

pytestmark = pytest.mark.django_db
BEHIND_A_LINK = [route for route, view in ROUTES if is_public(view) and "<str:token>" in route]


@pytest.fixture
def tokens(chain):
    return make_tokens(chain)


def kind_of(route):
    return route.split("<")[0]


def written():
    return Event.objects.count(), Email.objects.count()


def test_opening_a_link_changes_nothing_and_is_not_cached(client, chain, tokens):
    """Mail scanners open every link of an email, and phones are shared."""
    assert {kind_of(route) for route in BEHIND_A_LINK} == set(tokens)
    before = written()
    opened = 0
    for route in BEHIND_A_LINK:
        answer = client.get(address(route, chain, token=tokens[kind_of(route)], order=1))
        assert answer.status_code in (200, 302, 308, 403, 404, 405), route
        if answer.status_code == 200:
            opened += 1
            assert "no-store" in answer["Cache-Control"], route
            assert answer["Referrer-Policy"] == "same-origin", route
        assert written() == before, route
    assert opened > 12


def test_a_link_does_not_open_another_page(client, chain, tokens):
    before = written()
    for route in BEHIND_A_LINK:
        cache.clear()  # the limit on bad links would refuse the rest of the walk
        for kind, token in tokens.items():
            if token == tokens[kind_of(route)]:  # its own, or its former address
                continue
            asked = address(route, chain, token=token, order=1)
            opened = client.get(asked)
            refused = opened.status_code in (403, 404, 410) or is_sent_up(opened, asked)
            assert refused, (route, kind)
            assert client.post(asked).status_code in (302, 403, 404, 405, 410), (route, kind)
    assert written() == before


def test_an_invitation_gives_no_access_to_anothers_papers_or_actions(client, chain):
    """Neither a neighbour's in the same scheme nor another council's."""
    scheme = chain["scheme"]
    neighbour = SignUpFactory(scheme=scheme, approved=True).venue.organisation
    other = SignUpFactory(approved=True)
    elsewhere = MeetingFactory(scheme=other.scheme, confirmed=True)
    before = written()
    for meeting, organisation in (
        (chain["meeting"], neighbour),
        (elsewhere, other.venue.organisation),
    ):
        row = AttendanceFactory(meeting=meeting, organisation=organisation)
        page = f"/meetings/{rsvp_token(row)}/"
        assert client.post(f"{page}actions/{chain['action'].pk}/done/").status_code == 404
        paper = client.get(f"{page}documents/{chain['document'].pk}/").status_code
        assert paper == (200 if meeting == chain["meeting"] else 404)
    officers = ActionFactory(scheme=scheme, officer=chain["officer"].user)
    own = f"/meetings/{rsvp_token(chain['attendance'])}/actions/{officers.pk}/done/"
    assert client.post(own).status_code == 404
    assert written() == before


def test_a_revoked_or_guessed_calendar_link_is_not_found(client, chain):
    feed = renew_feed(chain["scheme"], organisation=chain["organisation"], by=chain["user"])
    page = f"/calendars/{feed.key}/meetings.ics"
    assert client.get(page).status_code == 200
    renewed = renew_feed(chain["scheme"], organisation=chain["organisation"], by=chain["user"])
    assert client.get(page).status_code == 404
    revoke_feed(renewed, by=chain["user"])
    for key in (renewed.key, uuid.uuid4()):
        assert client.get(f"/calendars/{key}/meetings.ics").status_code == 404
