"""Personal details are deleted when the forms say they will be, and not before."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from common.refusals import Refused
from tests.factories import PrincipleFactory, SignUpFactory, StaffMemberFactory, VenueFactory
from venues import actions
from venues.duties import delete_photos_of_leavers
from venues.models import Agreement, Event, Post, SignUp, Venue
from venues.retention import (
    anonymise_leavers,
    forget_venues_that_left,
    forget_venues_that_never_joined,
)

pytestmark = pytest.mark.django_db


def days(number):
    return datetime.timedelta(days=number)


def person_who_left(days_ago, **kwargs):
    venue = VenueFactory()
    person = StaffMemberFactory(
        organisation=venue.organisation, venue=venue, email="alex@example.org", **kwargs
    )
    today = timezone.localdate()
    until = None if days_ago is None else today - days(days_ago)
    Post.objects.filter(staff_member=person).update(from_date=today - days(2000), until=until)
    return person


def test_a_leavers_name_is_removed_after_two_years_and_the_training_record_stays():
    person = person_who_left(732)
    assert anonymise_leavers() == 1
    assert anonymise_leavers() == 0
    person.refresh_from_db()
    assert (person.first_name, person.email) == ("", "")
    assert person.anonymised_at
    assert str(person) == "Somebody who left"
    assert person.posts.exists()
    assert Event.objects.filter(kind="venues.staff_member_anonymised").count() == 1
    with pytest.raises(Refused):
        actions.anonymise_staff_member(person)


@pytest.mark.parametrize("days_ago", [None, 0, 730])
def test_current_staff_and_recent_leavers_keep_their_names(days_ago):
    person_who_left(days_ago)
    assert anonymise_leavers() == 0


def test_somebody_who_still_works_at_another_place_keeps_their_name():
    person = person_who_left(900)
    other = VenueFactory(organisation=person.organisation)
    Post.objects.create(
        staff_member=person, venue=other, from_date=timezone.localdate() - days(900)
    )
    assert anonymise_leavers() == 0


def ended(state, days_ago, **kwargs):
    scheme = PrincipleFactory().scheme
    sign_up = SignUpFactory(scheme=scheme, agreed=True, venue__contact_name="Kim", **kwargs)
    SignUp.objects.filter(pk=sign_up.pk).update(state=state)
    Event.objects.record("venues.sign_up_withdrawn", sign_up=sign_up)
    Event.objects.filter(venue=sign_up.venue).update(at=timezone.now() - days(days_ago))
    return sign_up


@pytest.mark.parametrize(
    ("state", "was_approved", "days_ago", "forgotten"),
    [
        ("withdrawn", True, 732, 1),
        ("withdrawn", True, 700, 0),
        ("withdrawn", False, 367, 1),
        ("declined", False, 367, 1),
        ("declined", False, 300, 0),
        ("draft", False, 367, 1),
        ("submitted", False, 900, 0),
        ("approved", True, 900, 0),
        ("suspended", True, 900, 0),
    ],
)
def test_contacts_and_agreements_are_deleted_long_after_a_place_has_left(
    state, was_approved, days_ago, forgotten
):
    sign_up = ended(state, days_ago, **({"approved": True} if was_approved else {}))
    assert forget_venues_that_left() + forget_venues_that_never_joined() == forgotten
    assert forget_venues_that_left() + forget_venues_that_never_joined() == 0
    venue = Venue.objects.get(pk=sign_up.venue_id)
    assert bool(venue.contact_name) is not bool(forgotten)
    assert Agreement.objects.exists() is not bool(forgotten)
    assert venue.name


def test_the_photo_is_deleted_when_the_place_leaves(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    left, stays = ended("withdrawn", 1, approved=True), ended("suspended", 1, approved=True)
    for sign_up in (left, stays):
        sign_up.venue.photo_alt = "A door"
        sign_up.venue.photo.save("door.jpg", ContentFile(b"picture"))
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_photos_of_leavers() == 1
    assert delete_photos_of_leavers() == 0
    assert not Venue.objects.get(pk=left.venue_id).photo
    assert Venue.objects.get(pk=stays.venue_id).photo
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
