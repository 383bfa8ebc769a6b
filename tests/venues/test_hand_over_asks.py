"""A place in several schemes changes hands only once each of them has agreed."""

import pytest
from django.urls import reverse
from post_office.models import Email

from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory
from venues.models import Event, HandOver, SignUp

pytestmark = pytest.mark.django_db

NEW = {"organisation_name": "New owners", "manager_email": "new@example.org"}


@pytest.fixture
def ours():
    return SignUpFactory(scheme=SchemeFactory(name="Ours"), approved=True, listed=True)


@pytest.fixture
def theirs(ours):
    scheme = SchemeFactory(name="Theirs", contact_email="theirs@example.org")
    return SignUpFactory(scheme=scheme, venue=ours.venue, approved=True, listed=True)


def sign_in(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


def press(client, name, thing, data=None):
    answer = client.post(reverse(f"admin:{name}", args=[thing.pk]), data or {}, follow=True)
    return answer.content.decode()


def states():
    return set(SignUp.objects.exclude(state="draft").values_list("state", flat=True))


def test_the_other_schemes_are_asked_and_nothing_happens_until_they_agree(client, ours, theirs):
    sign_in(client, ours.scheme)
    said = press(client, "hand_over_venue", ours.venue, NEW)
    assert "Theirs" in said
    ours.venue.refresh_from_db()
    assert ours.venue.organisation.name != "New owners"
    assert states() == {"approved"}
    assert "theirs@example.org" in Email.objects.get().to
    sign_in(client, theirs.scheme)
    assert "What needs a decision" in client.get(reverse("admin:index")).content.decode()
    assert "hands" in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:venues_signup_change", args=[theirs.pk])).content.decode()
    assert "New owners" in page
    press(client, "agree_to_hand_over", theirs)
    ours.venue.refresh_from_db()
    assert ours.venue.organisation.name == "New owners"
    assert states() == {"withdrawn"}
    assert HandOver.objects.get().manager_email == ""  # personal data, deleted once used
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"venues.hand_over_asked", "venues.hand_over_agreed"} <= kinds


def test_one_refusal_cancels_the_hand_over(client, ours, theirs):
    sign_in(client, ours.scheme)
    press(client, "hand_over_venue", ours.venue, NEW)
    sign_in(client, theirs.scheme)
    press(client, "refuse_hand_over", theirs, {"reason": "They are still there."})
    assert states() == {"approved"}
    assert not HandOver.objects.open().exists()
    assert "No hand-over of this place waits" in press(client, "agree_to_hand_over", theirs)
    assert states() == {"approved"}
    sign_in(client, ours.scheme)
    page = client.get(reverse("admin:venues_venue_change", args=[ours.venue_id])).content.decode()
    assert "Another scheme did not agree" in page


def test_a_hand_over_cannot_be_requested_twice(client, ours, theirs):
    sign_in(client, ours.scheme)
    press(client, "hand_over_venue", ours.venue, NEW)
    assert "waits for an answer already" in press(client, "hand_over_venue", ours.venue, NEW)
    assert HandOver.objects.count() == 1


def test_a_place_in_one_scheme_is_handed_over_at_once(client, ours):
    sign_in(client, ours.scheme)
    press(client, "hand_over_venue", ours.venue, NEW)
    ours.venue.refresh_from_db()
    assert ours.venue.organisation.name == "New owners"
    assert not HandOver.objects.exists()


def test_an_officer_of_every_scheme_is_not_asked_to_agree(client, ours, theirs):
    user = sign_in(client, ours.scheme)
    OfficerFactory(scheme=theirs.scheme, role="officer", user=user)
    press(client, "hand_over_venue", ours.venue, NEW)
    assert states() == {"withdrawn"}


def test_a_scheme_the_place_has_left_is_not_asked(client, ours, theirs):
    SignUp.objects.filter(pk=theirs.pk).update(state="withdrawn")
    sign_in(client, ours.scheme)
    press(client, "hand_over_venue", ours.venue, NEW)
    ours.venue.refresh_from_db()
    assert ours.venue.organisation.name == "New owners"
