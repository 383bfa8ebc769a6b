"""What a place offers and how to get home from it: asked as its scheme says, shown by one rule."""

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from coverage.models import OtherPlace
from signposting.venue_pages import page_of
from tests.coverage.factories import OtherPlaceFactory
from tests.factories import SchemeFactory, SignUpFactory
from tests.venues.portal import managed_sign_up
from venues.models import Venue
from venues.models.schemes import offers_usually_asked
from venues.offers import IN_A_SENTENCE, offered, offers_of_scheme, offers_to_ask, transport_of
from venues.packs import create_scheme, export_scheme, load_pack
from venues.stops import stops_near

pytestmark = pytest.mark.django_db
HAVEN = ["lets_in", "calm_space", "calls", "directions", "finding_services"]


def offers_page(client, sign_up, user):
    client.force_login(user)
    return client.get(reverse("edit_offers", args=[sign_up.pk])).content.decode()


def test_a_scheme_that_says_nothing_asks_what_was_always_asked(client):
    sign_up, user = managed_sign_up()
    page = offers_page(client, sign_up, user)
    assert "A quiet space alone" in page
    assert "Lets in somebody who is threatened" not in page
    assert "what runs at night" not in page


def test_a_safe_haven_is_asked_the_four_things_and_its_transport(client):
    sign_up, user = managed_sign_up(scheme=SchemeFactory(offers_asked=HAVEN))
    page = offers_page(client, sign_up, user)
    for words in ("Lets in somebody", "safe and calm", "Calls 999", "Tells you the way"):
        assert words in page
    assert "what runs at night" in page
    assert "Somebody to listen" not in page


def test_a_place_in_two_schemes_is_asked_what_either_asks():
    sign_up, _user = managed_sign_up(scheme=SchemeFactory(offers_asked=HAVEN))
    SignUpFactory(venue=sign_up.venue, scheme=SchemeFactory())
    asked = offers_to_ask(sign_up.venue)
    assert set(asked) == {*HAVEN, *offers_usually_asked()}
    assert asked == [name for name in Venue.OFFERS if name in asked]


def test_what_was_answered_once_is_asked_on():
    sign_up, _user = managed_sign_up(venue__calls=False)
    assert "calls" in offers_to_ask(sign_up.venue)


def test_answers_are_saved_and_shown_on_the_page_and_the_card(client):
    sign_up, user = managed_sign_up(
        scheme=SchemeFactory(offers_asked=HAVEN), approved=True, listed=True
    )
    client.force_login(user)
    data = {"lets_in": "True", "calm_space": "True", "calls": "False", "directions": ""}
    data |= {"transport": "Bus 5 from outside; N15 all night"}
    answer = client.post(reverse("change_offers", args=[sign_up.pk]), data)
    assert answer.status_code == 302
    sign_up.venue.refresh_from_db()
    assert [each.name for each in offered(sign_up.venue)] == ["lets_in", "calm_space"]
    page = client.get(reverse("venue_page", args=[sign_up.venue.slug])).content.decode()
    card = page[page.index('class="paper"') :]
    for part in (page[: page.index('class="paper"')], card):
        assert "Lets in somebody who is threatened" in part
        assert "Bus 5 from outside; N15 all night" in part
        assert "Calls 999" not in part


def test_each_offer_has_a_sentence_for_posters():
    assert set(IN_A_SENTENCE) == set(Venue.OFFERS)
    scheme = SchemeFactory(offers_asked=HAVEN)
    words = [each.sentence for each in offers_of_scheme(scheme)]
    assert words[1:] == [
        "Come in if somebody threatens or follows you.",
        "Sit down where you feel safe and calm.",
        "They ring 999, a friend or your family with you.",
        "They tell you the way and the bus home.",
    ]


def test_the_pack_carries_what_places_are_asked():
    scheme = create_scheme("safe_haven", council="C", contact_email="team@example.org")
    assert set(scheme.offers_asked) == set(HAVEN)
    again = load_pack(export_scheme(scheme), name="Two", slug="two")
    assert again.offers_asked == scheme.offers_asked


def a_stop(name, east, **more):
    return OtherPlaceFactory(
        name=name, point=Point(east, 100000, srid=27700), source__is_stops=True, **more
    )


def listed_place(**more):
    fields = {"venue__point": Point(400000, 100000, srid=27700), **more}
    return SignUpFactory(approved=True, listed=True, **fields).venue


def test_the_page_names_the_nearest_stops_first_and_each_once():
    a_stop("Town Hall", 400300)
    a_stop("Barking Station", 400120)
    a_stop("Town Hall", 400310)
    a_stop("Too far away", 402000)
    OtherPlaceFactory(name="A warm space", point=Point(400050, 100000, srid=27700))
    venue = listed_place(venue__transport="N15 all night")
    assert [each.name for each in stops_near(venue)] == ["Barking Station", "Town Hall"]
    venue = Venue.objects.with_hours_state(timezone.now()).get(pk=venue.pk)
    lines = page_of(venue, timezone.now()).transport
    assert lines == [
        "Barking Station, about 120 metres",
        "Town Hall, about 300 metres",
        "N15 all night",
    ]


def test_a_place_shown_by_its_area_only_names_no_stop():
    a_stop("Barking Station", 400120)
    venue = listed_place(venue__listing="area_only", venue__transport="Opposite the Town Hall")
    assert stops_near(venue) == []
    assert transport_of(venue) == ""


def test_a_stop_is_never_a_space_to_show_or_invite():
    stop = a_stop("Barking Station", 400120, source__publishes=True, source__own_scheme="Buses")
    assert stop not in OtherPlace.objects.public()
    assert stop not in OtherPlace.objects.candidates()
    assert list(OtherPlace.objects.stops()) == [stop]
