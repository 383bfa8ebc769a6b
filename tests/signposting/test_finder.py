"""The finder: queried by POST, answered on the same page, self-contained."""

import datetime
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse
from django.utils import timezone

from geography.models import Area
from signposting.models import Service
from signposting.nearest import nearest
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory
from tests.signposting.conftest import HERE
from venues.hours.model import LONDON
from venues.models import Closure, SchemeContact, Venue

pytestmark = pytest.mark.django_db
WEDNESDAY_NOON = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=LONDON)


def search(client, **given):
    return client.post(reverse("finder"), given or {"location": "zz11aa"})


def text(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(words.split())


def hours(opens, closes):
    return [(day, datetime.time(*opens), datetime.time(*closes)) for day in range(7)]


def confirmed_at(when, place):
    Venue.objects.filter(pk=place.pk).update(hours_confirmed_at=when)


def test_the_first_page_asks_for_a_location_and_starts_with_999(client):
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index("tel:999") < page.index("Street, town or postcode")
    assert "press 55" in page
    assert "Use my location" in page
    assert "<title>Places near you</title>" in page
    assert "Find a place near you" in page
    assert "og:" not in page


def test_the_first_page_needs_no_database_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/")


def test_a_postcode_returns_the_open_places_on_the_same_page(client, here, place):
    place(step_free=True, toilet=False, phone="01632 960001")
    response = search(client)
    words = text(response)
    assert response.status_code == 200
    assert "Exampleton Library" in words
    assert "1 place open near you" in words
    assert "From ZZ1 1AA, at " in words
    assert "Open day and night" in words
    assert "1 High Street. Café or restaurant. 100 metres" in words
    assert "2 minutes’ walk" in words
    assert "You do not need to explain. Say you need a safe space." in words
    assert "I need a safe space." in words
    assert "Please do not draw attention." in words


def test_the_answer_is_not_cached_and_the_url_reveals_nothing(client, here, place):
    place()
    response = search(client)
    assert "no-store" in response["Cache-Control"]
    assert response.request["QUERY_STRING"] == ""
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize("given", ["ZZ1 1AA", "Nowhereton"])
def test_no_link_of_an_answer_opens_a_tab_or_contains_a_name_or_location(
    client, here, place, given
):
    place(phone="01632 960001", website="https://example.org/")
    page = search(client, location=given).content.decode()
    assert "target=" not in page
    for address in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert "ZZ1" not in address
        assert "Exampleton" not in address


@pytest.mark.parametrize(
    "given",
    [
        {"location": "zz1 1aa"},
        {"location": "ZZ1"},
        {"location": "ZZ1 9ZZ"},
        {"latitude": "50.93", "longitude": "-1.29"},
    ],
)
def test_postcodes_outward_codes_and_positions_are_locations(client, here, place, given):
    place()
    assert "Exampleton Library" in text(search(client, **given))


def test_an_ambiguous_name_is_offered_as_buttons(client, here, place):
    place()
    for number, parent in enumerate(["Northshire", "Southshire"]):
        square = Polygon.from_bbox(
            (HERE.x - 500, HERE.y - 500 + number, HERE.x + 500, HERE.y + 500)
        )
        Area.objects.create(
            code=f"X{number}",
            name="Newton",
            kind="parish",
            parent_name=parent,
            boundary=MultiPolygon(square, srid=27700),
        )
    page = search(client, location="newton").content.decode()
    assert "Which one is it?" in page
    choices = re.findall(r'name="area" value="(\d+)"', page)
    assert len(choices) == 2
    assert "Exampleton Library" in text(search(client, area=choices[0]))


def test_an_unknown_location_is_reported_at_the_field_and_kept(client, here):
    page = search(client, location="Nowhereton").content.decode()
    assert "We do not know this location" in page
    assert 'value="Nowhereton"' in page
    assert "tel:999" in page
    assert "tel:101" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"location": " "}, "Type a town or postcode"),
        ({"latitude": "0", "longitude": "0"}, "outside the United Kingdom"),
        ({"latitude": "x", "longitude": "nan"}, "Type a town or postcode"),
        ({"area": "99999999999999999999"}, "Type a town or postcode"),
        ({"location": "a\x00b"}, "We do not know this location"),
        ({"location": "x" * 5000}, "We do not know this location"),
        ({"location": "<script>alert(1)</script>"}, "We do not know this location"),
    ],
)
def test_invalid_input_is_explained(client, here, given, words):
    response = search(client, **given)
    assert response.status_code == 200
    assert words in text(response)
    assert "<script>alert" not in response.content.decode()


def test_the_answer_is_never_an_empty_list(client, here):
    words = text(search(client))
    assert "We know of no place near you" in words
    assert "Any shop, station, hotel or hospital with staff will do" in words
    assert "999" in words
    assert "101" in words


def test_a_place_that_cannot_help_today_is_closed(here, place):
    venue = place()
    Venue.objects.filter(pk=venue.pk).update(
        hours_confirmed_at=WEDNESDAY_NOON,
        unavailable_until=WEDNESDAY_NOON + datetime.timedelta(hours=12),
        unavailable_by=venue.lead_scheme.opened_by,
    )
    answer = nearest(HERE, WEDNESDAY_NOON)
    assert answer.open_now == []
    assert answer.closed[0].aside == "cannot help today"


