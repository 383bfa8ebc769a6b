"""Priority areas with what is around them, and priority groups, come first with their figures."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coverage.actions import set_priority_groups
from coverage.models import DrawnArea, PriorityGroup
from coverage.priorities import priorities
from coverage.sums import Question, measure
from geography.models import Area, PopulationBase
from tests.coverage.factories import DrawnAreaFactory, square
from tests.coverage.test_own_areas import polygon, ring
from tests.coverage.town import at, make_areas, make_people, member, rectangle
from tests.factories import OfficerFactory, SchemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    make_people()
    make_areas()
    return SchemeFactory(area=Area.objects.get(kind="district"))


@pytest.fixture
def officer(client, settings, scheme):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    user = OfficerFactory(scheme=scheme, user__is_staff=True).user
    client.force_login(user)
    return user


def area(scheme, name, east=-100, width=200, **more):
    boundary = rectangle(east, width, south=-100, height=200)
    return DrawnAreaFactory(scheme=scheme, name=name, boundary=boundary, **more)


def women(people):
    base = PopulationBase.objects.create(
        name="Women", unit="women", year=2021, is_group=True, imported_at=timezone.now()
    )
    for east, count in people.items():
        base.points.create(code=f"W{east}", people=count, point=at(east))
    return base


def test_the_metres_around_an_area_are_metres_and_count_as_part_of_it(scheme):
    park = area(scheme, "Park")
    assert measure(Question(park)).people == 100
    park.buffer_metres = 899
    del park.measured
    assert measure(Question(park)).people == 100  # B is 900 m from its edge.
    park.buffer_metres = 901
    del park.measured
    assert measure(Question(park)).people == 300


def test_the_surroundings_end_with_the_schemes_area_unless_said_otherwise(scheme):
    whole = scheme.area.boundary
    west, south, __, __ = whole.extent
    edge = MultiPolygon(square(west, south, 100)[0], srid=27700)
    park = DrawnAreaFactory(scheme=scheme, boundary=edge, buffer_metres=500)
    assert whole.buffer(1).covers(park.measured)
    over = DrawnAreaFactory(scheme=scheme, boundary=edge, buffer_metres=500, reaches_outside=True)
    assert not whole.buffer(1).covers(over.measured)
    assert over.measured.area > park.measured.area


def test_an_officer_marks_an_area_and_several_shapes_become_one(client, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    district = Area.objects.create(
        code="E07",
        name="Marrow",
        kind="district",
        vintage=2025,
        boundary=square(440000, 110000, 8000),
    )
    own = SchemeFactory(area=district)
    client.force_login(OfficerFactory(scheme=own, user__is_staff=True).user)
    parks = [json.loads(polygon(ring(west))) for west in (-1.40, -1.38)]
    features = [{"type": "Feature", "properties": {}, "geometry": park} for park in parks]
    data = {"scheme": own.pk, "name": "The parks", "is_priority": "on", "buffer_metres": 200}
    data["geojson"] = json.dumps({"type": "FeatureCollection", "features": features})
    client.post(reverse("admin:draw_area"), data)
    drawn = DrawnArea.objects.get()
    assert (drawn.is_priority, drawn.buffer_metres, len(drawn.boundary)) == (True, 200, 2)
    page = client.get(reverse("admin:redraw_area", args=[drawn.pk]))
    assert page.context["form"].initial["buffer_metres"] == 200
    wrong = client.post(reverse("admin:draw_area"), {**data, "name": "B", "buffer_metres": 2001})
    assert "less than or equal to 2000" in wrong.text or "up to 2000" in wrong.text
    assert DrawnArea.objects.count() == 1


def test_the_coverage_page_shows_priority_areas_first_with_their_own_figures(
    client, scheme, officer
):
    member(0)
    area(scheme, "An ordinary street")
    area(scheme, "Station", is_priority=True)
    area(scheme, "Far park", east=9_900, is_priority=True)
    area(scheme, "Empty park", east=5_000, is_priority=True)
    page = client.get(reverse("coverage"), {"hour": ""})
    lines = page.context["answer"]["priorities"].lines
    assert [(name, row.people, row.covered) for name, (row,) in lines] == [
        ("Empty park", 0, 0),
        ("Far park", 400, 0),
        ("Station", 100, 100),
        ("Smalltown", 1000, 100),
    ]
    assert page.text.index("Priorities first") < page.text.index("Ward by ward")


def test_the_dashboard_begins_with_priority_areas(client, scheme, officer):
    assert "Priority areas" not in client.get(reverse("admin:index")).text
    member(0)
    area(scheme, "Station", is_priority=True)
    other = DrawnAreaFactory(name="Somebody else’s", is_priority=True)
    page = client.get(reverse("admin:index"))
    assert "Priority areas of" in page.text
    assert "100 % of 100 residents" in page.text
    assert other.name not in page.text


def test_priority_groups_come_before_residents_and_others_after(client, scheme, officer):
    member(0)
    base = women({0: 60, 1000: 90})
    area(scheme, "Station", is_priority=True)
    page = client.get(reverse("coverage"), {"hour": ""})
    assert [each.name for each in page.context["answer"]["priorities"].figures] == [
        "residents",
        "women",
    ]
    answer = client.post(
        reverse("set_priority_groups", args=[scheme.pk]), {"bases": [base.pk]}, follow=True
    )
    assert "The priority groups are saved." in answer.text
    figures = priorities(Question(scheme.area), scheme).figures
    assert [(each.name, each.is_priority) for each in figures] == [
        ("women", True),
        ("residents", False),
    ]
    assert [(row.people, row.covered) for row in figures[0].rows] == [(150, 60), (60, 60)]
    set_priority_groups(scheme, bases=[], by=officer)
    assert not PriorityGroup.objects.exists()


def test_a_group_that_is_not_counted_here_is_left_out(scheme):
    women({90_000: 5})
    area(scheme, "Station", is_priority=True)
    assert [each.name for each in priorities(Question(scheme.area), scheme).figures] == [
        "residents"
    ]


def test_the_number_of_queries_does_not_grow_with_the_areas(client, scheme, officer):
    def queries(url):
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    pages = [f"{reverse('coverage')}?hour=", reverse("admin:index")]
    area(scheme, "Station", is_priority=True)
    few = [queries(url) for url in pages]
    for number in range(4):
        area(scheme, f"Park {number}", east=500 * number, is_priority=True, buffer_metres=50)
    assert [queries(url) for url in pages] == few
