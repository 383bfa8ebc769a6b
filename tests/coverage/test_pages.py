"""The officers' coverage page: the answer, its tables, its map data and its downloads."""

import csv
import io
import json
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage.answers import Cell
from coverage.models import DrawnArea
from geography.grid import to_wgs84
from geography.models import Area, PopulationPoint
from tests.coverage.factories import OtherPlaceFactory, SourceFactory
from tests.coverage.town import at, daily, make_town, member, rectangle
from tests.factories import OfficerFactory, SchemeFactory
from venues.models import Venue

pytestmark = pytest.mark.django_db
NIGHT = {"day": "4", "hour": "22", "week": "2026-11-16"}


@pytest.fixture
def scheme():
    make_town()
    return SchemeFactory(area=Area.objects.get(name="Smalltown"))


@pytest.fixture
def officer(client, scheme):
    officer = OfficerFactory(scheme=scheme, role="viewer")
    client.force_login(officer.user)
    return officer


def page(client, **asked):
    return client.get(reverse("coverage"), {**NIGHT, **asked})


def test_the_answer_comes_first_and_the_tables_agree(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme)
    said = page(client).content.decode()
    assert "On Friday at 22:00, 10 % of residents (100 of 1,000) live within 800 m" in said
    assert "the largest gap is East (700 people" in said
    assert said.index("On Friday at 22:00") < said.index("Show the map") < said.index("Ward by")


def test_an_hour_when_nothing_is_open_says_so(client, officer, scheme):
    member(0, daily(9, 17), scheme=scheme)
    said = page(client).content.decode()
    assert "No venue near here is open then." in said
    assert "0 % of residents (0 of 1,000)" in said


def test_opening_hours_can_be_ignored(client, officer, scheme):
    member(0, daily(9, 17), scheme=scheme)
    assert "Leaving opening hours aside, 10 %" in page(client, hour="").content.decode()


def test_one_ward_or_own_area_can_be_chosen(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme)
    drawn = DrawnArea.objects.create(
        scheme=scheme, name="Station", boundary=rectangle(-100, 200), drawn_by=officer.user
    )
    assert "(100 of 300)" in page(client, area="ward:W-West").content.decode()
    assert "(100 of 100)" in page(client, area=f"drawn:{drawn.pk}").content.decode()


def test_other_distances_answer_the_same_question(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme)
    answer = page(client, factor="1.3", within="1300").context["answer"]
    by_distance = {row.key: row.covered for row in answer["by_distance"]}
    assert by_distance == {
        "400": 100,
        "800": 100,
        "1200": 100,
        "1300": 300,
        "1600": 300,
        "2400": 300,
    }
    assert answer["measures"].people_covered == 300


def test_only_own_internal_venues_count_and_only_when_asked(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme, listing="internal")
    member(1000, daily(9, 23), scheme=SchemeFactory(), listing="internal")
    assert "(0 of 1,000)" in page(client).content.decode()
    assert "(100 of 1,000)" in page(client, internal="on").content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"within": "0"}, "greater than or equal to 1"),
        ({"within": "10000000"}, "less than or equal to 100000"),
        ({"within": "far"}, "Enter a whole number."),
        ({"week": "next week"}, "Enter a valid date."),
        ({"area": "drawn:999"}, "Select a valid choice"),
        ({"day": "8"}, "Select a valid choice"),
        ({"week": "2026-03-23", "day": "6", "hour": "1"}, "the clocks skip that hour"),
        ({"week": "1999-03-23"}, "the years from 2000"),
    ],
)
def test_invalid_input_is_refused_with_a_reason(client, officer, scheme, asked, words):
    said = page(client, **asked).content.decode()
    assert words in said
    assert "of residents" not in said


def test_without_population_data_it_says_what_to_import(client, officer, scheme):
    PopulationPoint.objects.all().delete()
    assert "manage.py import_population" in page(client).content.decode()


def test_without_an_area_it_says_where_to_set_one(client):
    client.force_login(OfficerFactory(scheme=SchemeFactory()).user)
    assert "This scheme has no area yet." in page(client).content.decode()


def test_another_councils_scheme_and_areas_cannot_be_queried(client, officer, scheme):
    other = SchemeFactory(area=scheme.area)
    drawn = DrawnArea.objects.create(
        scheme=other, name="Theirs", boundary=rectangle(0, 200), drawn_by=officer.user
    )
    for asked in ({"scheme": other.pk}, {"area": f"drawn:{drawn.pk}"}):
        said = page(client, **asked).content.decode()
        assert "Select a valid choice" in said
        assert "Theirs" not in said


def test_notes_never_name_another_councils_venue(client, officer, scheme):
    member(0, scheme=scheme, name="Ours", point=None, listing="internal")
    member(0, scheme=SchemeFactory(area=scheme.area), name="Theirs", point=None, listing="internal")
    said = page(client).content.decode()
    assert "1 venue has no point on the map and is not counted: Ours." in said
    assert "Theirs" not in said


def test_other_spaces_count_only_from_the_chosen_list(client, officer, scheme):
    ours, theirs = SourceFactory(scheme=scheme, name="List"), SourceFactory(name="List")
    OtherPlaceFactory(source=ours, point=at(0))
    OtherPlaceFactory(source=theirs, point=at(1000))
    said = page(client, hour="", other_places=[ours.pk]).content.decode()
    assert "(100 of 1,000)" in said
    assert "with List as if they had joined" in said
    assert "Select a valid choice" in page(client, other_places=[theirs.pk]).content.decode()


