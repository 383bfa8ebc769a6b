"""Which nation a code, a postcode or a point lies in."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.models import Area
from geography.nations import ENGLISH, STRADDLING, WHOLLY_SCOTTISH, nation_at, nation_of_postcode


@pytest.mark.parametrize(
    ("postcode", "nation"),
    [
        ("SO14 7LY", "england"),
        ("eh1 1yz", "scotland"),
        ("G1 1AA", "scotland"),
        ("GU1 1AA", "england"),
        ("BT1 5GS", "northern-ireland"),
        ("CF10 3NQ", "wales"),
        ("TD15 1AA", None),  # Berwick-upon-Tweed is English; most of TD is not.
        ("SY23 1AA", None),
        ("IM1 1AA", None),
        ("ZX1 1AA", None),
        ("", None),
        ("12345", None),
    ],
)
def test_a_postcode_area_across_a_border_is_not_guessed(postcode, nation):
    assert nation_of_postcode(postcode) == nation


def test_no_postcode_area_is_listed_twice():
    assert not ENGLISH & STRADDLING
    assert not ENGLISH & WHOLLY_SCOTTISH
    assert not STRADDLING & WHOLLY_SCOTTISH


@pytest.mark.django_db
def test_the_area_covering_a_point_outranks_the_postcode():
    square = MultiPolygon(Polygon.from_bbox((0, 0, 1000, 1000)), srid=27700)
    Area.objects.create(code="own-1", name="Drawn", kind="drawn", boundary=square)
    point = Point(500, 500, srid=27700)
    assert nation_at(point, "SO14 7LY") == "england"
    Area.objects.create(code="W06000015", name="Caerdydd", kind="district", boundary=square)
    assert nation_at(point, "SO14 7LY") == "wales"
    assert nation_at(Point(5000, 5000, srid=27700)) is None
