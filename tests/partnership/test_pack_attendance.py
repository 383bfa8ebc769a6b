"""Attendance in the pack."""

import datetime

import pytest

from partnership.models import Partner
from partnership.pack import make_pack
from partnership.pack.pdf import for_paper
from tests.factories import OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, held, make_members

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def chair(scheme):
    return OfficerFactory(scheme=scheme, role="chair").user


def part(pack, key):
    return next(each for each in pack.parts if each.key == key)


def test_the_grid_shows_every_organisation_and_whom_to_ring(scheme, chair):
    first, second = (sign_up.venue.organisation for sign_up in make_members(scheme, 2))
    for organisation, name in ((first, "Anchor"), (second, "Bakery")):  # the grid is by name
        organisation.name = name
        organisation.save()
    police = Partner.objects.create(scheme=scheme, role="Sergeant", organisation="Police")
    held(scheme, chair, datetime.date(2026, 1, 14), [(first, "online")])
    held(scheme, chair, datetime.date(2026, 4, 8), [(first, "missed"), (second, "report")])
    held(
        scheme,
        chair,
        datetime.date(2026, 7, 8),
        [(first, "missed"), (second, "apologies"), (police, "deputy")],
    )
    held(scheme, chair, datetime.date(2025, 7, 9), [(first, "present")])
    pack = make_pack(scheme, QUARTER, TODAY)
    (grid,) = part(pack, "attendance").sheets
    assert grid.header == ["Organisation", "14 Jan 2026", "8 Apr 2026", "8 Jul 2026"]
    assert grid.rows == [
        [first.name, "joined online", "did not come", "did not come"],
        [second.name, "not yet a member", "sent a report", "sent apologies"],
        ["Police: Sergeant", "not yet a member", "not yet a member", "sent a deputy"],
    ]
    assert part(pack, "apologies").lines == [f"8 Jul 2026: {second.name}."]
    assert part(pack, "to_ring").lines == [f"{first.name}: shall we call and ask how things are?"]


def test_a_long_grid_is_summarised_on_paper_and_says_where_the_rest_is(scheme, chair, monkeypatch):
    first, second = (sign_up.venue.organisation for sign_up in make_members(scheme, 2))
    held(scheme, chair, datetime.date(2026, 4, 8), [(first, "online")])
    held(scheme, chair, datetime.date(2026, 7, 8), [(first, "online"), (second, "missed")])
    pack = make_pack(scheme, QUARTER, TODAY)
    assert for_paper(pack).sheets == pack.sheets
    monkeypatch.setattr("partnership.pack.pdf.MOST_ROWS", 1)
    (sums,) = part(for_paper(pack), "attendance").sheets
    assert [row for row in sums.rows if set(row[1:]) != {"0"}] == [
        ["joined online", "1", "1"],
        ["did not come", "0", "1"],
        ["not yet a member", "1", "0"],
    ]
    assert "all 2 are on the page" in sums.notes[0]
