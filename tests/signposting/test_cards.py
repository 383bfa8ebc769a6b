"""A place's card: its facts, its words, and how it is drawn."""

import datetime

import pytest

from common.jinja import macros
from signposting.cards import Badge, Card, moment
from signposting.directions import device_of, route_to
from signposting.nearest import Wishes, nearest
from tests.signposting.conftest import HERE
from venues.hours.model import LONDON, HoursState
from venues.models import Venue

NOON = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=LONDON)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari"
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def at(hour, minute=0, days=0):
    return NOON.replace(hour=hour, minute=minute) + datetime.timedelta(days=days)


def card(**facts):
    usual = {
        "slug": "kettle",
        "name": "The <Copper> Kettle",
        "kind": "cafe",
        "street": "31 Quay Lane",
        "town": "Marrowby",
        "postcode": "ZX1 1AA",
        "landmark": "",
        "telephone": "01632 960031",
        "is_exact": True,
        "latitude": 50.93,
        "longitude": -1.29,
        "when": NOON,
        "state": HoursState.OPEN,
        "until": at(20),
        "always": False,
        "opens_next": None,
        "cannot_help": False,
        "metres": 210,
    }
    return Card(**usual | facts)


def closed(**facts):
    return card(state=HoursState.CLOSED, until=None, **facts)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Open until 20:00"),
        ({"until": at(2, days=1)}, "Open until 02:00 tomorrow"),
        ({"until": at(0, days=1)}, "Open until midnight"),
        ({"always": True}, "Open day and night"),
        ({"state": HoursState.NOT_CONFIRMED, "until": None}, "Hours not known"),
        ({"state": HoursState.CLOSED, "opens_next": at(18)}, "Closed. Opens 18:00"),
        ({"state": HoursState.CLOSED, "cannot_help": True}, "Cannot help today"),
    ],
)
def test_the_status_says_when_it_closes_or_next_opens(facts, words):
    assert card(**facts).status == words


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (closed(opens_next=at(18)), "opens 18:00"),
        (closed(opens_next=at(8, 30, days=4)), "opens Sunday 08:30"),
        (closed(opens_next=at(8, 30, days=9)), "opens 08:30 on Friday 12 June"),
        (closed(), "is closed; we do not know when it opens next"),
        (closed(cannot_help=True, opens_next=at(9, days=1)), "cannot help today"),
        (card(state=HoursState.NOT_CONFIRMED), "ring first: 01632 960031"),
        (
            card(metres=2400, until=at(12, 30)),
            "is open, but closes at 12:30, before you get there",
        ),
    ],
)
def test_a_line_says_what_matters_after_the_name(made, words):
    assert made.aside == words


@pytest.mark.parametrize(
    ("minute", "is_reachable"),
    [(4, False), (5, True)],  # 210 metres are 4 minutes on foot
)
def test_a_place_that_closes_on_arrival_is_not_reachable(minute, is_reachable):
    assert card(until=at(12, minute)).is_reachable is is_reachable


@pytest.mark.parametrize(("metres", "is_nearby"), [(923, True), (924, False)])
def test_nearby_is_exactly_fifteen_minutes(metres, is_nearby):
    assert card(metres=metres).is_nearby is is_nearby


def test_no_minutes_are_shown_over_45_or_from_a_towns_centre():
    assert card(metres=2769).away == ("45", "min")
    assert card(metres=2770).away == ("2.8", "km")
    assert card(metres=210, is_rough=True).away == ("210", "metres")
    assert card(metres=3900, is_rough=True).away == ("3.9", "km")
    assert card(metres=None).distance == ""


def test_an_area_only_place_shows_its_longest_distance_and_no_route():
    hidden = card(is_exact=False, street="", metres=100)
    assert hidden.distance == "Up to 810 metres"
    assert hidden.route("apple") == ""


@pytest.mark.parametrize(
    ("agent", "address"),
    [
        (IPHONE, "https://maps.apple.com/?daddr=50.93000,-1.29000&dirflg=w"),
        (PIXEL, "geo:50.93000,-1.29000?q=50.93000,-1.29000"),
        (
            DESKTOP,
            "https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
            "&route=%3B50.93000,-1.29000",
        ),
        ("", route_to(50.93, -1.29)),
    ],
)
def test_each_kind_of_device_gets_its_own_map_by_coordinates_alone(agent, address):
    assert card().route(device_of(agent)) == address


def test_the_large_card_shows_name_closing_time_minutes_directions_and_call():
    drawn = macros("signposting/cards.html").near(card(badges=(Badge(slug="s", name="Scheme"),)))
    for words in (
        "The &lt;Copper&gt; Kettle",
        "Open until 20:00",
        "31 Quay Lane. Café or restaurant. 210 metres",
        "<b>4</b>",
        "Directions",
        'href="tel:01632960031"',
        "Scheme",
    ):
        assert words in drawn
    assert "target=" not in drawn


def test_a_row_says_its_own_words_only_where_they_differ():
    row = macros("signposting/cards.html").row
    assert "Here, say" not in row(card(), "", card().what_to_say)
    assert "Here, say: Ask for Angela." in row(card(say="Ask for Angela."), "", "Other words")


def test_moments_are_written_in_words():
    assert moment(at(22), NOON) == "22:00"
    assert moment(at(0, days=1), NOON) == "midnight"
    assert moment(at(2, days=1), NOON) == "02:00 tomorrow"
    assert moment(at(12, days=2), NOON) == "Friday 12:00"
    assert moment(at(12, days=7), NOON) == "12:00 on Wednesday 10 June"


@pytest.mark.django_db
def test_only_places_that_match_the_wishes_are_found(place):
    place("Ramp", step_free=True, languages="Polish, Arabic")
    place("Steps", step_free=False)
    place("Who knows", step_free=None)
    place(
        "Day only",
        step_free=True,
        hours=[(d, datetime.time(9), datetime.time(17)) for d in range(7)],
    )
    Venue.objects.update(hours_confirmed_at=NOON)

    def found(**wishes):
        return [card.name for card in nearest(HERE, NOON, None, Wishes(**wishes)).open_now]

    assert found(facilities=frozenset(["step_free"])) == ["Ramp", "Day only"]
    assert found(language="polish") == ["Ramp"]
    assert "Day only" not in found(late=True)
    assert len(found()) == 4
