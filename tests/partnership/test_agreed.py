"""Actions agreed at meetings: one owner, a due day, on every agenda until done."""

import datetime
import re

import pytest
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from partnership.actions.agreed import (
    agree_action,
    change_action,
    drop_action,
    finish_action,
    reopen_action,
)
from partnership.duties.meetings import remind_owners
from partnership.links.meetings import read_rsvp, rsvp_token
from partnership.models import Action
from partnership.rules.agreed import carried_to
from tests.partnership.factories import (
    ActionFactory,
    AttendanceFactory,
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    days_ago,
    make_member,
    make_officer,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


@pytest.fixture
def chair(scheme):
    return make_officer(scheme, email="chair@example.org")


@pytest.fixture
def sign_up(scheme):
    return make_member(scheme)


def due(days):
    return TODAY() + datetime.timedelta(days=days)


def agreed_long_ago(scheme, days, **owner):
    action = ActionFactory(scheme=scheme, due_on=due(days), **owner)
    Action.objects.filter(pk=action.pk).update(agreed_at=days_ago(60))
    return action


def test_an_action_is_on_the_next_agenda_until_it_is_done(client, scheme, sign_up, chair):
    first = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(90))
    second = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(2))
    following = MeetingFactory(scheme=scheme, confirmed=True)
    action = agreed_long_ago(scheme, 5, organisation=sign_up.venue.organisation, meeting=first)
    assert list(carried_to(first)) == []
    assert list(carried_to(second)) == [action]
    assert list(carried_to(following)) == [action]
    row = AttendanceFactory(meeting=following, partner=PartnerFactory(scheme=scheme))
    assert "Ask the bus company" in client.get(f"/meetings/{rsvp_token(row)}/").content.decode()
    finish_action(action, by=chair)
    # An action closed since the last meeting is reported at the next one, then drops off.
    assert list(carried_to(following)) == [action]
    Action.objects.update(closed_at=days_ago(50))
    assert list(carried_to(following)) == []
    assert list(carried_to(second)) == [action]


@pytest.mark.parametrize("owners", [{}, {"officer", "organisation"}])
def test_an_action_has_exactly_one_owner(scheme, sign_up, chair, owners):
    given = {"officer": chair, "organisation": sign_up.venue.organisation}
    with pytest.raises(Refused, match="Choose who owns it"):
        agree_action(
            scheme, what="X", due_on=due(3), by=chair, **{name: given[name] for name in owners}
        )
    assert not Action.objects.exists()


def test_an_empty_or_overdue_action_is_refused_with_every_reason(scheme, chair):
    with pytest.raises(Refused) as refused:
        agree_action(scheme, what=" ", due_on=due(-1), officer=chair, by=chair)
    assert len(refused.value.reasons) == 2


def test_owners_are_reminded_once_before_and_once_after_the_due_day(scheme, sign_up, chair):
    partner = PartnerFactory(scheme=scheme, email="police@example.org")
    agreed_long_ago(scheme, 5, organisation=sign_up.venue.organisation)
    agreed_long_ago(scheme, -1, partner=partner)
    agreed_long_ago(scheme, 0, officer=chair)
    agreed_long_ago(scheme, 30, officer=chair)
    agreed_long_ago(scheme, 5, partner=PartnerFactory(scheme=scheme, email=""))
    assert remind_owners() == 4
    letters = {letter.to[0]: letter for letter in Email.objects.all()}
    assert set(letters) == {"manager@example.org", "police@example.org", "chair@example.org"}
    assert "was due on" in letters["police@example.org"].subject
    assert "posters" not in "".join(letter.message for letter in letters.values())
    assert remind_owners() == 0
    assert remind_owners(timezone.now() + datetime.timedelta(days=6)) == 3


def test_a_new_due_day_reminds_again_but_new_wording_does_not(scheme, chair):
    action = agreed_long_ago(scheme, 5, officer=chair)
    remind_owners()
    change_action(action, what="Other words", due_on=action.due_on, by=chair)
    assert remind_owners() == 0
    change_action(action, what="Other words", due_on=due(6), by=chair)
    assert remind_owners() == 1


class TestByItsOwner:
    def test_the_owners_link_shows_and_closes_only_their_own_action(self, client, scheme, sign_up):
        action = agreed_long_ago(scheme, 5, organisation=sign_up.venue.organisation)
        other = agreed_long_ago(scheme, 5, partner=PartnerFactory(scheme=scheme))
        row = AttendanceFactory(
            meeting=MeetingFactory(scheme=scheme, held=True),
            organisation=sign_up.venue.organisation,
            outcome="present",
        )
        remind_owners()
        letter = Email.objects.get(to="manager@example.org").message
        assert read_rsvp(re.search(r"/meetings/([^/\s]+)/", letter)[1]) == row
        address = f"/meetings/{rsvp_token(row)}/"
        assert "Ask the bus company" in client.get(address).content.decode()
        client.post(f"{address}actions/{action.pk}/done/")
        action.refresh_from_db()
        assert action.state == "done"
        assert client.post(f"{address}actions/{other.pk}/done/").status_code == 404
        assert client.get(f"{address}actions/{action.pk}/done/").status_code == 302

    def test_a_viewer_can_close_only_their_own_action(self, client, scheme, chair):
        viewer = make_officer(scheme, "viewer")
        own, other = (agreed_long_ago(scheme, 5, officer=user) for user in (viewer, chair))
        client.force_login(viewer)
        client.post(f"/admin/partnership/action/{own.pk}/finish/")
        own.refresh_from_db()
        assert own.state == "done"
        assert client.post(f"/admin/partnership/action/{other.pk}/finish/").status_code == 403


def test_closing_is_idempotent_and_a_closed_action_can_be_reopened(scheme, chair):
    action = agreed_long_ago(scheme, 5, officer=chair)
    done = finish_action(action, by=chair)
    assert finish_action(action, by=chair).closed_at == done.closed_at
    with pytest.raises(Refused, match="closed already"):
        drop_action(action, by=chair)
    with pytest.raises(Refused, match="closed already"):
        change_action(action, what="X", due_on=due(1), by=chair)
    assert reopen_action(action, by=chair).closed_at is None
    assert drop_action(action, by=chair).state == "dropped"
