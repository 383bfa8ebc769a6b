"""A scheme's area is set by the README's commands or in the admin."""

from io import StringIO

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError, call_command
from django.urls import reverse

from geography.models import Area
from tests.factories import OfficerFactory, SchemeFactory
from venues.models import Scheme

pytestmark = pytest.mark.django_db
SQUARE = MultiPolygon(Polygon.from_bbox((400000, 100000, 410000, 110000)), srid=27700)


def make_area(code="E07000094", vintage=2024, kind="district"):
    return Area.objects.create(
        code=code, name=f"{code} {vintage}", kind=kind, vintage=vintage, boundary=SQUARE
    )


def create(**options):
    given = {"council": "Example", "email": "team@example.org", "stdout": StringIO(), **options}
    call_command("create_scheme", "spaces_of_sanctuary", **given)


def test_create_scheme_uses_the_newest_boundary_for_a_code():
    make_area(vintage=2021)
    newest = make_area(vintage=2024)
    create(area="e07000094")
    assert Scheme.objects.get().area == newest


def test_an_unknown_code_is_refused_and_nothing_is_created():
    with pytest.raises(CommandError, match="Bring it in with import_areas first"):
        create(area="E07000094")
    assert not Scheme.objects.exists()


def test_an_administrator_can_set_the_area_in_the_admin(client):
    scheme = SchemeFactory(area=None)
    district, output_area = make_area(), make_area("E00000001", kind="oa")
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    address = reverse("admin:venues_scheme_change", args=[scheme.pk])
    form = client.get(address).context["adminform"].form
    assert district in form.fields["area"].queryset
    assert output_area not in form.fields["area"].queryset
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    rows = ("contacts", "contact_kinds", "checks_asked", "clearances")
    counts = ("TOTAL_FORMS", "INITIAL_FORMS")
    contacts = {f"{row}-{count}": 0 for row in rows for count in counts}
    answer = client.post(address, data | {"area": district.pk, "slug": scheme.slug} | contacts)
    assert answer.status_code == 302, answer.context["errors"]
    scheme.refresh_from_db()
    assert scheme.area == district
