"""Reading a query by columns gives the same values as Django's rows."""

import pytest
from django.contrib.gis.geos import Point
from django.db.models import Value

from coverage.sums.columns import columns, one_of
from geography.models import PopulationPoint

pytestmark = pytest.mark.django_db


def add(code, **values):
    other_place = Point(450000, 115000, srid=27700)
    values = {"kind": "lsoa", "vintage": 2021, "people": 10, "point": other_place, **values}
    return PopulationPoint.objects.create(code=code, **values)


def test_columns_match_the_rows():
    for code, name in [("E3", 'Ćilla’s {a,"b"}'), ("E1", ""), ("E2", "NULL")]:
        add(code, name=name, people=int(code[1]))
    rows = PopulationPoint.objects.order_by("-code").values_list("code", Value(7), "name", "people")
    assert list(zip(*columns(rows), strict=True)) == list(rows)


def test_an_empty_result_gives_empty_columns():
    rows = PopulationPoint.objects.values_list("code", "people")
    assert columns(rows) == [[], []]
    assert columns(rows.none()) == [[], []]


def test_one_of_many_matches_in_whatever_the_text():
    odd = ["E1", 'it\'s, "so"', "{%s}"]
    for code in [*odd, "E2"]:
        add(code)
    found = PopulationPoint.objects.filter(one_of("code", odd, "text"))
    assert {point.code for point in found} == set(odd)
    keys = [point.pk for point in found]
    assert PopulationPoint.objects.filter(one_of("pk", keys)).count() == 3
    assert not PopulationPoint.objects.filter(one_of("pk", [])).exists()
