"""The finder answers what people type: names of listed places, other countries, strange text."""

import datetime
import re

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from geography.models import PlaceName, Postcode
from signposting.models import Service
from tests.signposting.conftest import HERE
from venues.models import Venue

pytestmark = pytest.mark.django_db


def search(client, **given):
    return client.post(reverse("finder"), given)


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def town(name, kind="town", east=0, **more):
    return PlaceName.objects.create(
        reference=f"{name} {east}",
        name=name,
        kind=kind,
        point=Point(HERE.x + east, HERE.y, srid=27700),
        **more,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Exampleton Central Library",
        "exampleton central library",
        "the Exampleton Central Library",
        "Exampleton Centrall Library",
        "Exampleton Central Library, Exampleton",
    ],
)
def test_a_listed_place_is_found_by_its_name(client, place, typed):
    place("Exampleton Central Library", town="Exampleton")
    assert "1 minute’s walk" in text(search(client, location=typed))


def test_a_part_of_a_places_name_is_offered_as_a_choice(client, place):
    library = place("Exampleton Central Library", town="Exampleton")
    place("Lantern House")
    page = search(client, location="central library").content.decode()
    assert "Exampleton Central Library, Exampleton" in page
    assert "Lantern House" not in page
    assert re.findall(r'name="venue"\s+value="([^"]+)"', page) == [library.slug]
    assert "1 minute’s walk" in text(search(client, venue=library.slug))


@pytest.mark.parametrize("listing", [Venue.Listing.AREA_ONLY, Venue.Listing.INTERNAL])
@pytest.mark.parametrize("typed", ["Hidden Garden", "hiden garden", "garden"])
def test_a_place_without_a_public_address_is_not_found_by_its_name(client, place, listing, typed):
    place("Hidden Garden", listing=listing)
    page = text(search(client, location=typed))
    assert "We do not know this location" in page
    assert "Hidden Garden" not in page


def test_a_place_that_cannot_be_found_on_the_map_cannot_be_found_by_name(client, place):
    hidden = place("Lantern House")
    hidden.sign_ups.update(state="suspended")
    assert "We do not know this location" in text(search(client, location="Lantern House"))


def test_towns_of_one_name_are_offered_with_where_they_are_and_can_be_chosen(client, place):
    place()
    near = town("Newton", "village", county="Northshire")
    town("Newton", "village", 90_000, county="Southshire")
    page = search(client, location="newton").content.decode()
    assert "Newton, Northshire" in page
    assert "Newton, Southshire" in page
    assert f'name="place" value="{near.pk}"' in re.sub(r"\s+", " ", page)
    assert "Exampleton Library" in text(search(client, place=near.pk))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("EH1 1AA", "EH1 1AA is in Scotland"),
        ("Belfast", "Belfast is in Northern Ireland"),
        ("IM1 1AA", "IM1 1AA is in the Isle of Man"),
        ("CH1 1AA", "CH1 1AA is outside the area that we know"),
        ("QQ1 1AA", "We do not know the postcode QQ1 1AA"),
        ("Nowhereton", "We do not know this location"),
        ("🙏" * 900, "We do not know this location"),
        ("\0\u202e\u200b", "Type a town or postcode"),
        ("Z" * 5000, "We do not know this location"),
    ],
)
def test_what_is_not_found_is_answered_with_what_to_do_and_whom_to_ring(client, here, typed, words):
    page = text(search(client, location=typed))
    assert words in page
    assert "101" in page
    assert len(page) < 5000, "what was typed is not repeated at length"


def test_a_postcode_with_characters_that_cannot_be_seen_is_found(client, here, place):
    place()
    assert "Exampleton Library" in text(search(client, location="\0ZZ1\u200b 1AA\u202e"))


def test_a_postcode_that_has_ended_is_answered_from_where_it_was(client, here, place):
    place()
    Postcode.objects.create(
        postcode="ZZ1 9ZY",
        outward="ZZ1",
        quality=10,
        point=HERE,
        in_use=False,
        ended_on=datetime.date(2019, 3, 1),
    )
    page = text(search(client, location="ZZ1 9ZY"))
    assert "ZZ1 9ZY is no longer in use: it ended in March 2019." in page
    assert "From ZZ1 9ZY" in page
    Postcode.objects.update(in_use=False, point=None)
    page = text(search(client, location="ZZ1 9ZY"))
    assert "ended in March 2019. Type another postcode, or the name of the town." in page
    assert "101" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ZZ1 9ZZ", "We do not have ZZ1 9ZZ: it may be new, or no longer used."),
        ("10 Unknown Road, Exampleton", "We do not know that street."),
        ("Examplton", "We took this to be Exampleton."),
    ],
)
def test_a_location_that_is_not_quite_what_was_typed_says_so(client, here, place, typed, words):
    place()
    town("Exampleton")
    assert words in text(search(client, location=typed))
    assert words not in text(search(client, location="ZZ1 1AA"))


def test_a_name_is_searched_with_one_more_query_than_a_position(
    client, here, place, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    place()
    town("Exampleton")
    counts = []
    for given in (
        {"latitude": "50.93", "longitude": "-1.29"},
        {"location": "ZZ1 1AA"},
        {"location": "Exampleton"},
    ):
        search(client, **given)
        with CaptureQueriesContext(connection) as caught:
            search(client, **given)
        counts.append(len(caught))
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


def test_somebody_in_scotland_is_given_the_numbers_that_answer_there(client, here):
    for name, nations in (("Scotline", ["scotland"]), ("Engline", ["england"]), ("Ukline", [])):
        Service.objects.create(
            name=name,
            nations=nations,
            what_for="Anything.",
            number="0300 000 000",
            answers="always",
            confirmed_by_name="Pat Example",
            confirmed_on=datetime.date(2026, 1, 1),
        )
    elsewhere = text(search(client, location="EH1 1AA"))
    assert "Scotline" in elsewhere
    assert "Ukline" in elsewhere
    assert "Engline" not in elsewhere
    assert "Engline" in text(search(client, location="Nowhereton"))
