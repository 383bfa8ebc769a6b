"""Use in the pack: withheld tables say so, and their replacements say what they are."""

import pytest

from partnership.actions.figures import make_figures, publish_figures, revise_figures
from partnership.models import UsageReturn
from partnership.pack.use import compared, use_part
from tests.factories import OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, make_items, make_members, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def chair(scheme):
    return OfficerFactory(scheme=scheme, role="chair").user


def told(scheme, quarter=QUARTER):
    part = use_part(compared(scheme, quarter))
    return part, {sheet.key: sheet for sheet in part.sheets}


def make(scheme, chair, quarter, members, items, reason, outcome):
    for sign_up in members:
        people = sum(reason)
        send(sign_up, people, quarter, items, reason=reason, outcome=outcome)
    return make_figures(scheme, quarter, by=chair)


def test_a_four_quarter_table_replaces_one_with_too_few_people(scheme, chair):
    members, items = make_members(scheme, 4), make_items(scheme)
    for quarter in QUARTER.last(4):
        make(scheme, chair, quarter, members, items, [2, 1, 1, 1], [0, 5, 0, 0])
    part, sheets = told(scheme)
    reason = sheets["reason"]
    assert reason.caption == "Why people came, four quarters together"
    assert reason.header == ["", "October 2025 to September 2026"]
    assert reason.rows[0] == ["Did not ask", "30"]
    assert "The whole scheme and four quarters" in reason.notes[0]
    assert sheets["outcome"].rows[1] == ["Calm space", "20", "20"]
    assert "why people came" not in " ".join(part.lines)
    for key, sheet in sheets.items():
        assert key == "people" or any("add up" in note for note in sheet.notes), key


def test_a_withheld_table_is_explained(scheme, chair):
    members, items = make_members(scheme, 4), make_items(scheme)
    make(scheme, chair, QUARTER, members, items, [2, 1, 1, 1], [0, 5, 0, 0])
    part, sheets = told(scheme)
    assert "reason" not in sheets
    assert any("too few people" in line and "why people came" in line for line in part.lines)


def test_hidden_numbers_are_stars_and_the_method_is_explained(scheme, chair):
    members, items = make_members(scheme, 4), make_items(scheme)
    make(scheme, chair, QUARTER, members, items, [9, 3, 3, 1], [0, 16, 0, 0])
    part, sheets = told(scheme)
    assert sheets["reason"].rows == [
        ["Did not ask", "35"],
        ["Lost", "10"],
        ["Unwell", "10"],
        ["Followed", "*"],
    ]
    assert sheets["reason"].chart.bars[3].length == 0
    for words in ("From 1 to 7", "nearest 5", "4 venues", "kept as they are"):
        assert words in part.how
    assert "do not add up" in sheets["reason"].notes[0]


def test_fewer_than_three_venues_are_described_without_figures(client, scheme, chair):
    members, items = make_members(scheme, 2), make_items(scheme)
    figures = make(scheme, chair, QUARTER, members, items, [90, 0, 0, 0], [0, 90, 0, 0])
    part, sheets = told(scheme)
    assert sheets == {}
    assert "2 venues sent a return" in part.empty
    publish_figures(figures, by=chair)
    page = client.get(f"/statistics/{scheme.slug}/").content.decode()
    assert "no figures for fewer than 3" in page
    assert "180" not in page


def test_revised_figures_say_why(scheme, chair):
    members, items = make_members(scheme, 4), make_items(scheme)
    figures = make(scheme, chair, QUARTER, members, items, [9, 0, 0, 0], [0, 9, 0, 0])
    UsageReturn.objects.update(people=20, changed_at=figures.made_at.replace(year=2099))
    revise_figures(figures, "Four returns were of the wrong quarter.", by=chair)
    part, sheets = told(scheme)
    assert "Revised because: Four returns were of the wrong quarter." in part.lines
    assert sheets["people"].rows[0] == ["People helped", "80"]


def test_a_row_new_this_quarter_has_a_dash_for_the_earlier_one(scheme, chair):
    members, items = make_members(scheme, 4), make_items(scheme)
    make(scheme, chair, QUARTER.previous, members, items, [9, 0, 0, 0], [0, 9, 0, 0])
    new = items["reason", "Lost"]
    new.pk, new.label = None, "Cold"
    new.save()
    make(scheme, chair, QUARTER, members, items, [9, 0, 0, 0], [0, 9, 0, 0])
    rows = told(scheme)[1]["reason"].rows
    assert ["Cold", "0", "–"] in rows
