"""Missing data names what to import; and adding venues or hours never lowers coverage."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from hypothesis import given, settings
from hypothesis import strategies as st

from common.refusals import Refused
from coverage.sums import Question, measure
from coverage.sums.reach import covered, pairs_within
from geography.models import Area, BasePoint, PopulationBase, PopulationPoint
from tests.factories import SchemeFactory, SignUpFactory

from .town import (
    DISTRICT,
    FRIDAY_22,
    LONG_AGO,
    at,
    daily,
    make_areas,
    make_people,
    make_town,
    member,
    rectangle,
)


def refused(**asked):
    with pytest.raises(Refused) as refusal:
        measure(Question(**{"area": DISTRICT, "at": FRIDAY_22} | asked))
    return str(refusal.value)


@pytest.mark.django_db
class TestMissing:
    def test_without_population_data_nobody_can_be_counted(self):
        make_areas()
        assert refused() == (
            "There is no population data for Smalltown, so nobody can say how many are covered."
            " Import it: manage.py import_population FILE."
        )

    def test_an_uninhabited_area_is_reported(self):
        make_town()
        PopulationPoint.objects.update(people=0)
        assert refused() == "Nobody lives in Smalltown, by the figures known."

    def test_without_wards_the_figure_is_shown_but_the_largest_gap_is_not(self):
        make_people()
        PopulationPoint.objects.update(ward_code="")
        found = measure(Question(DISTRICT, at=FRIDAY_22))
        assert found.people == 1000
        assert found.sentence().endswith("live within 800 m of an open place.")
        assert "No wards are known here. Import them: manage.py import_areas FILE." in found.notes

    def test_points_without_a_ward_code_belong_to_the_ward_around_them(self):
        make_town()
        PopulationPoint.objects.update(ward_code="")
        found = measure(Question(DISTRICT, at=FRIDAY_22))
        assert {row.name: row.people for row in found.wards} == {"West": 300, "East": 700}

    def test_a_ward_without_points_has_a_row_but_no_share(self):
        make_town()
        Area.objects.create(
            code="W-North",
            name="North",
            kind="ward",
            vintage=2025,
            parent_code=DISTRICT,
            boundary=rectangle(0, 100, south=6000, height=100),
        )
        found = measure(Question(DISTRICT, at=FRIDAY_22))
        (north,) = (row for row in found.wards if row.name == "North")
        assert (north.people, north.share) == (0, None)
        assert "No population point lies in the ward North." in found.notes

    def test_a_self_intersecting_drawn_area_is_refused(self):
        make_town()
        corners = [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)]
        bow_tie = MultiPolygon(Polygon(corners), srid=27700)
        area = SimpleNamespace(name="High Street", boundary=bow_tie)
        assert refused(area=area).startswith("The boundary of High Street crosses itself")

    def test_a_drawn_area_has_its_own_figures(self):
        make_town()
        member(0, daily(20, 23))
        area = SimpleNamespace(name="High Street", boundary=rectangle(-100, 1200))
        found = measure(Question(area, at=FRIDAY_22))
        assert (found.people, found.people_covered) == (300, 100)

    def test_venues_without_a_location_are_reported(self):
        make_town()
        scheme = SchemeFactory(area=Area.objects.get(code=DISTRICT))
        for name, point in [("No point", None), ("Shetland", at(0, 900_000))]:
            SignUpFactory(
                approved=True,
                listed=True,
                approved_at=LONG_AGO,
                scheme=scheme,
                venue__name=name,
                venue__point=point,
                venue__hours=daily(20, 23),
            )
        found = measure(Question(DISTRICT, at=FRIDAY_22))
        assert (found.people_covered, found.venues) == (0, 0)
        words = " ".join(found.notes)
        assert "1 venue has no point on the map and is not counted: No point." in words
        assert "1 venue lies more than 20 km outside its scheme’s area" in words
        assert "Shetland" in words

    def test_unknown_counts_are_reported(self):
        make_town()
        words = refused(who=("male",))
        assert words.startswith("4 population points of Smalltown have no count of male.")
        assert "Counts that are known: 16-24, female." in words

    def test_two_sizes_of_small_area_are_never_added_up(self):
        make_town()
        PopulationPoint.objects.create(
            code="E00000001",
            kind="oa",
            vintage=2011,
            people=7,
            district_code=DISTRICT,
            point=at(0),
        )
        assert "which would count some twice" in refused()
        assert measure(Question(DISTRICT, points="oa")).people == 7
        assert measure(Question(DISTRICT, points="lsoa")).people == 1000

    def test_another_population_base_is_named_and_counted(self):
        make_town()
        member(0, daily(20, 23))
        stops = PopulationBase.objects.create(
            name="Bus stops 2026", unit="bus stops", year=2026, imported_at=LONG_AGO
        )
        assert "There are no bus stops in Smalltown." in refused(base=stops)
        for number, east in enumerate([0, 100, 3000]):
            BasePoint.objects.create(base=stops, code=str(number), point=at(east))
        found = measure(Question(DISTRICT, at=FRIDAY_22, base=stops))
        assert found.sentence() == (
            "On Friday at 22:00, 67 % of bus stops (2 of 3) are within 800 m of an open safe space;"
            " the largest gap is East (1 of its bus stops, none within 3 km)."
        )
        assert "bus stops of 2026 (Bus stops 2026)" in found.method
        assert found.deciles == []
        Area.objects.all().delete()
        assert "The boundary of E07999999 is not known" in refused(base=stops)

    def test_internal_and_public_cannot_be_combined(self):
        with pytest.raises(Refused, match="never counted for the public"):
            Question(DISTRICT, internal=True, public=True)


SPOTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(points=SPOTS, venues=SPOTS, radius=st.integers(1, 30), seed=st.integers(0, 99))
def test_adding_a_venue_or_an_hour_never_lowers_coverage(points, venues, radius, seed):
    points, venues = np.array(points, dtype=float), np.array(venues, dtype=float)
    rng = random.Random(seed)
    is_open = np.array([[rng.random() < 0.3 for _hour in range(70)] for _venue in venues])
    every = covered(points, venues, is_open, radius)
    by_hand = [
        [
            any(np.hypot(*(p - v)) <= radius and is_open[i, h] for i, v in enumerate(venues))
            for h in range(70)
        ]
        for p in points
    ]
    assert every.tolist() == by_hand
    fewer = covered(points, venues[1:], is_open[1:], radius)
    assert not (fewer & ~every).any()
    longer = is_open.copy()
    longer[rng.randrange(len(venues)), rng.randrange(70)] = True
    assert not (every & ~covered(points, venues, longer, radius)).any()


def test_pairs_processed_in_chunks_are_complete(monkeypatch):
    rng = np.random.default_rng(1)
    points, venues = rng.uniform(0, 100, (60, 2)), rng.uniform(0, 100, (50, 2))
    whole = {pair for part in pairs_within(points, venues, 40) for pair in zip(*part, strict=True)}
    monkeypatch.setattr("coverage.sums.reach.PAIRS_AT_ONCE", 30)
    parts = list(pairs_within(points, venues, 40))
    assert len(parts) > 20
    assert {pair for part in parts for pair in zip(*part, strict=True)} == whole
