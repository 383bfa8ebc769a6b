"""Four decisions can be undone for ten minutes by whoever made them."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
)
from tests.venues.portal import managed_sign_up
from venues import actions
from venues.models import Event, Letter, Venue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]

LATER = datetime.timedelta(minutes=11)


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


@pytest.fixture
def submitted(scheme):
    PrincipleFactory(scheme=scheme)
    return SignUpFactory(scheme=scheme, submitted=True, agreed=True, checked=True)


def age_events(**kwargs):
    """Backdate every event recorded so far by eleven minutes."""
    for event in Event.objects.filter(**kwargs):
        Event.objects.filter(pk=event.pk).update(at=event.at - LATER)


def words_of(answer):
    return answer.content.decode()


def press(client, name, thing, data=None, *more):
    return client.post(reverse(name, args=[thing.pk, *more]), data or {}, follow=True)


def test_undoing_a_decline_reopens_the_sign_up_and_its_letter_never_leaves(
    client, officer, submitted
):
    said = press(client, "admin:decline_sign_up", submitted, {"reason": "No", "letter": "Sorry."})
    submitted.refresh_from_db()
    assert submitted.state == "declined"  # the decision takes effect at once
    email = Email.objects.get()
    # But its letter waits.
    assert email.scheduled_time > timezone.now() + datetime.timedelta(minutes=9)
    undo = reverse("admin:take_back_decision", args=[submitted.pk])
    assert words_of(said).count(f'action="{undo}"') == 2  # in the message and on the page
    press(client, "admin:take_back_decision", submitted)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert not Email.objects.exists()
    assert Letter.objects.get().fate == "withdrawn"
    assert Event.objects.filter(kind="venues.decline_taken_back", by=officer).exists()
    page = words_of(client.get(reverse("admin:venues_signup_change", args=[submitted.pk])))
    assert "The refusal was taken back" in page
    assert undo not in page


def test_undoing_a_change_request_deletes_its_requests(client, officer, submitted):
    submitted.change_requests.create(text="An earlier one", asked_by=officer)
    data = {"letter": "Please.", "whole": "Your hours"}
    press(client, "admin:ask_for_changes", submitted, data)
    assert submitted.change_requests.count() == 2
    press(client, "admin:take_back_decision", submitted)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert [each.text for each in submitted.change_requests.all()] == ["An earlier one"]
    assert not Email.objects.exists()


@pytest.mark.parametrize("state", ["approved", "suspended"])
def test_undoing_a_departure_restores_the_sticker(client, officer, scheme, state):
    sign_up = SignUpFactory(scheme=scheme, listed=True, **{state: True})
    sticker = sign_up.stickers.get()
    was_listed = Venue.objects.listed(timezone.localdate()).exists()
    press(client, "admin:withdraw_sign_up", sign_up)
    assert not Venue.objects.listed(timezone.localdate()).exists()
    press(client, "admin:take_back_decision", sign_up)
    sign_up.refresh_from_db()
    sticker.refresh_from_db()
    assert (sign_up.state, sticker.ended_at, sticker.end_reason) == (state, None, "")
    assert Venue.objects.listed(timezone.localdate()).exists() == was_listed
    page = words_of(client.get(reverse("admin:venues_sticker_change", args=[sticker.pk])))
    assert f"Sticker {sticker.number} counts again" in page


def test_a_sticker_that_had_already_ended_is_not_restored(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True)
    first = sign_up.stickers.get()
    actions.end_sticker(first, by=officer, reason="lost")
    press(client, "admin:withdraw_sign_up", sign_up)
    press(client, "admin:take_back_decision", sign_up)
    first.refresh_from_db()
    assert first.end_reason == "lost"


@pytest.mark.parametrize(
    ("decide", "state"),
    [("decline_sign_up", "submitted"), ("withdraw_sign_up", "approved")],
)
def test_a_decision_cannot_be_undone_after_ten_minutes(client, officer, scheme, decide, state):
    sign_up = SignUpFactory(scheme=scheme, **{state: True})
    press(client, f"admin:{decide}", sign_up, {"reason": "No", "letter": "Sorry."})
    age_events()
    page = words_of(client.get(reverse("admin:venues_signup_change", args=[sign_up.pk])))
    assert "take-back-decision" not in page
    said = words_of(press(client, "admin:take_back_decision", sign_up))
    assert "ten minutes" in said
    sign_up.refresh_from_db()
    assert sign_up.state in ("declined", "withdrawn")


def test_only_the_person_who_decided_can_undo_it(client, officer, scheme, submitted):
    press(client, "admin:decline_sign_up", submitted, {"reason": "No", "letter": "Sorry."})
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    page = words_of(client.get(reverse("admin:venues_signup_change", args=[submitted.pk])))
    assert "take-back-decision" not in page
    said = words_of(press(client, "admin:take_back_decision", submitted))
    assert "Only the person who did this can take it back" in said
    submitted.refresh_from_db()
    assert submitted.state == "declined"


def test_it_cannot_be_undone_once_the_venue_has_answered(officer, submitted):
    actions.ask_for_changes(submitted, by=officer, requests=[(None, "Hours?")], letter="Please.")
    principle = submitted.scheme.principles.get()
    actions.agree(submitted, {principle: ("we_do", None)}, by=submitted.started_by)
    with pytest.raises(Refused, match="The core principles were answered"):
        actions.take_back_decision(submitted, by=officer)
    submitted.refresh_from_db()
    assert submitted.state == "changes_asked_for"
    assert submitted.change_requests.count() == 1
    assert Email.objects.count() == 1


def test_it_cannot_be_undone_once_the_venue_has_started_again(officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    actions.withdraw_sign_up(sign_up, by=officer)
    actions.start_again(sign_up, by=officer)
    with pytest.raises(Refused, match="begun again"):
        actions.take_back_decision(sign_up, by=officer)


def test_once_its_letter_was_sent_it_cannot_be_undone_even_in_part(officer, submitted):
    actions.decline_sign_up(submitted, by=officer, reason="No", letter="Sorry.")
    Email.objects.update(status=0)  # sent
    with pytest.raises(Refused, match="gone already"):
        actions.take_back_decision(submitted, by=officer)
    submitted.refresh_from_db()
    assert submitted.state == "declined"
    assert not Event.objects.filter(kind="venues.decline_taken_back").exists()


def test_it_can_be_undone_only_once(officer, submitted):
    actions.decline_sign_up(submitted, by=officer, reason="No", letter="Sorry.")
    actions.take_back_decision(submitted, by=officer)
    with pytest.raises(Refused, match="nothing to take back"):
        actions.take_back_decision(submitted, by=officer)


def test_a_suspension_cannot_be_undone(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    press(client, "admin:suspend_sign_up", sign_up, {"reason": "A complaint"})
    assert "nothing to take back" in words_of(press(client, "admin:take_back_decision", sign_up))
    press(client, "admin:send_suspension_letter", sign_up, {"letter": "You are suspended."})
    assert Email.objects.get().scheduled_time is None  # sent immediately


def test_a_manager_can_undo_leaving_in_the_portal(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True, listed=True)
    client.force_login(manager)
    said = press(client, "withdraw_sign_up", sign_up)
    undo = reverse("take_back_leaving", args=[sign_up.pk])
    assert words_of(said).count(f'action="{undo}"') == 2
    said = press(client, "take_back_leaving", sign_up)
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"
    assert sign_up.stickers.get().ended_at is None
    assert undo not in words_of(said)


def test_a_manager_can_undo_somebodys_last_day(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    person = StaffMemberFactory(
        organisation=sign_up.venue.organisation, venue=sign_up.venue, first_name="Robin"
    )
    post = person.posts.get()
    today = timezone.localdate()
    day = {f"last_day_{part}": getattr(today, part) for part in ("day", "month", "year")}
    said = press(client, "end_post", sign_up, day, post.pk)
    undo = reverse("take_back_end_post", args=[sign_up.pk, post.pk])
    assert words_of(said).count(f'action="{undo}"') == 2
    said = press(client, "take_back_end_post", sign_up, {}, post.pk)
    post.refresh_from_db()
    assert post.until is None
    assert undo not in words_of(said)
    assert Event.objects.filter(kind="venues.post_end_taken_back", by=manager).exists()


def test_a_last_day_in_the_past_can_be_undone_too(client):
    sign_up, manager = managed_sign_up(approved=True)
    client.force_login(manager)
    person = StaffMemberFactory(
        organisation=sign_up.venue.organisation, venue=sign_up.venue, first_name="Robin"
    )
    post = person.posts.get()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    post.from_date = yesterday
    post.save()
    actions.end_post(post, last_day=yesterday, by=manager)
    undo = reverse("take_back_end_post", args=[sign_up.pk, post.pk])
    assert undo in words_of(client.get(reverse("people", args=[sign_up.pk])))
    press(client, "take_back_end_post", sign_up, {}, post.pk)
    post.refresh_from_db()
    assert post.until is None


def test_a_last_day_cannot_be_undone_once_the_person_was_added_again(client):
    sign_up, manager = managed_sign_up(approved=True)
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    post = person.posts.get()
    actions.end_post(post, last_day=timezone.localdate(), by=manager)
    person.posts.create(venue=sign_up.venue, from_date=timezone.localdate())
    with pytest.raises(Refused, match="works here again"):
        actions.take_back_end_post(post, by=manager)


def test_a_last_day_cannot_be_undone_after_ten_minutes_or_by_others(client):
    sign_up, manager = managed_sign_up(approved=True)
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    post = person.posts.get()
    actions.end_post(post, last_day=timezone.localdate(), by=manager)
    with pytest.raises(Refused, match="Only the person"):
        actions.take_back_end_post(post, by=sign_up.started_by)
    age_events()
    with pytest.raises(Refused, match="ten minutes"):
        actions.take_back_end_post(post, by=manager)
