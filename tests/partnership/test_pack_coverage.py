"""Coverage in the pack: the snapshots kept at the end of each quarter, side by side."""

import datetime

import pytest
from django.utils import timezone

from coverage.models import Snapshot
from partnership.pack import make_pack
from tests.factories import SchemeFactory
from tests.partnership.use import QUARTER

pytestmark = pytest.mark.django_db


def keep(scheme, quarter, covered, people=1000, within=800):
    ward = {"key": "E05", "name": "Abbey", "people": people // 2, "covered": covered // 2}
    figures = {
        "people": people,
        "covered": covered,
        "within": within,
        "venues": 3,
        "method": "In a straight line.",
        "wards": [ward],
        "week": {"covered": [covered] * 60 + [0] * 108},
    }
    Snapshot.objects.create(
        scheme=scheme,
        year=quarter.year,
        quarter=quarter.number,
        kept_at=timezone.now(),
        figures=figures,
    )


def coverage(scheme):
    pack = make_pack(scheme, QUARTER, datetime.date(2026, 11, 20))
    return next(part for part in pack.parts if part.key == "coverage")


def test_coverage_is_compared_with_earlier_quarters():
    scheme = SchemeFactory()
    keep(scheme, QUARTER, 300)
    keep(scheme, QUARTER.previous, 200)
    keep(SchemeFactory(), QUARTER.year_before, 999)
    part = coverage(scheme)
    whole, wards = part.sheets
    assert part.lines == [
        "100 more people live near a space than at the end of April to June 2026."
    ]
    assert whole.header == ["", "Jul to Sep 2026", "Apr to Jun 2026"]
    assert [row[1:] for row in whole.rows] == [
        ["1,000", "1,000"],
        ["300 (30 %)", "200 (20 %)"],
        ["300 (30 %)", "200 (20 %)"],
        ["0 (0 %)", "0 (0 %)"],
        ["3", "3"],
    ]
    assert wards.rows == [["Abbey", "150 (30 %)", "100 (20 %)"]]
    assert part.how == "In a straight line."


@pytest.mark.parametrize(
    ("people", "covered", "words"),
    [(1000, 250, "50 fewer"), (1000, 300, "As many"), (900, 300, "cannot be compared")],
)
def test_the_change_in_coverage_is_put_into_words(people, covered, words):
    scheme = SchemeFactory()
    keep(scheme, QUARTER, covered, people)
    keep(scheme, QUARTER.year_before, 300)
    assert words in coverage(scheme).lines[0]


def test_without_an_earlier_snapshot_there_is_no_comparison():
    scheme = SchemeFactory()
    keep(scheme, QUARTER, 300)
    assert coverage(scheme).lines == ["No earlier coverage was kept to compare with."]


def test_quarters_measured_with_different_distances_say_theirs_and_are_not_compared():
    scheme = SchemeFactory()
    keep(scheme, QUARTER, 300, within=1000)
    keep(scheme, QUARTER.previous, 200)
    part = coverage(scheme)
    assert part.lines == [
        "The distance was 800 m at the end of April to June 2026 and is 1,000 m now, so shares "
        "cannot be compared."
    ]
    for sheet in part.sheets:
        assert sheet.header[1:] == [
            "Jul to Sep 2026, within 1,000 m",
            "Apr to Jun 2026, within 800 m",
        ]
    assert part.sheets[0].rows[1][0] == "People who live near a space, opening hours left aside"
