"""`manage.py coverage`, for analysts and scheduled reports."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from .factories import OtherPlaceFactory
from .town import DISTRICT, at, daily, make_town, member

pytestmark = pytest.mark.django_db
FRIDAY = "2026-11-20T22:00"


@pytest.fixture
def coverage(capsys):
    """Run the command for the town and return its output."""
    make_town()

    def coverage(*arguments):
        call_command("coverage", "--area", DISTRICT, "--within", "800", *arguments)
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return coverage


def test_it_prints_exactly_five_things(coverage):
    member(0, daily(20, 23))
    lines = coverage("--at", FRIDAY).splitlines()
    assert lines[:4] == ["people: 1000", "people_covered: 100", "share: 0.1", "venues: 1"]
    assert lines[4].startswith("method: Within 800 m in a straight line; residents of 2021")
    assert len(lines) == 5


def test_json_and_csv_hold_the_same_figures(coverage):
    member(0, daily(20, 23))
    found = json.loads(coverage("--at", FRIDAY, "--format", "json"))
    assert list(found) == ["people", "people_covered", "share", "venues", "method"]
    (row,) = csv.DictReader(io.StringIO(coverage("--at", FRIDAY, "--format", "csv")))
    assert row == {name: str(value) for name, value in found.items()}


def test_without_a_moment_opening_hours_are_ignored(coverage):
    member(0, daily(9, 17))
    found = json.loads(coverage("--format", "json"))
    assert (found["people_covered"], found["venues"]) == (100, 1)
    assert "opening hours left aside" in found["method"]


def test_a_walking_factor_is_applied_when_given(coverage):
    member(700, daily(20, 23))
    assert json.loads(coverage("--format", "json"))["people_covered"] == 300
    found = json.loads(coverage("--format", "json", "--factor", "1.3"))
    assert found["people_covered"] == 200
    assert "1.3 times the straight line" in found["method"]


def test_the_week_has_168_hours(coverage):
    member(0, daily(20, 23))
    found = json.loads(coverage("--week", "--at", FRIDAY, "--format", "json"))
    covered = {hour["hour"]: hour["people_covered"] for hour in found["hours"]}
    assert len(covered) == 168
    assert [covered[f"2026-11-20T{hour}:00"] for hour in (19, 20, 22, 23)] == [0, 100, 100, 0]
    assert coverage("--week", "--at", FRIDAY, "--format", "csv").count("\n") == 169
    assert "2026-11-20T22:00             100  0.1000       1" in coverage("--week", "--at", FRIDAY)


def test_other_spaces_count_by_their_own_hours_as_if_they_had_joined(coverage):
    OtherPlaceFactory(source__name="Libraries", point=at(0), hours=daily(9, 17))
    OtherPlaceFactory(source__name="Late shops", point=at(1000), hours=daily(20, 2))
    OtherPlaceFactory(source__name="Halls", point=at(2000))
    assert json.loads(coverage("--at", FRIDAY, "--format", "json"))["people_covered"] == 0
    lists = ["--other-places", "Libraries", "Late shops", "Halls", "--format", "json"]
    found = json.loads(coverage("--at", FRIDAY, *lists))
    assert (found["people_covered"], found["venues"]) == (200, 1)
    assert "with Libraries, Late shops, Halls as if they had joined" in found["method"]
    assert "1 whose hours are not confirmed is left aside" in found["method"]
    assert json.loads(coverage("--at", "2026-11-20T12:00", *lists))["people_covered"] == 100
    assert json.loads(coverage("--at", "2026-11-21T01:00", *lists))["people_covered"] == 200
    assert json.loads(coverage(*lists))["people_covered"] == 600


def test_a_space_that_is_already_a_member_counts_once(coverage):
    venue = member(0, daily(20, 23))
    by = venue.sign_ups.get().started_by
    OtherPlaceFactory(
        source__name="Halls", point=at(0), venue=venue, linked_at=venue.created_at, linked_by=by
    )
    found = json.loads(coverage("--other-places", "Halls", "--format", "json"))
    assert found["venues"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--at", "2026-03-29T01:30"], "the clocks skip that hour"),
        (["--at", "Friday"], "“Friday” is no moment. Write it like 2026-11-20T22:00."),
        (["--at", "0001-01-01T00:00"], "in the years from 2000 to 2099"),
        (["--within", "0"], "Choose a distance from 1 metre to 100 km."),
        (["--within", "10000000"], "Choose a distance from 1 metre to 100 km."),
        (["--within", "nan"], "Choose a distance from 1 metre to 100 km."),
        (["--factor", "0.5"], "Choose a walking factor from 1"),
        (["--other-places", "Nowhere"], "There is no list of other spaces “Nowhere”."),
        (["--points", "oa"], "No people of each output area are known."),
        (["--area", "E09000002"], "Nothing is known of the area E09000002"),
    ],
)
def test_invalid_options_are_refused_with_a_reason(coverage, arguments, says):
    with pytest.raises(CommandError, match=says.replace("?", r"\?")):
        coverage(*arguments)
