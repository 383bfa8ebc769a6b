"""The portal's pages about people, the sticker and the history."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from tests.factories import StaffMemberFactory, StickerFactory, UserFactory
from tests.venues.portal import managed_sign_up
from venues import actions
from venues.models import Event, Membership, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    return sign_up


def at(name, sign_up, *args):
    return reverse(name, args=[sign_up.pk, *args])


def test_somebody_can_be_added_by_first_name_alone(client, member):
    client.post(at("add_staff_member", member), {"first_name": "Jo"})
    assert Post.objects.get().staff_member.first_name == "Jo"
    assert "Jo" in client.get(at("people", member)).content.decode()


def test_the_kind_of_post_is_asked_and_shown(client, member):
    client.post(at("add_staff_member", member), {"first_name": "Jo", "kind": "agency"})
    assert Post.objects.get().kind == Post.Kind.AGENCY
    assert client.get(at("people", member)).content.decode().count("Agency staff") == 2
    client.post(at("add_staff_member", member), {"first_name": "Li", "kind": "robot"})
    assert not Post.objects.filter(staff_member__first_name="Li").exists()


def test_the_effect_of_somebody_leaving_is_shown_before_their_post_ends(client, member):
    StaffMemberFactory(organisation=member.venue.organisation, venue=member.venue)
    post = Post.objects.get()
    page = client.get(at("leaver", member, post.pk))
    assert "Nothing changes for your place." in page.content.decode()
    today = timezone.localdate()
    day = {f"last_day_{part}": getattr(today, part) for part in ("day", "month", "year")}
    assert client.post(at("end_post", member, post.pk), {**day, "look": "1"}).status_code == 200
    post.refresh_from_db()
    assert post.until is None, "looking changes nothing"
    client.post(at("end_post", member, post.pk), day)
    post.refresh_from_db()
    assert post.until == today


def test_a_last_day_before_the_first_is_refused(client, member):
    StaffMemberFactory(organisation=member.venue.organisation, venue=member.venue)
    post = Post.objects.get()
    day = {"last_day_day": "1", "last_day_month": "1", "last_day_year": "2001"}
    page = client.post(at("end_post", member, post.pk), day)
    assert "The last day is before the first." in page.content.decode()


def test_an_invited_person_joins_by_the_emailed_link(client, member):
    client.post(at("invite_member", member), {"email": "lee@example.org", "role": "staff"})
    link = re.search(r"https?://[^/\s]+(/invitation/\S+)", Email.objects.get().message)[1]
    client.logout()
    assert client.get(link).status_code == 200
    assert not Membership.objects.filter(role="staff").exists()
    assert client.post(link + "join/").url == reverse("portal_home")
    joined = Membership.objects.get(role="staff")
    assert joined.user.email == "lee@example.org"
    assert client.get(at("portal_home", member)).status_code == 200
    client.logout()
    assert client.get(link).status_code == 410, "an invitation is used once"


def test_the_sticker_is_confirmed_as_displayed_with_one_press(client, member):
    sticker = StickerFactory(sign_up=member, sent=True)
    assert "The sticker is up" in client.get(at("portal_home", member)).content.decode()
    client.post(at("mark_sticker_displayed", member))
    sticker.refresh_from_db()
    assert sticker.displayed_at
    assert sticker.code in client.get(at("portal_sticker", member)).content.decode()


def test_leaving_the_scheme_ends_the_sticker(client, member):
    sticker = StickerFactory(sign_up=member)
    client.post(at("withdraw_sign_up", member), {"reason": "We are closing."})
    member.refresh_from_db()
    sticker.refresh_from_db()
    assert member.state == "withdrawn"
    assert sticker.ended_at
    assert "has left the scheme" in client.get(at("portal_home", member)).content.decode()


def test_history_is_in_plain_words_and_omits_what_is_for_officers_only(client, member):
    client.post(at("add_staff_member", member), {"first_name": "Jo"})
    Event.objects.record("venues.check_recorded", sign_up=member, by=UserFactory())
    page = client.get(at("portal_history", member)).content.decode()
    assert "Somebody was added" in page
    assert "check" not in page.lower().split("<main")[1]


def test_a_new_owner_cannot_read_the_history_before_its_time(member):
    venue, officer = member.venue, UserFactory()
    Event.objects.record("venues.sticker_issued", sign_up=member, by=officer, number=7)
    venue = actions.hand_over_venue(
        venue, by=officer, organisation_name="New Owners", manager_email="new@example.org"
    )
    told = [event.kind for event in Event.objects.for_venue(venue)]
    assert "venues.venue_handed_over" in told
    assert "venues.sticker_issued" not in told


def test_a_changed_principle_becomes_the_next_step(client, member):
    principle = member.scheme.principles.first()
    principle.version = 2
    principle.save()
    assert "has changed" in client.get(at("portal_home", member)).content.decode()
    assert "Has changed" in client.get(at("edit_principles", member)).text
    page = client.get(at("edit_principle", member, principle.pk)).content.decode()
    assert "What you agreed to before" in page


def test_a_person_with_two_places_chooses_one(client, member):
    user = Membership.objects.get(organisation=member.venue.organisation).user
    assert client.get(reverse("portal_home")).status_code == 302
    other, __ = managed_sign_up()
    Membership.objects.create(organisation=other.venue.organisation, user=user)
    page = client.get(reverse("portal_home")).content.decode()
    assert str(member.venue) in page
    assert str(other.venue) in page


def test_hours_unconfirmed_for_ninety_days_are_asked_about(client, member):
    member.venue.hours_confirmed_at = timezone.now() - datetime.timedelta(days=91)
    member.venue.save()
    page = client.get(at("portal_home", member)).content.decode()
    assert "Yes, the hours are right" in page


def test_nobody_is_asked_to_display_a_sticker_not_sent_yet(client, member):
    StickerFactory(sign_up=member)
    for page in ("portal_home", "portal_sticker"):
        assert "The sticker is up" not in client.get(at(page, member)).content.decode()
