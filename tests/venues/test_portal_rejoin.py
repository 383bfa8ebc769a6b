"""Somebody who already has a place is asked before a second is created; officers see duplicates."""

import html

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, OfficerFactory, OrganisationFactory
from tests.factories import SignUpFactory as sign_up_of
from tests.venues.portal import managed_sign_up
from venues import actions
from venues.links import start_token
from venues.models import Organisation, SignUp, Venue

pytestmark = pytest.mark.django_db


def press(client, user, scheme, postcode="ZZ1 1AA"):
    """Open the emailed link and press its button."""
    client.force_login(user)
    token = start_token(actions.send_start(email=user.email, postcode=postcode, scheme=scheme))
    return client.post(reverse("start_sign_up_now", args=[token]), follow=True)


@pytest.mark.parametrize("given", [{"submitted": True}, {"approved": True}, {"ended": True}])
def test_the_same_email_and_postcode_create_no_second_place(client, given):
    ended = given.pop("ended", False)
    sign_up, manager = managed_sign_up(**given)
    if ended:
        actions.withdraw_sign_up(sign_up, by=manager)
    page = html.unescape(press(client, manager, sign_up.scheme).content.decode())
    assert "Is it one of these?" in page
    assert reverse("portal_home", args=[sign_up.pk]) in page
    assert (Venue.objects.count(), Organisation.objects.count()) == (1, 1)
    client.get(reverse("which_venue"))
    assert Venue.objects.count() == 1, "looking makes nothing"


def test_a_draft_started_from_the_same_link_is_continued(client):
    sign_up, manager = managed_sign_up()
    SignUp.objects.filter(pk=sign_up.pk).update(started_by=manager, state="draft")
    answer = press(client, manager, sign_up.scheme)
    assert answer.redirect_chain[-1][0] == reverse("sign_up", args=[sign_up.pk])


def test_another_place_can_join_the_same_organisation(client):
    sign_up, manager = managed_sign_up()
    press(client, manager, sign_up.scheme)
    organisation = sign_up.venue.organisation
    client.post(reverse("start_another_venue"), {"organisation": organisation.pk})
    assert Venue.objects.filter(organisation=organisation).count() == 2
    assert Organisation.objects.count() == 1
    assert SignUp.objects.managed_by(manager).count() == 2


def test_a_place_of_another_organisation_is_created_on_request(client):
    sign_up, manager = managed_sign_up()
    press(client, manager, sign_up.scheme)
    answer = client.post(reverse("start_another_venue"), {"organisation": ""})
    new = SignUp.objects.latest("pk")
    assert answer.url == reverse("sign_up", args=[new.pk])
    assert new.venue.organisation != sign_up.venue.organisation
    assert client.post(reverse("start_another_venue")).url == reverse("portal_home"), "asked once"
    assert Venue.objects.count() == 2


def test_nobody_can_add_a_place_to_an_organisation_they_do_not_manage(client):
    sign_up, manager = managed_sign_up()
    press(client, manager, sign_up.scheme)
    other = OrganisationFactory()
    staff = MembershipFactory(user=manager, role="staff").organisation
    for organisation in (other.pk, staff.pk, "x", 10**30):
        data = {"organisation": organisation}
        assert client.post(reverse("start_another_venue"), data).status_code == 404
    assert Venue.objects.count() == 1


def test_without_a_link_there_is_nothing_to_ask(client):
    __, manager = managed_sign_up()
    client.force_login(manager)
    assert client.get(reverse("which_venue")).url == reverse("portal_home")


@pytest.mark.parametrize(
    ("changes", "is_said"),
    [
        ({}, True),
        ({"name": "the  BELL"}, True),
        ({"address_1": "1, high st."}, False),
        ({"name": "The Swan"}, False),
        ({"postcode": "ZZ1 1AB"}, False),
    ],
)
def test_an_officer_is_warned_of_the_same_name_street_and_postcode(client, changes, is_said):
    sign_up, __ = managed_sign_up()
    sign_up.venue.name = "The Bell"
    sign_up.venue.save()
    given = {f"venue__{key}": value for key, value in {"name": "The Bell", **changes}.items()}
    double = sign_up_of(scheme=sign_up.scheme, **given)
    client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
    page = client.get(reverse("admin:venues_signup_change", args=[sign_up.pk])).content.decode()
    assert ("Same name, street and postcode as" in page) is is_said
    address = reverse("admin:venues_signup_change", args=[double.pk])
    assert (f'<a href="{address}">Same name' in page) is is_said


def test_no_warning_reveals_another_schemes_sign_up(client):
    sign_up, __ = managed_sign_up()
    sign_up_of(venue__name=sign_up.venue.name)
    client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
    page = client.get(reverse("admin:venues_signup_change", args=[sign_up.pk])).content.decode()
    assert "Same name, street and postcode" not in page
