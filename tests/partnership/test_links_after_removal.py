"""A link that was mailed stops working for somebody who no longer looks after the place."""

import re

import pytest
from django.utils import timezone
from post_office.models import Email

from partnership.actions import send_return_letters
from partnership.emails import meetings as meeting_emails
from partnership.periods import QUARTER, Period
from partnership.rules.returns import settings_of
from tests.factories import MembershipFactory, SignUpFactory, StaffMemberFactory, UserFactory
from tests.partnership.factories import AttendanceFactory, MeetingFactory, SeriesFactory
from tests.training.factories import ModuleFactory
from training.actions import enrol, send_link
from venues import emails
from venues.actions import (
    add_manager,
    change_member,
    change_venue,
    correct_staff_member,
    invite_member,
    remove_member,
)
from venues.models import Invitation

pytestmark = pytest.mark.django_db
PERIOD = Period(QUARTER, 2026, 3)


@pytest.fixture
def sign_up():
    return SignUpFactory(approved=True, venue__contact_email="")


@pytest.fixture
def members(sign_up):
    organisation = sign_up.venue.organisation
    return [MembershipFactory(organisation=organisation) for __ in range(2)]


def link_in(email, kind):
    return re.search(rf"https?://[^/\s]+(/{kind}/\S+)", email.message)[1]


def period_link(sign_up):
    send_return_letters([(sign_up, PERIOD, settings_of(sign_up.scheme))])
    return link_in(Email.objects.get(), "returns")


def agreement_link(sign_up):
    emails.confirm_agreement(sign_up)
    return link_in(Email.objects.get(), "agreement")


def meeting_link(sign_up):
    SeriesFactory(scheme=sign_up.scheme)
    meeting = MeetingFactory(scheme=sign_up.scheme, confirmed=True)
    row = AttendanceFactory(
        meeting=meeting, organisation=sign_up.venue.organisation, invited_at=timezone.now()
    )
    meeting_emails.invitations(meeting, [row])
    return link_in(Email.objects.get(), "meetings")


@pytest.fixture(params=[period_link, agreement_link, meeting_link], ids=lambda each: each.__name__)
def link(request, sign_up, members):
    return request.param(sign_up)


def test_a_link_works_for_those_it_was_sent_to(client, link):
    assert client.get(link).status_code == 200


def test_it_stops_when_a_manager_who_got_it_is_removed(client, link, members):
    remove_member(members[0], by=members[1].user)
    answer = client.get(link)
    assert answer.status_code in (403, 410)
    assert "no longer written to" in answer.text


def test_it_stops_when_a_managers_account_is_closed(client, link, members):
    members[0].user.is_active = False
    members[0].user.save()
    assert client.get(link).status_code in (403, 410)


def test_a_manager_who_joined_since_does_not_stop_the_link(client, link, sign_up):
    MembershipFactory(organisation=sign_up.venue.organisation)
    assert client.get(link).status_code == 200


def test_a_quarters_link_stops_when_the_place_is_no_longer_theirs(client, sign_up, members):
    link = period_link(sign_up)
    other = SignUpFactory(scheme=sign_up.scheme).venue
    other.organisation = sign_up.venue.organisation
    other.save()
    first, second = members
    change_member(first, role="manager", scope="chosen", venues=[other], by=second.user)
    assert client.get(link).status_code == 403


def test_a_quarters_link_stops_when_the_contact_has_another_address(client, sign_up, members):
    change_venue(sign_up.venue, {"contact_email": "old@example.org"}, by=members[0].user)
    sign_up.venue.refresh_from_db()
    link = period_link(sign_up)
    sign_up.venue.refresh_from_db()
    change_venue(sign_up.venue, {"contact_email": "new@example.org"}, by=members[0].user)
    assert client.get(link).status_code == 403


def test_a_link_reveals_no_address(sign_up, members):
    link = period_link(sign_up)
    assert members[0].user.email.split("@")[0] not in link


def test_an_invitation_by_a_manager_removed_since_is_refused(client, sign_up, members):
    first, second = members
    invite_member(
        sign_up.venue.organisation, email="another@example.org", role="manager", by=first.user
    )
    link = link_in(Email.objects.get(), "invitation")
    assert client.get(link).status_code == 200
    remove_member(first, by=second.user)
    assert "no longer looks after" in client.get(link).text
    client.post(f"{link}join/")
    assert not Invitation.objects.get().accepted_at


def test_an_officers_invitation_needs_no_membership(client, sign_up):
    officer = UserFactory(is_superuser=True)
    add_manager(sign_up.venue.organisation, email="new@example.org", by=officer)
    assert client.get(link_in(Email.objects.get(), "invitation")).status_code == 200


def test_a_training_link_mailed_to_a_wrong_address_stops_when_it_is_corrected(
    client, sign_up, members
):
    manager = members[0].user
    person = StaffMemberFactory(
        organisation=sign_up.venue.organisation, venue=sign_up.venue, email="wrong@example.org"
    )
    enrolment = enrol(person, ModuleFactory(), by=manager, scheme=sign_up.scheme)
    send_link(enrolment, by=manager)
    link = link_in(Email.objects.get(), "learn")
    assert client.get(link).status_code == 200
    correct_staff_member(
        person, first_name="Alex", email="right@example.org", venue=sign_up.venue, by=manager
    )
    assert "another address" in client.get(link).text
