"""An officer invites venues to training: one at once, several after a confirmation page."""

import pytest
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import MembershipFactory, OfficerFactory, SchemeFactory, SignUpFactory
from tests.training.conftest import days
from training.actions import invite_to_training
from venues.models import Event, Letter

pytestmark = pytest.mark.django_db
COVER = "/admin/training/cover/"


@pytest.fixture
def scheme(db):
    return SchemeFactory()


@pytest.fixture
def sign_up(scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__name="Cafe")
    MembershipFactory(organisation=sign_up.venue.organisation, user__email="boss@example.org")
    return sign_up


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


def test_contact_and_managers_share_one_letter_with_the_link(sign_up, officer):
    invite_to_training(sign_up, by=officer)
    email = Email.objects.get()
    assert email.to == ["boss@example.org", "sam@example.org"]
    assert f"/portal/training/{sign_up.pk}/" in email.message
    assert Letter.objects.get().sign_up == sign_up
    event = Event.objects.get(kind="training.invited_to_training")
    assert (event.sign_up, event.by) == (sign_up, officer)


def test_a_venue_is_invited_at_most_once_a_week(sign_up, officer):
    invite_to_training(sign_up, by=officer)
    with pytest.raises(Refused, match="already"):
        invite_to_training(sign_up, by=officer)
    assert Email.objects.count() == 1
    Event.objects.update(at=timezone.now() - days(8))
    invite_to_training(sign_up, by=officer)
    assert Email.objects.count() == 2


def test_a_venue_that_is_not_a_member_or_has_no_address_is_refused(sign_up, officer):
    sign_up.state = "suspended"
    sign_up.save()
    with pytest.raises(Refused, match="not a member"):
        invite_to_training(sign_up, by=officer)
    sign_up.state = "approved"
    sign_up.save()
    sign_up.venue.organisation.memberships.all().delete()
    type(sign_up.venue).objects.update(contact_email="")
    with pytest.raises(Refused, match="ring instead"):
        invite_to_training(sign_up, by=officer)
    assert not Email.objects.exists()


def test_several_venues_are_confirmed_first_and_one_without_an_address_does_not_stop_the_others(
    client, scheme, sign_up, officer
):
    silent = SignUpFactory(scheme=scheme, approved=True, venue__name="Quiet")
    type(silent.venue).objects.filter(pk=silent.venue.pk).update(contact_email="")
    both = {"id": [sign_up.pk, silent.pk]}
    client.force_login(officer)
    page = client.get(f"{COVER}look/", both).content.decode()
    assert "A letter to 2 addresses" in page
    assert "ring instead" in page
    assert "Invite 1 venue" in page
    assert not Email.objects.exists()
    page = client.post(f"{COVER}invite/", both, follow=True).content.decode()
    assert "1 venue is invited." in page
    assert "ring instead" in page
    assert Email.objects.count() == 1


def test_choosing_no_venue_gets_a_clear_error(client, officer):
    client.force_login(officer)
    assert "No venue was chosen." in client.get(f"{COVER}look/").content.decode()
    assert client.post(f"{COVER}invite/").status_code == 302


@pytest.mark.parametrize("ids", [["x"], ["999999"]])
def test_officers_cannot_invite_venues_that_are_not_theirs(client, sign_up, officer, ids):
    client.force_login(officer)
    assert client.post(f"{COVER}invite/", {"id": ids}).status_code in (302, 404)
    client.force_login(OfficerFactory().user)
    assert client.post(f"{COVER}invite/", {"id": [sign_up.pk]}).status_code == 404
    client.force_login(OfficerFactory(scheme=sign_up.scheme, role="viewer").user)
    assert client.post(f"{COVER}invite/", {"id": [sign_up.pk]}).status_code == 403
    assert not Email.objects.exists()
