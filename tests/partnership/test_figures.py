import datetime

import pytest
from django.utils import timezone

from common.disclosure import Thresholds
from common.refusals import Refused
from partnership.actions.figures import make_figures, publish_figures, revise_figures
from partnership.models import PeriodFigures, ReturnItem, ReturnSettings, UsageReturn
from partnership.rules.figures import ELSEWHERE, released
from tests.factories import OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, few, make_items, make_members, make_ward, send
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def chair(scheme):
    return OfficerFactory(scheme=scheme, role="chair").user


@pytest.fixture
def items(scheme):
    return make_items(scheme)


def rows(figures, table):
    return {label: figure for _, label, figure in figures.tables["tables"][table]["rows"]}


def test_returns_are_summed_and_disclosure_control_applied(scheme, chair, items):
    for sign_up in make_members(scheme, 4):
        send(sign_up, 9, items=items, reason=[3, 3, 2, 1], outcome=[0, 9, 0, 0])
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.counts["people"] == 36
    assert figures.tables["people"] == 35
    assert figures.tables["venues"] == 4
    assert figures.tables["nil"] == 0
    assert rows(figures, "reason") == {
        "Did not ask": 10,
        "Lost": 10,
        "Unwell": 10,
        "Followed": None,
    }
    assert rows(figures, "outcome") == {
        "Did not ask": 0,
        "Calm space": 35,
        "Directions given": 0,
        "Police": 0,
    }
    assert Event.objects.filter(kind="partnership.figures_made", scheme=scheme).count() == 1


def test_fewer_than_three_venues_have_no_figures(scheme, chair, items):
    for sign_up in make_members(scheme, 2):
        send(sign_up, 100, items=items, reason=[25, 25, 25, 25])
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.tables == {"hide_up_to": 7, "round_to": 5, "venues": 2}


def test_the_nil_count_is_withheld_where_the_number_of_people_is_hidden(scheme, chair, items):
    members = make_members(scheme, 8)
    for sign_up in members[:6]:
        send(sign_up, 1, items=items, reason=[1, 0, 0, 0])
    for sign_up in members[6:]:
        send(sign_up, 0)
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.tables["people"] is None
    assert figures.tables["nil"] is None
    assert rows(figures, "reason") == {}


def test_wards_with_fewer_than_three_venues_are_merged(scheme, chair, items):
    for name, west in [("Abbey", 400000), ("Bridge", 420000), ("Castle", 440000)]:
        make_ward(name, west)
    ground = [(405000, 3), (425000, 2), (445000, 3), (500000, 1)]
    for east, number in ground:
        for sign_up in make_members(scheme, number, east):
            send(sign_up, 10)
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.counts["tables"]["ward"] == {"E05400000": 30, "E05440000": 30, ELSEWHERE: 30}
    assert list(rows(figures, "ward").values()) == [30, 30, 30]


def test_a_single_leftover_venue_is_merged_with_the_smallest_ward(scheme, chair, items):
    for name, west in [("Abbey", 400000), ("Bridge", 420000), ("Castle", 440000)]:
        make_ward(name, west)
    for east, number in [(405000, 5), (425000, 4), (445000, 3), (500000, 1)]:
        for sign_up in make_members(scheme, number, east):
            send(sign_up, 10)
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.counts["tables"]["ward"] == {"E05400000": 50, "E05420000": 40, ELSEWHERE: 40}


def test_a_four_quarter_table_appears_once_and_never_overlaps_another(scheme, chair, items):
    make_members(scheme, 4)
    made = []
    for quarter in QUARTER.last(6):
        few(scheme, items, quarter)
        made.append(make_figures(scheme, quarter, by=chair))
    assert [bool(each.tables["several"]) for each in made] == [
        False,
        False,
        False,
        True,
        False,
        False,
    ]
    several = made[3].tables["several"]
    assert several["from"] == QUARTER.shift(-5).code
    assert list(several["tables"]) == ["reason"], "outcomes are shown by the quarter"
    assert [figure for *_, figure in several["tables"]["reason"]["rows"]] == [30, 15, 15, 15]


