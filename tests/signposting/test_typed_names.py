"""The finder answers what people type: names of listed places, other countries, strange text."""

import datetime
import re

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from geography.grid import to_wgs84
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


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lantern House, Castle Street, Exampleton", "1 minute’s walk"),
        ("lantern house castle street 12 exampleton", "1 minute’s walk"),
        ("opposite Lantern House, Exampleton", "1 minute’s walk"),
        ("Lantren House, Castle Street, Exampleton", "1 minute’s walk"),
        ("Lantern House, 12 Castle Street", "1 minute’s walk"),
        ("Candle House, Castle Street, Exampleton", "We found Exampleton, not the street."),
        ("Lantern House, Castle Street, Otherton", "We found Otherton, not the street."),
    ],
)
def test_an_address_with_a_listed_places_name_is_that_place_if_it_is_in_that_town(
    client, place, typed, found
):
    town("Exampleton")
    town("Otherton", east=40_000)
    place("Lantern House", town="Exampleton")
    assert found in text(search(client, location=typed))


def test_a_town_with_a_landmark_is_a_listed_place_of_that_name_before_it_is_the_town(client, place):
    town("Exampleton")
    place("Exampleton Library", town="Exampleton")
    assert "1 minute’s walk" in text(search(client, location="Exampleton library"))
    assert "We found Exampleton, not the rest" in text(search(client, location="Exampleton pier"))


@pytest.mark.parametrize(
    "typed",
    [
        "help",
        "HELP ME please",
        "I need help now",
        "I'm scared",
        "i’m being followed",
        "suicide",
        "I want to die",
        "he hit me",
        "999",
        "someone spiked my drink and I'm scared",
        "pomocy",
        "مساعدة",
        "nowhere to go tonight",
    ],
)
def test_a_cry_for_help_is_answered_with_who_to_ring_and_is_not_called_a_mistake(
    client, here, place, typed
):
    place()
    page = text(search(client, location=typed))
    assert "You can talk to somebody now" in page
    assert "The police" in page
    assert "We do not know" not in page
    assert "Error" not in page
    assert f'value="{typed}"' not in search(client, location=typed).content.decode()


def test_a_cry_for_help_with_a_place_in_it_is_answered_with_the_place(client, here, place):
    place()
    for typed in ("I'm scared, ZZ1 1AA", "help me near zz1 1aa", "suicidal. zz11aa"):
        assert "From ZZ1 1AA" in text(search(client, location=typed))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("///filled.count.soap", "We cannot read what3words"),
        ("filled.count.soap", "We cannot read what3words"),
        ("https://w3w.co/filled.count.soap", "We cannot read what3words"),
        ("https://maps.app.goo.gl/AbCd1234", "we do not open links"),
        ("https://www.google.com/maps/place/Exampleton", "we do not open links"),
        ("07700 900123", "That looks like a telephone number"),
        ("+44 20 7946 0018", "That looks like a telephone number"),
        ("my location", "Words do not tell us where you are"),
        ("current location", "Words do not tell us where you are"),
        ("near me", "Words do not tell us where you are"),
        ("safe places near me", "Words do not tell us where you are"),
        ("here", "Words do not tell us where you are"),
        ("48.8566, 2.3522", "That is outside the United Kingdom"),
    ],
)
def test_what_can_be_no_place_is_answered_with_what_to_do(client, here, place, typed, words):
    place()
    assert words in text(search(client, location=typed))


def test_coordinates_that_were_typed_are_answered_and_are_in_no_log(client, place, caplog):
    place()
    longitude, latitude = to_wgs84(HERE)
    with caplog.at_level("DEBUG"):
        response = search(client, location=f"{latitude}, {longitude}")
    assert "From the spot you typed, at" in text(response)
    assert "2 minutes’ walk" in text(response)
    assert "no-store" in response["Cache-Control"]
    logged = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
    assert not [line for line in logged if str(latitude) in line or str(longitude) in line]
    rough = text(search(client, location=f"{latitude:.2f}, {longitude:.2f}"))
    assert "From the middle of the square you typed" in rough


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


def test_towns_of_one_name_are_offered_with_their_location_and_can_be_chosen(client, place):
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


def test_a_postcode_with_invisible_characters_is_found(client, here, place):
    place()
    assert "Exampleton Library" in text(search(client, location="\0ZZ1\u200b 1AA\u202e"))


def test_a_terminated_postcode_is_answered_from_its_former_location(client, here, place):
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
        ("10 Unknown Road, Exampleton", "We found Exampleton, not the street."),
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
