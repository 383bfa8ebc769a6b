"""A new version of a material: counted, told, and taken back for ten minutes."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
)
from venues import actions
from venues.models import Letter, Material, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme, role=Officer.Role.ADMINISTRATOR).user


@pytest.fixture
def poster(scheme):
    return Material.objects.create(scheme=scheme, title="Poster, A4", made="poster_a4")


def member(scheme, email, organisation=None, **more):
    """An approved place and somebody who looks after it."""
    more = {"approved": True, "venue__contact_email": email} | more
    if organisation:
        more["venue__organisation"] = organisation
    return SignUpFactory(scheme=scheme, **more)


def letters():
    return Letter.objects.filter(kind="venues.new_version", withdrawn_at=None)


def told():
    return sorted(address for each in Email.objects.all() for address in each.to)


def test_each_person_gets_one_letter_for_all_their_places(scheme, poster, officer):
    first = member(scheme, "sam@example.org")
    second = member(scheme, "sam@example.org", first.venue.organisation)
    member(scheme, "kim@example.org")
    member(scheme, "draft@example.org", approved=False, submitted=True)
    member(SchemeFactory(), "else@example.org")
    assert len(actions.raise_version(poster, by=officer)) == 2
    assert told() == ["kim@example.org", "sam@example.org"]
    letter = Email.objects.get(to="sam@example.org")
    assert "version 2" in letter.message
    assert str(first.venue) in letter.message
    assert str(second.venue) in letter.message
    poster.refresh_from_db()
    assert (poster.version, poster.version_on) == (2, timezone.localdate())


def test_what_comes_with_the_sticker_is_told_to_those_with_a_sticker(scheme, poster, officer):
    Material.objects.update(unlocked_from="sticker")
    poster.refresh_from_db()
    member(scheme, "without@example.org")
    StickerFactory(sign_up=member(scheme, "with@example.org"))
    actions.raise_version(poster, by=officer)
    assert told() == ["with@example.org"]


def test_it_is_taken_back_with_its_letters_for_ten_minutes(scheme, poster, officer):
    member(scheme, "sam@example.org")
    actions.raise_version(poster, by=officer)
    actions.take_back_version(poster, by=officer)
    poster.refresh_from_db()
    assert (poster.version, poster.version_on) == (1, None)
    assert not letters().exists()
    actions.raise_version(poster, by=officer)
    with pytest.raises(Refused, match="within the last ten minutes"):
        actions.raise_version(poster, by=officer)
    late = timezone.now() + datetime.timedelta(minutes=11)
    with pytest.raises(Refused, match="ten minutes"):
        actions.take_back_version(poster, by=officer, at=late)
    with pytest.raises(Refused, match="ten minutes"):
        actions.take_back_version(poster, by=OfficerFactory(scheme=scheme).user)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"for_whom": "officers", "made": "", "address": "https://example.org/"}, "Only the team"),
        ({}, "Nobody has this yet"),
    ],
)
def test_a_version_that_nobody_would_hear_of_is_refused(poster, officer, change, words):
    Material.objects.filter(pk=poster.pk).update(**change)
    with pytest.raises(Refused, match=words):
        actions.raise_version(Material.objects.get(pk=poster.pk), by=officer)
    poster.refresh_from_db()
    assert poster.version == 1


def test_the_officer_sees_how_many_before_the_press(scheme, poster, officer):
    member(scheme, "sam@example.org")
    browser = Client()
    browser.force_login(officer)
    change = reverse("admin:venues_material_change", args=[poster.pk])
    page = browser.get(change)
    assert "1 place or organisation has this now." in page.content.decode()
    offer = page.context["offers"]["raise_version"]
    after = browser.post(offer.url, {"version": offer.version}, follow=True).content.decode()
    assert letters().count() == 1
    assert "1 letter is written." in after
    assert "Version 2 of “Poster, A4” was told" in after
    assert "Take the new version back" in after
    browser.post(reverse("admin:take_back_version", args=[poster.pk]))
    assert not letters().exists()


def test_another_councils_officer_tells_nobody(scheme, poster):
    member(scheme, "sam@example.org")
    browser = Client()
    browser.force_login(OfficerFactory(role=Officer.Role.ADMINISTRATOR).user)
    assert browser.post(reverse("admin:raise_version", args=[poster.pk])).status_code == 404
    assert not letters().exists()


def test_the_letters_take_a_constant_number_of_queries(
    scheme, poster, officer, django_assert_max_num_queries
):
    for number in range(12):
        member(scheme, f"sam{number}@example.org")
    with django_assert_max_num_queries(20):
        actions.raise_version(poster, by=officer)
    assert letters().count() == 12
