"""Which place comes first in an answer, what the headline counts, and the words for its origin."""

import datetime
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from geography.models import Area
from signposting.answers import Origin, arrange
from signposting.models import Service
from signposting.nearest import Nearest, nearest
from tests.factories import SchemeFactory
from tests.signposting.conftest import HERE
from tests.signposting.test_cards import at, card, closed
from venues.hours.model import LONDON, HoursState
from venues.models import Venue

NOON = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=LONDON)  # a Wednesday


def origin(**facts):
    return Origin(**{"label": "ZX1 1AA", "when": NOON, **facts})


def answer(open_now=(), closed=(), unknown=(), scheme=None, **facts):
    found = Nearest(list(open_now), list(closed), list(unknown))
    return arrange(found, origin(**facts), scheme=scheme)


def unknown(**facts):
    return card(state=HoursState.NOT_CONFIRMED, until=None, **facts)


def words(response):
    page = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return " ".join(page.split())


def names(cards):
    return [each.name for each in cards]


def test_the_nearest_reachable_place_comes_first():
    gone = card(name="Gone", metres=700, until=at(12, 10))  # 12 minutes away
    near = card(name="Near", metres=800)
    found = answer([gone, near, card(name="Other", metres=900)])

    assert found.near.name == "Near"
    assert names(found.nearby) == ["Other"]
    assert names(found.too_late) == ["Gone"]
    assert found.count == 2


@pytest.mark.parametrize(
    ("metres", "count", "headline"),
    [
        (923, 1, "1 place open near you"),  # 15 minutes exactly
        (924, 0, "No place is open within 15 minutes’ walk"),
    ],
)
def test_the_headline_counts_up_to_exactly_fifteen_minutes(metres, count, headline):
    found = answer([card(metres=metres)])
    assert (found.count, found.headline) == (count, headline)
    assert found.near, "the nearest is never dropped"


@pytest.mark.parametrize(("minute", "count"), [(4, 0), (5, 1)])  # 4 minutes’ walk
def test_a_place_that_closes_on_arrival_is_not_counted(minute, count):
    found = answer([card(metres=210, until=at(12, minute))])
    assert found.count == count
    assert bool(found.too_late) is not bool(count)


def test_several_are_counted_in_the_plural_and_ten_are_at_least_ten():
    assert answer([card(metres=100), card(metres=200)]).headline == "2 places open near you"
    many = answer([card(metres=50 * number) for number in range(10)])
    assert many.headline == "10 or more places open near you"


def test_places_with_unknown_hours_are_never_reported_as_none_open():
    found = answer([card(metres=3000)], unknown=[unknown(metres=100)])
    assert found.headline == "1 place near you may be open: ring first"
    assert found.near.metres == 3000
    two = answer(unknown=[unknown(metres=100), unknown(metres=200)])
    assert two.headline == "2 places near you may be open: ring first"
    far = answer(unknown=[unknown(metres=5000)], closed=[closed(metres=100)])
    assert far.headline == "No place is open within 15 minutes’ walk"


def test_the_nearest_is_one_sentence_for_a_voice():
    spoken = answer([card(metres=100)]).spoken
    assert re.fullmatch(r"[^,]+, open[^,]*, \d+ minute(’s|s’) walk\.", spoken)
    assert answer().spoken == ""


def test_without_any_place_the_headline_says_so():
    assert answer().headline == "We know of no place near you"
    assert answer().is_empty


def test_a_schemes_answer_uses_its_own_noun():
    scheme = SchemeFactory.build(noun="Safe Haven", noun_plural="Safe Havens")
    assert answer([card()], scheme=scheme).headline == "1 Safe Haven open near you"
    assert "No Safe Haven is open" in answer([card(metres=2000)], scheme=scheme).headline


def test_another_time_is_in_the_headline_and_in_the_line_below():
    friday = NOON.replace(day=5, hour=22)
    found = answer([card()], when=friday, is_now=False)
    assert found.headline == "1 place open near you at Friday 22:00"
    assert found.origin.words == "From ZX1 1AA, on Friday 5 June at 22:00."


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "From ZX1 1AA, at 12:00 today."),
        (
            {"label": "Marrowby", "is_rough": True},
            "From the middle of Marrowby, at 12:00 today. You may be nearer or farther.",
        ),
        (
            {"is_device": True, "accuracy": 40.0},
            "From where your device says you are, give or take 40 metres, at 12:00 today.",
        ),
        ({"is_device": True}, "From where your device says you are, at 12:00 today."),
    ],
)
def test_the_line_below_the_headline_says_from_where_when_and_how_accurately(facts, said):
    assert origin(**facts).words == said


def test_a_search_from_a_towns_centre_names_the_town():
    found = answer([card(metres=100, is_rough=True)], label="Marrowby", is_rough=True)
    assert found.headline == "1 place open near the middle of Marrowby"


def test_farther_places_fill_the_board_and_no_near_one_is_left_out():
    far = [card(name=f"Far {n}", metres=2000 + n) for n in range(9)]
    few = answer([card(metres=100), *far])
    assert len(few.farther) == 5
    assert len(few.nearby) == 0
    many = answer([*(card(metres=100 + n) for n in range(7)), *far[:3]])
    assert len(many.nearby) == 6
    assert many.farther == []


