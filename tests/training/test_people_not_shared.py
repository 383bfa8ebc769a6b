"""Trainers see only the staff a venue shares with their scheme, and no error reveals others."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import OfficerFactory, SignUpFactory, StaffMemberFactory
from tests.training.factories import CompletionFactory, ModuleFactory
from tests.training.session_factories import SessionFactory
from training.actions import add_walk_in
from training.rules import people_shown, why_not_new
from venues.models import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def not_sharing():
    """A sign-up of Jocasta's venue to a scheme it does not share its staff with."""
    first = SignUpFactory(approved=True)
    StaffMemberFactory(
        organisation=first.venue.organisation, venue=first.venue, first_name="Jocasta"
    )
    return SignUpFactory(venue=first.venue, approved=True, shares_people=False)


def names(sign_up):
    return [each.first_name for each in people_shown(sign_up, timezone.localdate())]


def test_staff_are_shown_only_where_the_venue_shares_them(not_sharing):
    assert names(not_sharing) == []
    assert names(not_sharing.venue.sign_ups.get(shares_people=True)) == ["Jocasta"]
    SignUp.objects.filter(pk=not_sharing.pk).update(shares_people=True)
    not_sharing.refresh_from_db()
    assert names(not_sharing) == ["Jocasta"]


def test_somebody_trained_for_the_scheme_is_visible_to_it(not_sharing):
    person = not_sharing.venue.posts.get().staff_member
    CompletionFactory(staff_member=person, module=ModuleFactory(), scheme=not_sharing.scheme)
    assert names(not_sharing) == ["Jocasta"]


def test_a_namesake_error_does_not_reveal_unshared_staff(not_sharing):
    today = timezone.localdate()
    assert why_not_new(not_sharing, ["Jocasta"], today) == []
    sharing = not_sharing.venue.sign_ups.get(shares_people=True)
    assert "somebody called Jocasta already" in why_not_new(sharing, ["Jocasta"], today)[0]


@pytest.mark.parametrize("shares", [True, False])
def test_door_telephone_and_room_pages_offer_only_shared_staff(client, not_sharing, shares):
    SignUp.objects.filter(pk=not_sharing.pk).update(shares_people=shares)
    trainer = OfficerFactory(scheme=not_sharing.scheme, role="trainer").user
    session = SessionFactory(scheme=not_sharing.scheme, starts_at=timezone.now())
    later = SessionFactory(scheme=not_sharing.scheme)
    client.force_login(trainer)
    door = client.get(reverse("walk_in", args=[session.pk]), {"sign_up": not_sharing.pk})
    ringing = client.get(reverse("book_by_telephone", args=[later.pk]), {"sign_up": not_sharing.pk})
    room = client.get(reverse("training_in_room", args=[not_sharing.pk]))
    for page in (door, ringing, room):
        assert page.status_code == 200
        assert ("Jocasta" in html.unescape(page.content.decode())) is shares


def test_somebody_added_at_the_door_is_visible_from_then_on(not_sharing):
    trainer = OfficerFactory(scheme=not_sharing.scheme, role="trainer").user
    session = SessionFactory(scheme=not_sharing.scheme, starts_at=timezone.now())
    add_walk_in(session, not_sharing, by=trainer, first_name="Pat")
    assert names(not_sharing) == ["Pat"]
