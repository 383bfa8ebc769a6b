"""Shared by the tests of rounds: an area, a scheme in it, and rounds around today."""

import datetime

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from geography.models import Area
from tests.factories import PrincipleFactory, UserFactory
from venues import actions

DAY = datetime.timedelta(days=1)


def days_from_now(days):
    return timezone.localdate() + days * DAY


def make_area(name, west=400000, code=None):
    box = Polygon.from_bbox((west, 100000, west + 10000, 110000))
    code = code or f"E05{abs(hash(name)) % 10**6:06d}"
    return Area.objects.create(
        code=code, name=name, kind="ward", vintage=2024, boundary=MultiPolygon(box, srid=27700)
    )


def scheme_in(area):
    return PrincipleFactory(scheme__name="Safe Haven", scheme__area=area).scheme


def make_round(scheme, opens=-5, closes=5, *, areas=None, by=None, **more):
    fields = {"name": "Round one", "target_venues": None, "target_by": None, **more}
    return actions.make_round(
        scheme,
        opens_on=days_from_now(opens),
        closes_on=days_from_now(closes),
        areas=[scheme.area] if areas is None else areas,
        by=by or UserFactory(),
        **fields,
    )
