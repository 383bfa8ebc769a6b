"""Other people's spaces on public pages: only what their own scheme publishes."""

import pytest
from django.urls import reverse

from coverage.actions import show_public_map
from geography.models import Area
from tests.coverage.factories import OtherPlaceFactory, SourceFactory, square
from tests.factories import OfficerFactory, SchemeFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    area = Area.objects.create(
        code="E07", name="Marrow", kind="district", vintage=2025, boundary=square(449500, 114500)
    )
    scheme = SchemeFactory(area=area)
    show_public_map(scheme, by=OfficerFactory(scheme=scheme, role="administrator").user)
    return scheme


def test_published_spaces_are_credited_to_their_own_scheme(client, scheme):
    published = SourceFactory(scheme=scheme, own_scheme="Warm Marrow", publishes=True)
    OtherPlaceFactory(source=published, name="Warm hall")
    OtherPlaceFactory(source=published, name="Gone hall", gone_on="2026-01-01")
    OtherPlaceFactory(source=published, name="Far hall", point="SRID=27700;POINT(1000 1000)")
    by = scheme.opened_by
    linked = {"venue": VenueFactory(), "linked_by": by, "linked_at": "2026-01-01T00:00Z"}
    OtherPlaceFactory(source=published, name="Our hall", **linked)
    OtherPlaceFactory(source__scheme=scheme, name="Secret hall")
    others = SourceFactory(own_scheme="Another council’s", publishes=True)
    OtherPlaceFactory(source=others, name="Their hall")
    text = client.get(reverse("scheme_coverage", args=[scheme.slug])).content.decode()
    assert "Warm Marrow" in text
    assert "Warm hall" in text
    for name in ("Gone hall", "Far hall", "Our hall", "Secret hall", "Their hall"):
        assert name not in text
