"""Officers find duplicate entries of a place, read what merging would do, and decide."""

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory
from venues.models import Merge, NotTheSameVenue, Venue
from venues.same_place import perhaps_the_same
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme).user
    client.force_login(user)
    return user


def place(scheme, name, **more):
    more = {f"venue__{key}": value for key, value in more.items()}
    return SignUpFactory(scheme=scheme, approved=True, venue__name=name, **more).venue


def far(metres):
    return Point(450000 + metres, 115000, srid=27700)


def names(pairs):
    return [{pair.keep.name, pair.other.name} for pair in pairs]


def test_a_similar_name_at_one_postcode_or_within_30_metres_is_proposed(scheme, officer):
    place(scheme, "Copper Kettle", point=far(0), postcode="ZZ1 1AA")
    place(scheme, "The Copper Kettle Ltd", point=far(900), postcode="ZZ1 1AA")
    place(scheme, "Boots", point=far(500), postcode="ZZ2 2BB")
    place(scheme, "Chapel", point=far(525), postcode="ZZ2 2BB")
    place(scheme, "Library", point=far(5000), postcode="ZZ3 3CC")
    place(scheme, "Town Hall", point=far(5031), postcode="ZZ3 3CC")
    found = names(perhaps_the_same(officer))
    assert found == [{"Copper Kettle", "The Copper Kettle Ltd"}, {"Boots", "Chapel"}]


def test_an_unconfirmed_pin_at_the_postcode_centre_proposes_no_neighbours(scheme, officer):
    place(scheme, "Boots", point_confirmed_at=None)
    place(scheme, "Chapel", point_confirmed_at=None)
    assert perhaps_the_same(officer) == []


def test_another_schemes_place_is_proposed_only_once_it_is_public(scheme, officer):
    place(scheme, "Copper Kettle")
    hidden = place(SchemeFactory(), "Copper Kettle", listing=Venue.Listing.INTERNAL)
    assert perhaps_the_same(officer) == []
    Venue.objects.filter(pk=hidden.pk).update(listing=Venue.Listing.PUBLIC)
    assert len(perhaps_the_same(officer)) == 1


def test_a_pair_goes_from_the_queue_to_the_preview_to_merge_and_undo(client, scheme, officer):
    keep, other = place(scheme, "Copper Kettle"), None
    other = place(SchemeFactory(), "The Copper Kettle")
    OfficerFactory(scheme=other.lead_scheme, user=officer)
    queue = {each.key: each for each in work_queue(type(officer).objects.get(pk=officer.pk))}
    (row,) = queue["same_places"].rows
    page = client.get(row.url).content.decode()
    assert "1 sign-up comes over" in page
    assert row.url in client.get(reverse("admin:same_places")).content.decode()
    page = client.get(reverse("admin:venues_venue_change", args=[keep.pk])).content.decode()
    assert row.url in page
    said = client.post(row.url, follow=True).content.decode()
    assert "The two are merged" in said
    assert keep.sign_ups.count() == 2
    answer = client.get(reverse("venue_page", args=[other.slug]))
    assert answer.url == reverse("venue_page", args=[keep.slug])
    merge = Merge.objects.get()
    said = client.post(reverse("admin:undo_merge", args=[merge.pk]), follow=True)
    assert "Both are as they were before" in said.content.decode()
    assert other.sign_ups.count() == 1


def test_a_pair_marked_as_different_is_never_proposed_again(client, scheme, officer):
    keep, other = place(scheme, "Copper Kettle"), place(scheme, "Copper Kettle")
    client.post(reverse("admin:say_not_the_same_venue", args=[keep.pk, other.pk]))
    said = NotTheSameVenue.objects.get()
    assert said.said_by == officer
    assert said.said_at <= timezone.now()
    assert perhaps_the_same(officer) == []


def test_the_other_schemes_officer_is_asked_in_the_queue_and_agrees(client, scheme, officer):
    keep, other = place(scheme, "Copper Kettle"), place(SchemeFactory(), "Copper Kettle")
    url = reverse("admin:merge_venues", args=[keep.pk, other.pk])
    assert f"{other.lead_scheme} is asked first" in client.get(url).content.decode()
    client.post(url)
    answering = OfficerFactory(scheme=other.lead_scheme).user
    (row,) = next(each for each in work_queue(answering) if each.key == "merges").rows
    client.force_login(answering)
    agree = reverse("admin:agree_to_merge", args=[Merge.objects.get().pk])
    assert agree in client.get(row.url).content.decode()
    assert "1 sign-up comes over" in client.post(agree).content.decode()
    assert Venue.objects.filter(pk=other.pk).exists()
    client.post(agree, {"confirmed": "yes"})
    assert not Venue.objects.filter(pk=other.pk).exists()


def test_two_live_sign_ups_to_one_scheme_are_reported_up_front(client, scheme, officer):
    keep, other = place(scheme, "Copper Kettle"), place(scheme, "Copper Kettle")
    url = reverse("admin:merge_venues", args=[keep.pk, other.pk])
    assert "Let one of the two leave the" in client.get(url).content.decode()
    client.post(url)
    assert not Merge.objects.exists()


def test_the_organisation_page_links_to_the_preview(client, scheme, officer):
    one = place(scheme, "A", organisation__name="Copper Kettle Ltd").organisation
    two = place(scheme, "B", organisation__name="Copper Kettle").organisation
    url = reverse("admin:merge_organisations", args=[one.pk, two.pk])
    page = client.get(reverse("admin:venues_organisation_change", args=[one.pk]))
    assert url in page.content.decode()
    assert "1 place comes over" in client.get(url).content.decode()
    client.post(url)
    assert one.venues.count() == 2
