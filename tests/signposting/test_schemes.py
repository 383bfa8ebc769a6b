"""The public pages of schemes, and the finder, list and map of one scheme."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from tests.training.session_factories import SessionFactory
from tests.venues.portal import managed_sign_up
from venues.actions import hide_scheme, send_start
from venues.links import start_token
from venues.models import Scheme, SignUp, Start

pytestmark = pytest.mark.django_db


@pytest.fixture
def haven():
    return SchemeFactory(
        name="Marrowby Havens",
        slug="havens",
        noun="Safe Haven",
        noun_plural="Safe Havens",
        what_to_say="Say “Haven”.",
        sticker_title="Safe Haven",
        about="A **calm** seat.\n\n<script>alert(1)</script>",
        run_by="The Marrowby Partnership",
        delivered_by="Studio Nine",
        contact_phone="01632 960100",
    )


@pytest.fixture
def warm():
    return SchemeFactory(name="Warm Welcome", slug="warm", bare=True)


def also_in(venue, scheme, **fields):
    return SignUpFactory(venue=venue, scheme=scheme, approved=True, listed=True, **fields)


def page_of(client, scheme):
    return client.get(reverse("scheme_page", args=[scheme.slug])).content.decode()


def test_a_scheme_page_says_what_it_is_what_places_promise_and_who_runs_it(client, haven, place):
    place(scheme=haven)
    PrincipleFactory(scheme=haven, title="A seat", wording="Nobody is sent away.")
    page = page_of(client, haven)
    for words in (
        "<strong>calm</strong>",
        "The Marrowby Partnership",
        "delivered by Studio Nine",
        "1 Safe Haven is listed today.",
        "What each Safe Haven promises",
        "Nobody is sent away.",
        "Say “Haven”.",
        "01632 960100",
        "team@example.org",
        "/join/havens/",
        "/schemes/havens/map/",
    ):
        assert words in page, words
    assert "<script>alert" not in page
    assert "safe space" not in page.lower()


def test_the_sticker_is_shown_only_where_there_are_stickers(client, haven, warm):
    assert "Look for this in the window" in page_of(client, haven)
    without = page_of(client, warm)
    assert "sticker" not in without.lower()
    assert "Training" not in without.replace("Training sessions", "")  # the footer's


def test_open_sessions_are_on_their_own_schemes_page(client, haven):
    ours = SessionFactory(scheme=haven, module__title="First shift")
    SessionFactory(module__title="Elsewhere")
    SessionFactory(
        scheme=haven,
        module__title="Gone",
        cancelled_at=timezone.now(),
        cancelled_by=UserFactory(),
        cancelled_reason="Snow",
    )
    page = page_of(client, haven)
    assert "First shift" in page
    assert reverse("session", args=[ours.pk]) in page
    assert "Elsewhere" not in page
    assert "Gone" not in page


def test_the_list_of_schemes_has_only_public_ones(client, haven, warm):
    SchemeFactory(name="Not yet", draft=True)
    hide_scheme(warm, by=UserFactory())
    page = client.get("/schemes/").content.decode()
    assert "Marrowby Havens" in page
    assert "Not yet" not in page
    assert "Warm Welcome" not in page


@pytest.mark.parametrize(
    "name", ["scheme_page", "scheme_map", "scheme_map_data", "scheme_map_areas"]
)
def test_hidden_and_unopened_schemes_have_no_page(client, haven, name):
    draft = SchemeFactory(draft=True)
    assert client.get(reverse(name, args=[haven.slug])).status_code == 200
    hide_scheme(haven, by=UserFactory())
    for scheme in (haven, draft):
        assert client.get(reverse(name, args=[scheme.slug])).status_code == 404


def close(scheme, **fields):
    now, by = timezone.now(), UserFactory()
    Scheme.objects.filter(pk=scheme.pk).update(
        closed_at=now, closed_by=by, hidden_at=now, hidden_by=by, **fields
    )


def test_a_closed_schemes_page_says_what_follows_it(client, haven, warm):
    close(haven, successor=warm, where_now="Ask at the library.")
    page = page_of(client, haven)
    assert "Marrowby Havens has ended" in page
    assert reverse("scheme_page", args=["warm"]) in page
    assert "Ask at the library." in page
    assert "havens/map" not in page
    assert client.get("/schemes/havens/map/", follow=True).redirect_chain == [
        ("/schemes/havens/", 302)
    ]
    close(warm)
    assert "Warm Welcome" in page_of(client, haven)


def test_the_finder_searches_one_scheme_first_and_then_all(client, here, place, haven):
    place("Ours", scheme=haven, metres=300)
    place("Nearer", metres=100)
    form = page_of(client, haven)
    assert '<input type="hidden" name="scheme" value="havens">' in form
    answer = client.post("/", {"location": "ZZ1 1AA", "scheme": "havens"})
    page = answer.content.decode()
    assert "Ours" in page
    assert "Nearer" not in page
    assert "Only places of Marrowby Havens." in page
    assert '<input type="hidden" name="location" value="ZZ1 1AA">' in page
    assert '<input type="hidden" name="scheme" value="havens">' in page  # To search elsewhere.
    everywhere = client.post("/", {"location": "ZZ1 1AA"}).content.decode()
    assert "Ours" in everywhere
    assert "Nearer" in everywhere
    assert "Only places of" not in everywhere


def test_a_schemes_far_place_is_found_behind_many_of_other_schemes(client, here, place, haven):
    for number in range(65):  # more than the first ring of the search
        place(f"Other {number}", metres=number)
    place("Ours", scheme=haven, metres=900)
    page = client.post("/", {"location": "ZZ1 1AA", "scheme": "havens"}).content.decode()
    assert "Ours" in page
    assert "Other" not in page.replace("Other help", "").replace("Other ways", "")


@pytest.mark.parametrize("asked", ["hidden", "nobody", "\0", "x" * 5000])
def test_a_search_within_a_hidden_scheme_still_gets_an_answer(client, here, place, asked):
    place("Somewhere", metres=100)
    hide_scheme(SchemeFactory(slug="hidden"), by=UserFactory())
    page = client.post("/", {"location": "ZZ1 1AA", "scheme": asked})
    assert page.status_code == 200
    assert "Somewhere" in page.content.decode()


class TestAPlaceInTwoSchemes:
    @pytest.fixture
    def venue(self, place, haven, warm):
        venue = place("Copper Kettle", scheme=haven)
        also_in(venue, warm)
        return venue

    @pytest.mark.parametrize("path", ["/map/", "/schemes/warm/map/", "/schemes/havens/map/"])
    def test_a_place_in_two_schemes_is_listed_once_with_both_badges(self, client, venue, path):
        page = client.get(path).content.decode()
        assert page.count(f'id="place-{venue.slug}"') == 1
        place = page[page.index(f'id="place-{venue.slug}"') :].partition("</div>")[0]
        assert place.count("open day and night") == 1
        assert "Marrowby Havens" in place
        assert "Warm Welcome" in place

    @pytest.mark.parametrize("scheme", ["", "warm", "havens"])
    def test_a_place_in_two_schemes_appears_once_with_its_hours_once(
        self, client, here, venue, scheme
    ):
        page = client.post("/", {"location": "ZZ1 1AA", "scheme": scheme}).content.decode()
        assert page.count("Open day and night") == 1
        badges = page[page.index('class="badges"') :].partition("</ul>")[0]
        assert badges.index("Marrowby Havens") < badges.index("Warm Welcome")
        assert "<a " not in badges  # A link would lose the answer.

    @pytest.mark.parametrize("path", ["/map/", "/schemes/warm/map/"])
    def test_a_place_in_two_schemes_is_one_map_point_naming_both(self, client, venue, path):
        data = json.loads(client.get(f"{path}places.geojson").content)
        [feature] = data["features"]
        assert feature["properties"]["schemes"] == ["Marrowby Havens", "Warm Welcome"]

    def test_its_page_names_the_schemes_behind_it(self, client, venue):
        page = client.get(f"/venues/{venue.slug}/").content.decode()
        assert "Who stands behind it" in page
        assert "/schemes/havens/" in page
        assert "/schemes/warm/" in page

    def test_its_stickers_page_names_both(self, client, venue, haven):
        sticker = venue.sign_ups.get(scheme=haven).stickers.get()
        page = client.get(f"/stickers/{sticker.code}/").content.decode()
        assert "/schemes/havens/" in page
        assert "/schemes/warm/" in page

    def test_a_badge_goes_when_its_scheme_stops_listing_the_place(self, client, venue, haven):
        SignUp.objects.filter(scheme=haven).update(state=SignUp.State.SUSPENDED)
        page = client.get("/map/").content.decode()
        assert "Marrowby Havens" not in page
        assert "Warm Welcome" in page


class TestAHiddenBadge:
    @pytest.fixture
    def venue(self, place, haven):
        venue = place("Copper Kettle", scheme=haven)
        SignUp.objects.update(hides_badge=True)
        return venue

    def test_the_place_is_found_as_before_without_naming_the_scheme(
        self, client, here, venue, haven
    ):
        sticker = venue.sign_ups.get().stickers.get()
        for page in (
            client.post("/", {"location": "ZZ1 1AA"}),
            client.get("/map/"),
            client.get("/map/places.geojson"),
            client.get(f"/venues/{venue.slug}/"),
            client.get(f"/stickers/{sticker.code}/"),
        ):
            words = page.content.decode()
            assert "Copper Kettle" in words
            assert "Haven" not in words

    def test_the_scheme_does_not_name_the_place_either(self, client, here, venue):
        for page in (
            client.post("/", {"location": "ZZ1 1AA", "scheme": "havens"}),
            client.get("/schemes/havens/"),
            client.get("/schemes/havens/map/"),
            client.get("/schemes/havens/map/places.geojson"),
        ):
            assert page.status_code == 200
            assert "Copper Kettle" not in page.content.decode()
        assert "No Safe Haven is listed yet." in page_of(client, venue.lead_scheme)


NEAR = "zoom=18&box=-1.3,50.9,-1.25,50.95"
PAGES = ["/schemes/", "/schemes/havens/", "/schemes/havens/map/"]


@pytest.mark.parametrize("path", PAGES)
def test_scheme_pages_set_no_cookie_and_are_cached_as_briefly_as_others(client, haven, path):
    answer = client.get(path)
    assert not answer.cookies
    assert "max-age=30" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    assert client.post(path).status_code == 405


def test_scheme_pages_use_a_constant_number_of_queries(client, here, haven, place):
    asks = [
        *(
            lambda path=path: client.get(path)
            for path in (*PAGES, f"/schemes/havens/map/places.geojson?{NEAR}")
        ),
        lambda: client.post("/", {"location": "ZZ1 1AA", "scheme": "havens"}),
    ]

    def count():
        found = []
        for ask in asks:
            cache.clear()
            with CaptureQueriesContext(connection) as caught:
                assert ask().status_code == 200
            found.append(len(caught))
        return found

    venue = place("One", scheme=haven)
    SessionFactory(scheme=haven, starts_at=timezone.now() + datetime.timedelta(days=3))
    few = (count(), count())[1]
    for number in range(4):
        other = SchemeFactory()
        also_in(venue, other)
        also_in(place(f"More {number}", scheme=haven, metres=200 + number), other)
        PrincipleFactory(scheme=haven)
        SessionFactory(scheme=haven, starts_at=timezone.now() + datetime.timedelta(days=number + 4))
    assert (count(), count())[1] == few  # the helplines are known by then
    assert max(few) <= 20
    assert few[0] <= 2


@pytest.mark.parametrize("path", ["/", "/map/", "/join/", "/help/"])
def test_public_pages_link_to_the_schemes(client, haven, path):
    assert 'href="/schemes/"' in client.get(path).content.decode()


def test_a_schemes_join_page_links_to_its_page(client, haven):
    assert 'href="/schemes/havens/"' in client.get("/join/havens/").content.decode()


class TestJoiningAHiddenScheme:
    @pytest.fixture
    def hidden(self, haven):
        hide_scheme(haven, by=UserFactory())
        return haven

    def test_its_address_answers_like_one_that_does_not_exist(self, client, hidden, warm):
        there = client.get("/join/havens/")
        nowhere = client.get("/join/nowhere/")
        assert there.status_code == nowhere.status_code == 410
        assert "Haven" not in there.content.decode()
        assert "Haven" not in client.get("/join/").content.decode()

    def test_nobody_new_can_ask_for_its_link(self, client, hidden, warm):
        form = {"email": "new@example.org", "postcode": "ZZ1 1AA", "scheme": hidden.pk}
        answer = client.post("/join/send/", form)
        assert not Start.objects.filter(scheme=hidden).exists()
        assert "Haven" not in answer.content.decode()

    def test_somebody_with_a_place_in_it_may_add_another(self, client, hidden):
        _sign_up, manager = managed_sign_up(scheme=hidden, approved=True)
        client.force_login(manager)
        answer = client.get("/join/havens/", follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain[0][0].endswith("?scheme=havens")

    def test_a_link_that_was_mailed_before_still_works(self, client, haven):
        send_start(email="new@example.org", postcode="ZZ1 1AA", scheme=haven)
        hide_scheme(haven, by=UserFactory())
        start = Start.objects.get()
        assert client.get(reverse("start_sign_up", args=[start_token(start)])).status_code == 200


def test_a_schemes_page_shows_its_places_and_their_state_in_place(client, haven, place):
    place("Copper Kettle", scheme=haven)
    place("Elsewhere")
    page = page_of(client, haven)
    assert "1 of 1 open now" in " ".join(page.split())
    assert "Copper Kettle" in page
    assert "open day and night" in page
    assert "Elsewhere" not in page
    assert "data-map" in page


def test_a_hidden_schemes_words_leave_the_next_answer(client, here, place):
    haven = SchemeFactory(noun="Safe Haven", noun_plural="Safe Havens")
    place("Copper Kettle", scheme=haven)
    assert "I need a Safe Haven." in " ".join(
        client.post("/", {"location": "ZZ1 1AA"}).content.decode().split()
    )
    hide_scheme(haven, by=UserFactory())
    assert "Safe Haven" not in client.post("/", {"location": "ZZ1 1AA"}).content.decode()


@pytest.mark.parametrize("offers", [True, False])
def test_a_schemes_page_leads_to_the_card_only_if_it_has_cards(client, offers):
    SchemeFactory(slug="havens", offers_card=offers)
    assert ('href="/card/"' in client.get("/schemes/havens/").text) == offers
    assert 'href="/card/"' in client.get("/help/").text


def test_the_card_is_one_page_without_a_query_or_a_form(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/card/")
    assert "no-store" in response["Cache-Control"]
    assert "<form" not in response.text