def test_a_dated_closure_closes_the_place(here, place):
    venue = place()
    confirmed_at(WEDNESDAY_NOON, venue)
    day = WEDNESDAY_NOON.date()
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day)
    assert nearest(HERE, WEDNESDAY_NOON).open_now == []


@pytest.mark.parametrize(("metres", "is_shown"), [(29_999, True), (30_000, True), (30_001, False)])
def test_a_place_thirty_kilometres_away_is_shown_and_one_beyond_is_not(
    here, place, metres, is_shown
):
    confirmed_at(WEDNESDAY_NOON, place(metres=metres))
    assert bool(nearest(HERE, WEDNESDAY_NOON).open_now) == is_shown


def test_a_closed_place_beyond_thirty_kilometres_is_not_shown(here, place):
    confirmed_at(WEDNESDAY_NOON, place("Near", metres=30_000, hours=hours((14, 0), (15, 0))))
    confirmed_at(WEDNESDAY_NOON, place("Far", metres=30_001, hours=hours((14, 0), (15, 0))))
    answer = nearest(HERE, WEDNESDAY_NOON)
    assert [card.name for card in answer.closed] == ["Near"]


@pytest.mark.parametrize(
    ("metres", "minutes"),
    # As far as the grid square's corner, plus 710 metres: half a square's diagonal.
    [(400, 12), (600, 28)],
)
def test_the_walk_to_an_area_only_place_is_the_longest_possible(here, place, metres, minutes):
    confirmed_at(WEDNESDAY_NOON, place(metres=metres, listing="area_only"))
    [found] = nearest(HERE, WEDNESDAY_NOON).open_now
    assert found.minutes == minutes
    assert found.distance.startswith("Up to ")
    assert found.is_nearby == (minutes <= 15)


def test_an_area_only_place_shows_no_address_or_directions(client, here, place):
    place("Secret Garden", listing="area_only", address_1="7 Hidden Lane", postcode="ZZ1 1AB")
    page = search(client).content.decode()
    assert "Secret Garden" in page
    assert "Hidden Lane" not in page
    assert "1AB" not in page
    assert "openstreetmap.org" not in page
    assert "It does not publish its address" in page
    assert re.search(r"Up to \d", page)


def test_an_unconfirmed_number_is_not_public(client, here, place):
    venue = place(phone="01632 960003")
    Service.objects.create(name="Maybe line", what_for="?", number="01632 960004", answers="always")
    SchemeContact.objects.filter(kind__slug="domestic_abuse").update(number="01632 960005")
    for page in (search(client), client.get("/help/")):
        for number in ("960003", "960004", "960005"):
            assert number not in page.content.decode()
    Venue.objects.filter(pk=venue.pk).update(
        phone_confirmed_by_name="Bo", phone_confirmed_on=timezone.localdate()
    )
    Service.objects.update(confirmed_by_name="Bo", confirmed_on=timezone.localdate())
    SchemeContact.objects.update(confirmed_by_name="Bo", confirmed_on=timezone.localdate())
    page = search(client).content.decode()
    for number in ("960003", "960004", "960005"):
        assert number in page


@pytest.mark.parametrize("listing", ["internal"])
def test_internal_hidden_and_suspended_places_are_never_shown(client, here, place, listing):
    place("Internal House", listing=listing)
    hidden = place("Hidden House")
    hidden.lead_scheme.hidden_at = timezone.now()
    hidden.lead_scheme.hidden_by = hidden.lead_scheme.opened_by
    hidden.lead_scheme.save()
    SignUpFactory(suspended=True, listed=True, venue__name="Suspended House", venue__hours=ALWAYS)
    typed = place("Hidden Pub", type="pub")
    typed.lead_scheme.hidden_types = ["pub"]
    typed.lead_scheme.save()
    pages = [search(client), client.get("/map/"), client.get("/map/places.geojson")]
    for page in pages:
        for name in ("Internal House", "Hidden House", "Suspended House", "Hidden Pub"):
            assert name not in page.content.decode()
    for venue in Venue.objects.all():
        assert client.get(f"/venues/{venue.slug}/").status_code == 404


def test_the_words_to_say_come_from_the_scheme_that_lists_the_place(client, here, place):
    place(scheme=SchemeFactory(what_to_say="Ask for Angela."))
    assert "Ask for Angela." in text(search(client))


def test_a_place_without_hours_says_its_hours_are_unknown(here, place):
    venue = place(hours=[])
    confirmed_at(WEDNESDAY_NOON, venue)
    found = nearest(HERE, WEDNESDAY_NOON).closed[0]
    assert found.aside == "is closed; we do not know when it opens next"
    assert found.opens_next is None


def test_a_search_from_a_sticker_page_starts_at_its_door(client, place):
    venue = place()
    place("Next Door", metres=300)
    words = text(search(client, venue=venue.slug))
    assert "From Exampleton Library, at " in words
    assert "Next Door" in words
