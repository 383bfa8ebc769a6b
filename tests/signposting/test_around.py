"""Whom a search says to ring: known in the process, and right after every change."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.utils import timezone

from geography.models import Area
from geography.nations import BY_LETTER, OFFICIAL_KINDS
from signposting.around import around, nowhere
from signposting.models import Service
from tests.factories import SchemeFactory, UserFactory
from tests.signposting.conftest import HERE
from venues.models import ContactKind, Scheme

pytestmark = pytest.mark.django_db
ALL_OF_IT = Polygon.from_bbox((0, 0, 700_000, 1_300_000))


def line(name="Night Line", **fields):
    return Service.objects.create(
        name=name,
        what_for="To talk.",
        number="01632 960111",
        answers="always",
        confirmed_by_name="Ann",
        confirmed_on=timezone.localdate(),
        **fields,
    )


def names(found=None):
    found = found or around(HERE)
    return [each.name for each in found.lines(timezone.now())][:-1]  # without the police


def area(code, kind="district", square=ALL_OF_IT):
    boundary = MultiPolygon(square, srid=27700)
    return Area.objects.create(code=code, name="Here", kind=kind, boundary=boundary)


def test_a_number_that_is_taken_back_is_gone_from_the_next_search():
    night = line()
    assert names() == ["Night Line"]
    Service.objects.filter(pk=night.pk).update(confirmed_on=None, confirmed_by_name="")
    assert names() == []


def test_a_number_that_changes_twice_in_one_transaction_is_never_shown_as_it_was_in_between():
    night = line()
    seen = []
    for name in ("Second", "Third"):
        Service.objects.filter(pk=night.pk).update(name=name)
        seen.append(names())
    assert seen == [["Second"], ["Third"]]


def test_a_change_that_is_rolled_back_was_never_there():
    night = line()
    with transaction.atomic():
        Service.objects.filter(pk=night.pk).update(name="Wrong")
        assert names() == ["Wrong"]
        transaction.set_rollback(True)
    assert names() == ["Night Line"]


def test_a_schemes_numbers_are_gone_when_the_scheme_is_hidden():
    scheme = SchemeFactory()
    own = scheme.contacts.filter(kind__slug=ContactKind.DOMESTIC_ABUSE)
    own.update(name="Own number", confirmed_by_name="Ann", confirmed_on=timezone.localdate())
    line("Local line", scheme=scheme)
    assert names() == ["Own number", "Local line"]
    assert names(nowhere()) == []
    Scheme.objects.filter(pk=scheme.pk).update(hidden_at=timezone.now(), hidden_by=UserFactory())
    assert names() == []


def test_a_scheme_with_an_area_counts_inside_it_alone():
    away = Polygon.from_bbox((0, 0, 1000, 1000))
    line("Around here", scheme=SchemeFactory(area=area("own-1", "drawn")))
    line("Elsewhere", scheme=SchemeFactory(area=area("own-2", "drawn", away)))
    assert names() == ["Around here"]
    assert names(around(Point(500, 500, srid=27700))) == ["Around here", "Elsewhere"]


def test_without_a_change_the_numbers_are_not_read_again(django_assert_num_queries):
    line()
    around(HERE)
    with django_assert_num_queries(1):
        assert names() == ["Night Line"]


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_the_database_knows_the_same_official_codes_as_the_nations(letter):
    area(f"{letter}06000099")
    assert around(HERE).nation == BY_LETTER.get(letter)


@pytest.mark.parametrize("kind", OFFICIAL_KINDS)
def test_every_official_kind_of_area_tells_the_nation(kind):
    area("W06000099", kind)
    area("own-1", "drawn")
    assert around(HERE).nation == "wales"


def test_the_version_is_the_same_while_nothing_changes():
    line()
    with connection.cursor() as cursor:
        cursor.execute("SELECT signposting_version(), signposting_version()")
        first, second = cursor.fetchone()
    assert first == second != 0