@pytest.mark.parametrize("hide_up_to", [9, 12])
def test_a_year_is_made_from_quarters_published_before_the_thresholds_were_raised(
    scheme, chair, items, settings, monkeypatch, hide_up_to
):
    make_members(scheme, 4)
    made = []
    for quarter in QUARTER.last(4):
        if quarter == QUARTER:
            monkeypatch.setattr("common.disclosure.HIDE_UP_TO", hide_up_to)
            settings.DISCLOSURE = Thresholds(hide_up_to)
        few(scheme, items, quarter)
        made.append(make_figures(scheme, quarter, by=chair))
    before, newest = made[:-1], made[-1]
    assert [released(each).thresholds.hide_up_to for each in made] == [7, 7, 7, hide_up_to]
    assert newest.tables["hide_up_to"] == hide_up_to
    assert [each.tables["people"] for each in before] == [20, 20, 20]
    year = newest.tables["several"]["tables"]["reason"]["rows"]
    assert [figure for *_, figure in year] == [30, 15, 15, 15]


def test_figures_are_made_once_and_only_after_the_quarter(scheme, chair):
    with pytest.raises(Refused, match="not over"):
        make_figures(scheme, QUARTER, by=chair, at=timezone.make_aware(a_day_of(QUARTER)))
    with pytest.raises(Refused, match="No return"):
        make_figures(scheme, QUARTER, by=chair)
    send(make_members(scheme, 1)[0], 3)
    make_figures(scheme, QUARTER, by=chair)
    with pytest.raises(Refused, match="already"):
        make_figures(scheme, QUARTER, by=chair)
    assert PeriodFigures.objects.count() == 1


def a_day_of(quarter):
    return datetime.datetime.combine(quarter.ends, datetime.time(12))


def test_late_returns_change_nothing_until_three_venues_justify_a_revision(scheme, chair, items):
    members = make_members(scheme, 6)
    for sign_up in members[:4]:
        send(sign_up, 20)
    figures = make_figures(scheme, QUARTER, by=chair)
    now = timezone.now() + datetime.timedelta(seconds=1)
    for sign_up in members[4:]:
        send(sign_up, 20, at=now)
    figures.refresh_from_db()
    assert figures.tables["people"] == 80
    with pytest.raises(Refused, match="fewer than 3"):
        revise_figures(figures, "Two came late.", by=chair)
    UsageReturn.objects.filter(sign_up=members[0]).update(people=30, changed_at=now)
    with pytest.raises(Refused, match="Say in a sentence"):
        revise_figures(figures, " ", by=chair)
    revised = revise_figures(figures, "Three came late.", by=chair)
    assert (revised.revision, revised.tables["people"]) == (2, 130)
    assert PeriodFigures.objects.latest().get() == revised


def test_revised_figures_do_not_show_what_a_four_quarter_table_already_shows(scheme, chair, items):
    make_members(scheme, 4)
    made = []
    for quarter in QUARTER.last(4):
        few(scheme, items, quarter)
        made.append(make_figures(scheme, quarter, by=chair))
    now = timezone.now() + datetime.timedelta(seconds=1)
    for usage_return in UsageReturn.objects.of(QUARTER):
        usage_return.counts.update(count=40)
        usage_return.changed_at = now
        usage_return.save()
    revised = revise_figures(made[3], "All were wrong.", by=chair)
    assert revised.counts["tables"]["reason"][str(items["reason", "Lost"].pk)] == 160
    assert rows(revised, "reason") == {}
    assert rows(revised, "outcome")["Calm space"] == 160
    assert revised.tables["several"] is None


def test_figures_are_published_once(scheme, chair):
    send(make_members(scheme, 1)[0], 3)
    figures = make_figures(scheme, QUARTER, by=chair)
    published = publish_figures(figures, by=chair)
    assert published.published_by == chair
    with pytest.raises(Refused, match="already"):
        publish_figures(figures, by=chair)


@pytest.mark.parametrize("asks", [True, False])
def test_age_bands_are_included_only_where_the_scheme_asks(scheme, chair, items, asks):
    ReturnSettings.objects.create(scheme=scheme, asks_age_band=asks)
    for label in ["Did not ask", "Child", "Adult"]:
        ReturnItem.objects.create(scheme=scheme, kind="age_band", label=label)
    for sign_up in make_members(scheme, 3):
        send(sign_up, 20)
    figures = make_figures(scheme, QUARTER, by=chair)
    assert ("age_band" in figures.tables["tables"]) == asks
