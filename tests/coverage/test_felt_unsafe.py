"""Where people feel unsafe: counts of ten or more by square, for officers only, in no file."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from coverage.models import FeltUnsafe, PublicMap, UnsafeSquare
from geography.models import Area
from tests.coverage.factories import FeltUnsafeFactory
from tests.coverage.town import EAST, NORTH, at, make_areas, make_people
from tests.factories import OfficerFactory, SchemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    make_people()
    make_areas()
    return SchemeFactory(area=Area.objects.get(kind="district"))


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, user__is_staff=True).user
    client.force_login(user)
    return user


def survey(*squares):
    """A file with so many points in each square, at (metres east, how many)."""
    rows = [
        f"{EAST + east + number},{NORTH + 10},Somebody followed me and my name is Kim"
        for east, many in squares
        for number in range(many)
    ]
    return "easting,northing,what happened\n" + "\n".join(rows) + "\n"


def bring_in(client, scheme, text, **changes):
    data = {"scheme": scheme.pk, "source": "Safety survey", "collected_on": "2026-06-30"}
    data["file"] = SimpleUploadedFile("pins.csv", text.encode())
    return client.post(reverse("admin:bring_in_felt_unsafe"), {**data, **changes}, follow=True)


def test_only_squares_with_ten_or_more_are_kept_and_nothing_else_of_the_file(
    client, scheme, officer
):
    page = bring_in(client, scheme, survey((0, 12), (1000, 9), (2000, 10)))
    assert "The counts are brought in." in page.text
    kept = FeltUnsafe.objects.get()
    assert (kept.source, kept.collected_on) == ("Safety survey", datetime.date(2026, 6, 30))
    squares = UnsafeSquare.objects.order_by("point")
    assert sorted(square.people for square in squares) == [10, 12]
    for square in squares:
        assert (square.point.x - 125) % 250 == 0  # the middle of a square, not a pin
    fields = {field.name for field in UnsafeSquare._meta.get_fields()}
    assert fields == {"id", "felt_unsafe", "code", "people", "point"}


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        (survey((0, 9)), {}, "fewer could point to a person"),
        ("name\nA\n", {}, "no column for coordinates"),
        ("", {}, "is empty"),
        (survey((0, 12)), {"source": ""}, "required"),
        (survey((0, 12)), {"collected_on": "2999-01-01"}, "2199"),
        (survey((0, 12)), {"collected_on": "2099-01-01"}, "still to come"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client, scheme, officer, text, changes, words):
    assert words in bring_in(client, scheme, text, **changes).text
    assert not FeltUnsafe.objects.exists()


def test_the_same_source_and_day_is_there_once(client, scheme, officer):
    bring_in(client, scheme, survey((0, 12)))
    assert "is there already" in bring_in(client, scheme, survey((0, 12))).text
    assert FeltUnsafe.objects.count() == 1


def test_the_database_keeps_no_square_below_ten(scheme):
    with pytest.raises(IntegrityError), transaction.atomic():
        FeltUnsafeFactory(scheme=scheme).points.create(code="x", people=9, point=at(0))


def test_officers_read_sums_and_nobody_downloads_or_maps_them(client, scheme, officer):
    bring_in(client, scheme, survey((0, 12)))
    asked = {"scheme": scheme.pk, "base": f"unsafe:{FeltUnsafe.objects.get().pk}", "hour": ""}
    page = client.get(reverse("coverage"), asked)
    assert page.context["answer"]["measures"].people == 12
    for name in ("coverage_csv", "coverage_week_csv", "coverage_geojson"):
        assert client.get(reverse(name), asked).status_code == 404
        assert reverse(name) not in page.text
    answer = client.get(reverse("coverage_map_data"), asked)
    assert (answer.status_code, list(answer.json())) == (400, ["refused"])
    listed = client.get(reverse("admin:coverage_feltunsafe_export")).content.decode()
    assert "1600-800" not in listed


@pytest.mark.parametrize("role", ["viewer", "trainer", "chair"])
def test_other_roles_and_other_schemes_do_not_see_them(client, scheme, role):
    survey_of = FeltUnsafeFactory(scheme=scheme)
    asked = {"scheme": scheme.pk, "base": f"unsafe:{survey_of.pk}"}
    other = OfficerFactory(user__is_staff=True).user
    for user in (OfficerFactory(scheme=scheme, role=role, user__is_staff=True).user, other):
        client.force_login(user)
        page = client.get(reverse("coverage"), asked)
        assert survey_of.source not in page.text
        assert not page.context["answer"]
        url = reverse("admin:coverage_feltunsafe_change", args=[survey_of.pk])
        assert client.get(url).status_code in (302, 403, 404)


def test_the_public_sees_nothing_of_them(client, scheme, officer):
    survey_of = FeltUnsafeFactory(scheme=scheme, source="Quixotic survey")
    PublicMap.objects.create(scheme=scheme, shown_by=officer, shown_at=timezone.now())
    client.logout()
    for name in ("scheme_coverage", "scheme_coverage_data", "scheme_page"):
        answer = client.get(reverse(name, args=[scheme.slug]))
        assert answer.status_code == 200
        assert survey_of.source not in answer.content.decode()
        assert "unsafe:" not in answer.content.decode()


def test_an_officer_removes_them(client, scheme, officer):
    survey_of = FeltUnsafeFactory(scheme=scheme)
    page = client.get(reverse("admin:coverage_feltunsafe_change", args=[survey_of.pk]))
    assert page.status_code == 200
    client.post(reverse("admin:remove_felt_unsafe", args=[survey_of.pk]), {"version": ""})
    page = client.get(reverse("admin:remove_felt_unsafe", args=[survey_of.pk]))
    version = page.context["version"] if page.context and "version" in page.context else ""
    client.post(reverse("admin:remove_felt_unsafe", args=[survey_of.pk]), {"version": version})
    assert not UnsafeSquare.objects.exists()
