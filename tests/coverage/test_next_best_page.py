"""The page that ranks which building would help most, and where it leads."""

import csv
import io

import pytest
from django.urls import reverse

from coverage.models import OtherPlace
from geography.models import Area, Postcode
from tests.coverage.factories import OtherPlaceFactory, SourceFactory
from tests.coverage.town import at, daily, make_town, member
from tests.factories import OfficerFactory, SchemeFactory

pytestmark = pytest.mark.django_db
FRIDAY_NIGHT = {"week": "2026-11-16", "days": ["4"], "opens": "20", "closes": "24"}


@pytest.fixture
def scheme():
    make_town()
    return SchemeFactory(area=Area.objects.get(name="Smalltown"))


@pytest.fixture
def officer(client, scheme):
    officer = OfficerFactory(scheme=scheme, role="officer")
    client.force_login(officer.user)
    return officer


def page(client, **asked):
    return client.get(reverse("coverage_next_best"), {**FRIDAY_NIGHT, **asked})


def other_place(scheme, east, name):
    source = SourceFactory(scheme=scheme)
    return OtherPlaceFactory(source=source, name=name, point=at(east))


def test_the_best_building_comes_first_and_links_to_a_gap(client, officer, scheme):
    small, large = other_place(scheme, 0, "Chapel"), other_place(scheme, 10_000, "Arena")
    answer = page(client, candidates=[small.source_id, large.source_id])
    said = " ".join(answer.content.decode().split())
    assert "Arena would help most: it would newly cover 400 residents, from 0 % to 40 %." in said
    assert said.index("1. <a") < said.index("2. <a")
    assert "Friday 20:00 to 24:00" in said
    assert f"other_place={large.pk}" in said
    gap = client.get(answer.context["picks"][0][2])
    assert gap.status_code == 200
    assert "Arena would help most" in gap.content.decode()


def test_longer_opening_venues_and_postcodes_are_candidates_too(client, officer, scheme):
    member(2000, daily(9, 17), scheme=scheme, name="Library")
    Postcode.objects.create(postcode="SO14 0AA", outward="SO14", quality=10, point=at(1000))
    picks = page(client, longer="on", postcodes="so140aa\n").context["answer"].picks
    assert [(pick.kind, pick.name, pick.people) for pick in picks] == [
        ("longer", "Library", 300),
        ("point", "SO14 0AA", 200),
    ]


def test_another_councils_venue_is_not_asked_to_open_longer(client, officer, scheme):
    member(2000, daily(9, 17), name="Theirs")
    said = page(client, longer="on").content.decode()
    assert "There are no candidates near." in said
    assert "Theirs" not in said


def test_nothing_is_proposed_when_everybody_is_covered(client, officer, scheme):
    member(0, daily(9, 23), scheme=scheme)
    said = page(client, longer="on", area="ward:W-West", within="2000", opens="10", closes="12")
    assert "There are no candidates near." in said.content.decode()
    mine = other_place(scheme, 0, "Chapel")
    said = page(
        client, candidates=[mine.source_id], area="ward:W-West", within="2000", closes="22"
    ).content.decode()
    assert "None of these would cover anybody" in said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"picks": "0"}, "greater than or equal to 1"),
        ({"picks": "500"}, "less than or equal to 50"),
        ({"postcodes": "ZZ99 9ZZ"}, "We do not know where this is: ZZ99 9ZZ."),
        ({"candidates": "999"}, "Select a valid choice"),
        ({"days": "9"}, "Select a valid choice"),
        ({}, "There are no candidates near."),
        ({"days": [], "longer": "on"}, "Choose the hours in which a venue could open longer."),
    ],
)
def test_invalid_input_is_refused_with_a_reason(client, officer, scheme, asked, words):
    assert words in page(client, **asked).content.decode()


def test_another_councils_spaces_are_not_candidates(client, officer, scheme):
    theirs = other_place(SchemeFactory(), 0, "Theirs")
    said = page(client, candidates=[theirs.source_id]).content.decode()
    assert "Select a valid choice" in said
    assert "Theirs" not in said


def test_the_list_can_be_downloaded_and_is_on_the_map(client, officer, scheme):
    arena = other_place(scheme, 10_000, "=Arena")
    asked = {**FRIDAY_NIGHT, "candidates": [arena.source_id]}
    answer = client.get(reverse("coverage_next_best_csv"), asked)
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["Name"] == "'=Arena"
    assert row["Newly covered: residents"] == "400"
    assert "63 %" in row["How it was worked out"]
    (pick,) = client.get(reverse("coverage_next_best_data"), asked).json()["picks"]["features"]
    assert pick["properties"]["name"] == "1. =Arena"


def test_map_data_includes_other_spaces_but_not_other_councils(client, officer, scheme):
    other_place(scheme, 0, "Chapel")
    other_place(SchemeFactory(), 0, "Theirs")
    data = client.get(reverse("coverage_map_data"), {"week": "2026-11-16"}).json()
    assert [each["properties"]["name"] for each in data["other_places"]["features"]] == ["Chapel"]
    assert OtherPlace.objects.count() == 2
