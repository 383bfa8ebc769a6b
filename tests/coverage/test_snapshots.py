"""Each quarter's coverage is kept once, and can be recomputed from dated records."""

import datetime
import re

import pytest
from django.urls import reverse

from common.refusals import Refused
from coverage.actions import keep_snapshot
from coverage.duties import keep_snapshots
from coverage.models import Snapshot
from coverage.snapshots import change_since, recompute_snapshot
from geography.models import Area, PopulationPoint
from tests.factories import OfficerFactory, SchemeFactory
from venues.actions import change_venue
from venues.hours.model import LONDON
from venues.models import Event, Venue, VenueVersion

from .town import DISTRICT, LONG_AGO, at, daily, make_town, member

pytestmark = pytest.mark.django_db
OCTOBER = datetime.datetime(2026, 10, 1, 6, tzinfo=LONDON)


@pytest.fixture
def scheme():
    make_town()
    area = Area.objects.get(code=DISTRICT)
    return SchemeFactory(area=area, opened_at=LONG_AGO)


def test_the_duty_keeps_the_past_quarter_once(scheme):
    member(0, daily(9, 17), scheme=scheme)
    assert keep_snapshots(OCTOBER) == 1
    assert keep_snapshots(OCTOBER + datetime.timedelta(days=40)) == 0
    snapshot = Snapshot.objects.get()
    assert str(snapshot) == "July to September 2026"
    assert snapshot.last_day == datetime.date(2026, 9, 30)
    assert (snapshot.figures["people"], snapshot.figures["covered"]) == (1000, 100)
    assert snapshot.share == 0.1
    week = snapshot.figures["week"]
    assert week["monday"] == "2026-09-21"
    assert [week["covered"][hour] for hour in (8, 9, 16, 17)] == [0, 100, 100, 0]
    event = Event.objects.get(kind="coverage.snapshot_kept")
    assert (event.scheme, event.data) == (scheme, {"quarter": "July to September 2026"})


def test_recomputing_gives_the_kept_figures(scheme):
    member(0, daily(9, 17), scheme=scheme)
    member(1000, daily(20, 4), scheme=scheme, bank_holidays="closed")
    keep_snapshots(OCTOBER)
    snapshot = Snapshot.objects.get()
    assert snapshot.figures["covered"] == 300
    assert recompute_snapshot(snapshot) == snapshot.figures


def test_a_venue_counts_where_it_was_then_not_where_it_is_now(scheme):
    venue = member(0, daily(9, 17), scheme=scheme)
    VenueVersion.objects.create(
        venue=venue, point=venue.point, listing="public", valid_from=LONG_AGO.date()
    )
    keep_snapshots(OCTOBER)
    snapshot = Snapshot.objects.get()
    change_venue(venue, {"point": at(2000)}, by=scheme.opened_by)
    assert Venue.objects.get().point.x == at(2000).x
    assert recompute_snapshot(snapshot) == snapshot.figures
    assert change_since(snapshot) == (
        "Opening hours left aside, 30 % of residents live within 800 m of a safe space today; at"
        " the end of July to September 2026 it was 10 % (200 people fewer)."
    )


def test_replaced_hours_count_as_they_were(scheme):
    venue = member(0, daily(9, 17), scheme=scheme)
    keep_snapshots(OCTOBER)
    venue.opening_hours.update(valid_to=datetime.date(2026, 10, 10))
    venue.opening_hours.create(
        weekday=0,
        opens=datetime.time(20),
        closes=datetime.time(22),
        valid_from=datetime.date(2026, 10, 10),
    )
    snapshot = Snapshot.objects.get()
    assert recompute_snapshot(snapshot) == snapshot.figures


def test_a_venue_that_joined_later_is_not_in_the_record(scheme):
    venue = member(0, daily(9, 17), scheme=scheme)
    venue.sign_ups.update(approved_at=OCTOBER + datetime.timedelta(days=1))
    keep_snapshots(OCTOBER)
    assert Snapshot.objects.get().figures["covered"] == 0


def test_figures_with_different_population_data_are_not_compared(scheme):
    keep_snapshots(OCTOBER)
    PopulationPoint.objects.filter(name="Smalltown A").update(people=5)
    assert "cannot be compared" in change_since(Snapshot.objects.get())


def test_the_last_quarter_of_a_year_is_kept_in_january(scheme):
    assert keep_snapshots(datetime.datetime(2027, 1, 1, 1, tzinfo=LONDON)) == 1
    snapshot = Snapshot.objects.get()
    assert (snapshot.year, snapshot.quarter) == (2026, 4)
    assert snapshot.figures["week"]["monday"] == "2026-12-14"


def test_a_scheme_without_area_or_people_or_not_open_is_skipped(scheme):
    SchemeFactory(opened_at=LONG_AGO)
    scheme.__class__.objects.filter(pk=scheme.pk).update(opened_at=OCTOBER)
    assert keep_snapshots(OCTOBER) == 0
    scheme.__class__.objects.filter(pk=scheme.pk).update(opened_at=LONG_AGO)
    PopulationPoint.objects.all().delete()
    assert keep_snapshots(OCTOBER) == 0
    assert not Event.objects.filter(kind="coverage.snapshot_kept").exists()


def test_a_current_or_already_kept_quarter_is_refused(scheme):
    with pytest.raises(Refused, match="October to December 2026 is not over yet"):
        keep_snapshot(scheme, 2026, 4, at=OCTOBER)
    keep_snapshot(scheme, 2026, 3, at=OCTOBER)
    with pytest.raises(Refused, match="is kept already"):
        keep_snapshot(scheme, 2026, 3, at=OCTOBER)
    assert Snapshot.objects.count() == 1


def test_the_officer_sees_each_quarter_and_whether_it_still_reproduces(scheme, client):
    venue = member(0, daily(9, 17), scheme=scheme)
    keep_snapshots(OCTOBER)
    snapshot = Snapshot.objects.get()
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    page = reverse("admin:coverage_snapshot_change", args=[snapshot.pk])
    read = client.get(page).content.decode()
    assert "it comes out the same" in read
    assert "residents of 2021" in read
    assert "(as many people as today)" in read
    listed = client.get(reverse("admin:coverage_snapshot_changelist")).content.decode()
    assert "July to September 2026" in listed
    asked = client.get(reverse("coverage"), {"scheme": scheme.pk}).content.decode()
    assert page in asked
    venue.sign_ups.update(approved_at=OCTOBER)
    assert "it comes out differently" in client.get(page).content.decode()
    PopulationPoint.objects.all().delete()
    assert "There is no population data for Smalltown" in client.get(page).content.decode()


def test_before_the_first_quarter_the_page_says_so(scheme, client):
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    asked = client.get(reverse("coverage"), {"scheme": scheme.pk}).content.decode()
    assert "Nothing is kept yet" in asked


def test_each_quarter_says_the_distance_it_was_measured_with(client, scheme, monkeypatch):
    member(0, daily(9, 17), scheme=scheme)
    keep_snapshot(scheme, 2026, 2, at=OCTOBER)
    monkeypatch.setattr("coverage.snapshots.WITHIN", 1000)
    keep_snapshot(scheme, 2026, 3, at=OCTOBER)
    client.force_login(OfficerFactory(scheme=scheme).user)
    said = " ".join(client.get(reverse("coverage")).content.decode().split())
    assert re.findall(r"% within ([\d,]+ m)", said) == ["1,000 m", "800 m"]
