import pytest
from django.contrib.admin.sites import site
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from accounts.models import User
from geography.models import Area, PopulationPoint, Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    point = Point(442294, 112126, srid=27700)
    square = MultiPolygon(Polygon.from_bbox((442000, 112000, 443000, 113000)), srid=27700)
    return [
        Area.objects.create(code="E05", name="Bargate", kind="ward", boundary=square),
        Postcode.objects.create(postcode="SO14 0AA", outward="SO14", quality=10, point=point),
        PopulationPoint.objects.create(
            code="E01000001", kind="lsoa", vintage=2021, people=9, point=point
        ),
    ]


def test_only_the_installations_operator_sees_geography_and_nobody_changes_it(rows, rf):
    for row in rows:
        admin = site.get_model_admin(type(row))
        request = rf.get("/")
        request.user = User(is_staff=True, is_active=True)
        assert not admin.has_view_permission(request)
        request.user = User(is_staff=True, is_active=True, is_superuser=True)
        assert admin.has_view_permission(request)
        assert not admin.has_add_permission(request)
        assert not admin.has_change_permission(request, row)
        assert not admin.has_delete_permission(request, row)


def test_lists_open_and_can_be_searched(rows, rf):
    for row, sought in zip(rows, ["bargate", "so14 0aa", "E01000001"], strict=True):
        request = rf.get("/", {"q": sought})
        request.user = User(is_staff=True, is_active=True, is_superuser=True)
        changes = site.get_model_admin(type(row)).get_changelist_instance(request)
        assert list(changes.queryset) == [row]


def test_the_shape_is_not_a_form_field(rows, rf):
    for row in rows:
        request = rf.get("/")
        request.user = User(is_staff=True, is_active=True, is_superuser=True)
        fields = site.get_model_admin(type(row)).get_fields(request, row)
        assert not {"boundary", "point"} & set(fields)