def test_map_data_covers_every_hour_of_the_week(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme, name="Library")
    data = client.get(reverse("coverage_map_data"), NIGHT).json()
    assert data["people"] == 1000
    assert len(data["covered"]) == len(data["labels"]) == 168
    assert data["labels"][4 * 24 + 22] == "Friday 22:00"
    assert (data["covered"][4 * 24 + 22], data["covered"][4 * 24 + 23]) == (100, 0)
    west = next(area for area in data["areas"]["features"] if area["id"] == "W-West")
    assert west["properties"]["covered"][4 * 24 + 22] == 100
    assert west["geometry"]["type"].endswith("Polygon")
    (library,) = data["venues"]["features"]
    assert library["properties"]["states"][9] == "1"
    assert library["properties"]["states"][8] == "0"
    longitude, latitude = library["geometry"]["coordinates"]
    assert -2.1 < longitude < -1.9
    assert 51 < latitude < 52
    assert [point["people"] for point in data["points"]] == [100, 200, 300, 400]
    assert [point["covered"][4 * 24 + 22] for point in data["points"]] == ["1", "0", "0", "0"]


def test_another_councils_area_only_venue_stays_private(client, officer, scheme):
    for whose in ({}, {"scheme": scheme}):
        member(1234, daily(9, 23), **whose, name="Refuge", listing="area_only")
    theirs, ours = Venue.objects.order_by("pk")
    data = client.get(reverse("coverage_map_data"), NIGHT).json()
    drawn = [tuple(each["geometry"]["coordinates"]) for each in data["venues"]["features"]]
    for venue, point in ((theirs, theirs.public_point), (ours, ours.point)):
        there = to_wgs84(point)
        near = [each for each in drawn if math.dist(each, there) < 0.0001]
        assert len(near) == 1, venue
    assert data["covered"][4 * 24 + 22] == 500  # It counts at its real location.


def test_every_figure_can_be_downloaded(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme)
    answer = client.get(reverse("coverage_csv"), NIGHT)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["What"] for row in rows} >= {"Whole area", "Ward", "Small area"}
    assert rows[0]["Covered"] == "100"
    assert rows[0]["Share"] == "0.1000"
    assert "800 m in a straight line" in rows[0]["How it was worked out"]
    answer = client.get(reverse("coverage_week_csv"), NIGHT)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 168
    assert rows[0]["Covered"] == "0"
    assert rows[9]["Covered"] == "100"
    shapes = json.loads(client.get(reverse("coverage_geojson"), NIGHT).content)
    assert {shape["properties"]["name"] for shape in shapes["features"]} == {"East", "West"}


def test_the_page_uses_a_constant_number_of_queries(client, officer, scheme):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client)
        return len(queries)

    member(0, daily(9, 23), scheme=scheme)
    few = asked()
    for east in range(100, 900, 100):
        member(east, daily(9, 23), scheme=scheme)
    assert asked() == few


@pytest.mark.parametrize(
    ("share", "percent", "step"),
    [
        (None, "–", "none"),
        (0, "0", "0"),
        (0.004, "<1", "0"),
        (0.796, "80", "3"),
        (0.996, ">99", "4"),
    ],
)
def test_a_cell_never_rounds_to_all_or_nobody(share, percent, step):
    cell = Cell(0, share)
    assert (cell.percent, cell.shade) == (percent, step)


class TestWhatThePublicSees:
    def test_the_public_page_is_off_until_an_administrator_turns_it_on(
        self, client, officer, scheme
    ):
        address = reverse("scheme_coverage", args=[scheme.slug])
        assert client.get(address).status_code == 404
        show = reverse("show_coverage", args=[scheme.pk])
        assert client.post(show).status_code == 404
        client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
        client.post(show)
        client.logout()
        assert client.get(address).status_code == 200
        assert scheme.name in client.get(reverse("public_coverage")).content.decode()

    def test_another_councils_administrator_cannot_turn_it_on(self, client, scheme):
        client.force_login(OfficerFactory(role="administrator").user)
        assert client.post(reverse("show_coverage", args=[scheme.pk])).status_code == 404

    def test_the_public_page_has_no_hours_internal_venues_or_hidden_addresses(self, client, scheme):
        client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
        member(0, daily(9, 17), scheme=scheme, name="Open Door")
        member(1000, daily(9, 17), scheme=scheme, name="Secret", listing="internal")
        client.post(reverse("show_coverage", args=[scheme.pk]))
        client.logout()
        said = client.get(reverse("scheme_coverage", args=[scheme.slug]))
        assert "(100 of 1,000)" in said.content.decode()
        assert not said.cookies
        data = client.get(reverse("scheme_coverage_data", args=[scheme.slug])).json()
        assert [venue["properties"] for venue in data["venues"]["features"]] == [
            {"name": "Open Door"}
        ]
        assert "covered" not in data
        assert "points" not in data

    def test_the_public_page_goes_when_it_or_its_scheme_is_hidden(self, client, scheme):
        client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
        client.post(reverse("show_coverage", args=[scheme.pk]))
        client.post(reverse("hide_coverage", args=[scheme.pk]))
        client.logout()
        assert client.get(reverse("scheme_coverage", args=[scheme.slug])).status_code == 404
        assert "No scheme shows" in client.get(reverse("public_coverage")).content.decode()
