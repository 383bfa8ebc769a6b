"""List, map and a place's page read kept rows: the same as by the rules, and never out of date."""

import datetime
import json
import random

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signposting.all_places import all_places, cards_by_rule, kept_cards, places_by_rule
from signposting.geojson import places_by_rule as view_by_rule
from signposting.geojson import places_kept
from signposting.map_views import read_view
from tests.factories import SchemeFactory, SignUpFactory, UserFactory
from tests.signposting.test_nearest_kept import DAYS, day_at, days, in_words, odd_venue, without_end
from venues.actions import cannot_help_today, hide_scheme, suspend_sign_up
from venues.kept import can_be_used, rebuild, stamp
from venues.models import KeptDay, KeptVenue, Scheme, SignUp, Venue

for_real = pytest.mark.django_db(transaction=True)
VIEWS = [
    {},
    {"zoom": "9", "box": "-1.6,50.7,-1,51.1"},
    {"zoom": "12", "box": "-1.35,50.88,-1.2,50.98"},
    {"zoom": "17", "box": "-1.32,50.92,-1.26,50.95"},
]


class Found:
    """Cards as `in_words` reads an answer."""

    closed = unknown = ()

    def __init__(self, cards):
        self.open_now = list(cards)


def said_of(cards):
    return [without_end(each) for each in in_words(Found(cards.values()))["open_now"]]


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_list_and_map_say_the_same_as_by_the_rules_at_any_moment(day):
    rng = random.Random(day.toordinal() + 1)
    schemes = [SchemeFactory(name=f"Scheme {name}") for name in "ABC"]
    venues = [odd_venue(rng, rng.choice(schemes[:2]), number) for number in range(40)]
    for venue in venues:
        town = rng.choice(["", "Marrowby", "ashton", "Ástún"])
        point = rng.choice([venue.point, venue.point, venue.point, None])
        Venue.objects.filter(pk=venue.pk).update(town=town, point=point)
    for venue in rng.sample(venues, 10):
        SignUpFactory(venue=venue, scheme=schemes[2], approved=True)
    rebuild(day_at(day, 0, 5))
    moments = [day_at(day, rng.randrange(24), rng.randrange(60)) for __ in range(3)]
    moments += [day_at(day, 0), day_at(day, 4), day_at(day + days(1), 13)]
    for when in moments:
        assert stamp(when)
        scheme = rng.choice([None, None, *schemes])
        kept, live = all_places(when, scheme, stamp(when)), places_by_rule(when, scheme)
        assert kept == live
        assert list(kept_cards(live.keys, when)) == list(cards_by_rule(live.keys, when))
        assert said_of(kept_cards(live.keys, when)) == said_of(cards_by_rule(live.keys, when))
        for asked in VIEWS:
            view = read_view(asked)
            assert places_kept(view, when, scheme) == view_by_rule(view, when, scheme)
    assert len(places_by_rule(moments[0], None).keys) > 10


@pytest.mark.django_db
def test_where_the_rows_cannot_be_used_the_rules_answer(client, place):
    venue = place()
    rebuild()
    KeptDay.objects.update(version="an older one")
    KeptVenue.objects.update(facts={})
    for path in ("/map/", "/map/places.geojson", f"/venues/{venue.slug}/"):
        assert "Exampleton Library" in client.get(path).content.decode()


# Through the pages


@pytest.fixture
def drawn(client, place):
    """A place whose pages were drawn a moment ago; returns what they say now."""
    cache.clear()
    venue = place("Harbour Café", town="Marrowby")
    place("Another", metres=3000)
    rebuild()
    paths = ["/map/", "/map/places.geojson?zoom=18&box=-1.3,50.9,-1.25,50.95"]
    paths += [f"/venues/{venue.slug}/"]

    def look():
        return [client.get(path).content.decode() for path in paths]

    for page in [*look(), *look()]:
        assert "Harbour Café" in page
    assert can_be_used(timezone.now())
    return venue, look


@for_real
def test_a_suspended_place_is_gone_from_every_page_at_once(drawn):
    __, look = drawn
    suspend_sign_up(
        SignUp.objects.get(venue__name="Harbour Café"), by=UserFactory(), reason="A report."
    )
    assert not any("Harbour Café" in page for page in look())


@for_real
def test_places_of_a_hidden_scheme_are_gone_from_every_page_at_once(drawn):
    venue, look = drawn
    hide_scheme(Scheme.objects.get(sign_ups__venue=venue), by=UserFactory())
    assert not any("Harbour Café" in page for page in look())


@for_real
def test_a_place_that_cannot_help_today_says_so_on_every_page_at_once(drawn):
    venue, look = drawn
    until = timezone.now() + datetime.timedelta(hours=3)
    cannot_help_today(venue, until=until, by=UserFactory())
    for page in look():
        assert "annot help today" in page


@for_real
def test_what_only_the_page_of_a_place_says_is_new_as_soon_as_it_changes(drawn):
    venue, look = drawn
    venue.website = "https://example.org/new"
    venue.save()
    assert "https://example.org/new" in look()[2]


@for_real
def test_a_name_changes_on_every_page_at_once(drawn):
    venue, look = drawn
    venue.name = "Harbour Café and Books"
    venue.save()
    for page in look():
        assert "Harbour Café and Books" in page


@for_real
def test_a_place_closes_on_its_page_at_the_very_minute(client, place, monkeypatch):
    cache.clear()
    today = timezone.localdate()
    hours = [(day, datetime.time(9), datetime.time(17)) for day in range(7)]
    venue = place(hours=hours, bank_holidays="as_usual")
    rebuild()
    for minute, words in ((59, "Open until 17:00"), (60, "Closed. Opens")):
        at = day_at(today, 16) + datetime.timedelta(minutes=minute)
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        pages = [client.get(f"/venues/{venue.slug}/").content.decode() for __ in range(2)]
        assert all(words in page for page in pages)
        [place_now] = json.loads(client.get("/map/places.geojson?zoom=18").content)["features"]
        assert place_now["properties"]["hours"].startswith(words)


@for_real
def test_a_page_drawn_before_costs_one_query(drawn):
    __, look = drawn
    with CaptureQueriesContext(connection) as asked:
        look()
    assert len(asked) == 3
