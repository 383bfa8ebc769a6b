"""Areas that officers draw, paste or merge; errors in them are explained."""

import json

import pytest
from django.urls import reverse

from coverage.models import DrawnArea
from geography.models import Area
from tests.coverage.factories import DrawnAreaFactory, GapFactory, square
from tests.factories import OfficerFactory, SchemeFactory

pytestmark = pytest.mark.django_db


def ring(west=-1.40, south=50.90, size=0.005):
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(corners=None):
    return json.dumps({"type": "Polygon", "coordinates": [corners or ring()]})


@pytest.fixture
def scheme():
    district = Area.objects.create(
        code="E07",
        name="Marrow",
        kind="district",
        vintage=2025,
        boundary=square(440000, 110000, 8000),
    )
    return SchemeFactory(area=district)


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme).user
    client.force_login(user)
    return user


def ward(code, east):
    return Area.objects.create(
        code=code,
        name=f"Ward {code}",
        kind="ward",
        vintage=2025,
        parent_code="E07",
        boundary=square(east, 111000),
    )


def send(client, own, **data):
    data = {"scheme": own.pk, "name": "High street", **data}
    return client.post(reverse("admin:draw_area"), data, follow=True).content.decode()


def test_an_area_is_drawn_as_geojson(client, officer, scheme):
    assert "The area is drawn." in send(client, scheme, geojson=polygon())
    area = DrawnArea.objects.get()
    assert (area.name, area.scheme, area.drawn_by) == ("High street", scheme, officer)
    assert area.boundary.geom_type == "MultiPolygon"
    assert 350 * 550 < area.boundary.area < 351 * 557


def test_wards_and_other_areas_are_merged(client, officer, scheme):
    one, two, three = ward("E05001", 441000), ward("E05002", 442000), ward("E05003", 445000)
    assert "Ward E05001" in client.get(reverse("admin:coverage_drawnarea_add")).content.decode()
    send(client, scheme, wards=[one.pk, two.pk], codes=f"{three.code}")
    assert DrawnArea.objects.get().boundary.area == pytest.approx(3_000_000)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Draw the area, choose wards, or paste its boundary."),
        ({"geojson": "a high street"}, "This is not GeoJSON."),
        ({"geojson": "[" * 5000}, "This is not GeoJSON."),
        ({"geojson": '{"type": "FeatureCollection", "features": []}'}, "There is no area"),
        ({"geojson": '{"type": "Point", "coordinates": [1, 2]}'}, "Only areas can be taken"),
        ({"geojson": polygon([[0, 51], [0.1, 51]])}, "ring that is not closed"),
        ({"geojson": polygon(ring(50.9, -1.4))}, "longitude and latitude are exchanged"),
        ({"geojson": polygon(ring(-1.2))}, "100 % of this area lies outside Marrow"),
        ({"geojson": polygon([[-1.4, 50.9], [-1.39, 50.9], [-1.38, 50.9], [-1.4, 50.9]])}, "empty"),
        ({"codes": "E01999999, E01999998"}, "No boundary has been imported for: E01999999, E0"),
        ({"geojson": polygon(), "name": ""}, "This field is required"),
        ({"geojson": polygon(), "scheme": "0"}, "Select a valid choice"),
    ],
)
def test_an_invalid_area_is_refused_with_a_reason(client, officer, scheme, data, words):
    assert words in send(client, scheme, **data)
    assert not DrawnArea.objects.exists()


def test_the_error_says_where_a_boundary_crosses_itself(client, officer, scheme):
    bow_tie = [[-1.4, 50.9], [-1.39, 50.91], [-1.39, 50.9], [-1.4, 50.91], [-1.4, 50.9]]
    text = send(client, scheme, geojson=polygon(bow_tie))
    assert "The boundary crosses itself at latitude 50.9050" in text
    assert not DrawnArea.objects.exists()


def test_area_names_are_unique(client, officer, scheme):
    DrawnAreaFactory(scheme=scheme, name="High street")
    assert "There is an area of this name already." in send(client, scheme, geojson=polygon())
    assert DrawnArea.objects.count() == 1


def test_an_area_is_redrawn_and_removed(client, officer, scheme):
    send(client, scheme, geojson=polygon())
    area = DrawnArea.objects.get()
    page = client.get(reverse("admin:coverage_drawnarea_change", args=[area.pk])).content.decode()
    assert "MultiPolygon" in page
    redraw = reverse("admin:redraw_area", args=[area.pk])
    client.post(redraw, {"name": "The quay", "geojson": polygon(ring(size=0.01))})
    area.refresh_from_db()
    assert area.name == "The quay"
    assert area.boundary.area > 700_000
    remove = reverse("admin:remove_area", args=[area.pk])
    gap = GapFactory(scheme=scheme, drawn_area=area)
    assert str(gap) in client.post(remove, follow=True).content.decode()
    gap.delete()
    client.post(remove)
    assert not DrawnArea.objects.exists()


def test_boundaries_can_be_downloaded_as_geojson(client, officer, scheme):
    DrawnAreaFactory(scheme=scheme, boundary=square(441000, 111000))
    (feature,) = client.get(reverse("admin:coverage_drawnarea_geojson")).json()["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_a_viewer_can_look_and_another_council_sees_nothing(client, scheme):
    area = DrawnAreaFactory(scheme=scheme, boundary=square(441000, 111000))
    change = reverse("admin:coverage_drawnarea_change", args=[area.pk])
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    assert "100.0 hectares" in client.get(change).content.decode()
    assert client.post(reverse("admin:redraw_area", args=[area.pk])).status_code == 403
    assert client.post(reverse("admin:draw_area")).status_code == 403
    client.force_login(OfficerFactory().user)
    assert client.get(change).status_code == 302
    assert client.post(reverse("admin:remove_area", args=[area.pk])).status_code == 404