def test_an_area_only_place_is_sorted_by_its_longest_possible_distance():
    hidden = card(name="Hidden", metres=100, is_exact=False, street="")
    assert answer([hidden, card(name="Known", metres=300)]).near.name == "Known"


# The page


@pytest.fixture
def town(here):
    square = Polygon.from_bbox((HERE.x - 500, HERE.y - 500, HERE.x + 500, HERE.y + 500))
    return Area.objects.create(
        code="X1", name="Exampleton", kind="district", boundary=MultiPolygon(square, srid=27700)
    )


@pytest.fixture
def night_line(db):
    return Service.objects.create(
        name="Night line",
        what_for="At night.",
        number="01632 960111",
        answers="always",
        confirmed_by_name="Ann",
        confirmed_on=timezone.localdate(),
    )


def hours(opens, closes):
    return [(day, datetime.time(*opens), datetime.time(*closes)) for day in range(7)]


@pytest.mark.django_db
def test_the_nearest_open_place_comes_before_the_helplines_even_when_far(
    client, here, place, night_line
):
    place("Far", metres=3000)
    said = words(client.post("/", {"location": "ZZ1 1AA"}))
    assert "No place is open within 15 minutes’ walk" in said
    assert "The nearest that is open: Far" in said
    assert said.index("Far") < said.index("Night line")
    assert "3.0 km" in said


@pytest.mark.django_db
def test_the_page_has_everything_in_the_order_of_the_design(client, here, place, night_line):
    place("First", metres=100)
    place("Second", metres=300)
    place("Farther", metres=2000)
    place("Shut", metres=200, hours=[])
    place("Doubt", metres=250, hours_confirmed_at=None)
    said = words(client.post("/", {"location": "ZZ1 1AA"}))
    order = [
        "2 places open near you",
        "From ZZ1 1AA",
        "First",
        "When you get there",
        "Second",
        "Open, farther away",
        "Farther",
        "Step-free, toilet…",
        "Another time",
        "Not open now",
        "Shut",
        "We do not know the hours",
        "Doubt",
        "Open now by phone",
        "Night line",
        "Look somewhere else",
    ]
    spoken, shown = said[: said.index(order[0])], said[said.index(order[0]) :]
    assert spoken.rstrip().endswith("First, open day and night, 2 minutes’ walk.")
    places = [shown.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.django_db
def test_a_search_from_a_towns_centre_shows_no_minutes(client, town, place):
    place("Library", metres=100)
    said = words(client.post("/", {"location": "Exampleton"}))
    assert "1 place open near the middle of Exampleton" in said
    assert "From the middle of Exampleton, at " in said
    assert "100 metres" in said
    assert not re.search(r"\d minutes?’ walk|\d+ min\b", said)


@pytest.mark.django_db
def test_an_inaccurate_device_position_shows_no_minutes(client, here, place):
    place("Library", metres=100)
    where = {"latitude": "50.9326", "longitude": "-1.2896"}
    sure = words(client.post("/", where | {"accuracy": "30"}))
    assert "give or take 30 metres" in sure
    assert re.search(r"\d minutes?’ walk", sure)
    unsure = words(client.post("/", where | {"accuracy": "5000"}))
    assert "give or take 5.0 km" in unsure
    assert not re.search(r"\d minutes?’ walk", unsure)
    for nonsense in ("-1", "nan", "x", "1e99"):
        assert "give or take" not in words(client.post("/", where | {"accuracy": nonsense}))


@pytest.mark.django_db
def test_a_place_that_closes_before_arrival_says_so(here, place):
    place("Gone", metres=2400, hours=hours((9, 0), (12, 30)))
    Venue.objects.update(hours_confirmed_at=NOON)
    found = arrange(nearest(HERE, NOON), origin())
    assert found.near is None
    assert [each.aside for each in found.too_late] == [
        "is open, but closes at 12:30, before you get there"
    ]


@pytest.mark.parametrize(
    ("agent", "start"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)", "https://maps.apple.com/"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 8)", "geo:"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "https://www.openstreetmap.org/directions"),
    ],
)
@pytest.mark.django_db
def test_directions_open_the_devices_own_map_and_warn_that_it_may_remember(
    client, here, place, agent, start
):
    place("Library", landmark="The blue door opposite the ferry steps")
    response = client.post("/", {"location": "ZZ1 1AA"}, headers={"User-Agent": agent})
    page = response.content.decode()
    [address] = re.findall(r'<a class="btn" href="([^"]*)"', page)
    assert address.startswith(start)
    assert "Library" not in address
    assert "no-store" in response["Cache-Control"]
    said = words(response)
    assert "Your maps app may remember this." in said
    assert "To find the door: The blue door opposite the ferry steps" in said


@pytest.mark.django_db
def test_the_landmark_of_an_area_only_place_is_not_shown(client, here, place):
    place("Hidden", listing="area_only", landmark="The blue door")
    assert "blue door" not in words(client.post("/", {"location": "ZZ1 1AA"}))
