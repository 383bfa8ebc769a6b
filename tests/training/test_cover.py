"""Officers see which venues will lapse as training expires, and how many people each lacks."""

import csv
import io
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse

from geography.models import Area
from tests.factories import (
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from tests.training.conftest import TODAY, days
from tests.training.factories import CompletionFactory, ModuleFactory
from training.models import Module
from training.rules import shortages, specialist_modules, wards
from venues.evidence import outstanding
from venues.evidence_kinds import Stage
from venues.models import Post, SignUp

pytestmark = pytest.mark.django_db
COVER = "/admin/training/cover/"


@pytest.fixture
def scheme(db):
    scheme = SchemeFactory(grace_days=28)
    ModuleFactory()
    RequirementFactory(
        principle__scheme=scheme,
        evidence="trained_people",
        needed_for="sticker",
        subject="introductory",
    )
    return scheme


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


def member(scheme, name, *valid_for, approved_days_ago=400):
    """An approved venue with one trained person for each of `valid_for`, in days."""
    approved_at = None
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True, venue__name=name)
    approved_at = sign_up.approved_at - days(approved_days_ago)
    SignUp.objects.filter(pk=sign_up.pk).update(approved_at=approved_at)
    for number in valid_for:
        CompletionFactory(scheme=scheme, venue=sign_up.venue, days=number)
    return sign_up


def found(scheme):
    return {each.sign_up.venue.name: each for each in shortages(scheme, TODAY())}


def test_venues_are_grouped_by_when_their_training_ends(scheme):
    for name, number in [("Soon", 29), ("Later", 31), ("Last", 89), ("Safe", 90), ("Gone", -1)]:
        member(scheme, name, number)
    member(scheme, "Never")
    rows = found(scheme)
    assert {name: row.within for name, row in rows.items()} == {
        "Soon": 30,
        "Later": 60,
        "Last": 90,
        "Gone": 0,
        "Never": 0,
    }
    assert rows["Soon"].ends_on == TODAY() + days(29)
    assert rows["Soon"].leaves_after == TODAY() + days(29 + 28)
    assert rows["Gone"].is_kept_by(TODAY() + days(27))
    assert not rows["Gone"].is_kept_by(TODAY() + days(28))
    assert rows["Never"].leaves_after < TODAY()


def test_training_still_covers_its_last_day(scheme):
    member(scheme, "Today", 0)
    assert found(scheme)["Today"].within == 30


def test_a_second_or_a_future_trained_person_keeps_the_venue_covered(scheme):
    member(scheme, "Two", 10, 200)
    late = member(scheme, "Late", 10)
    done = CompletionFactory(scheme=scheme, venue=late.venue, days=300)
    Post.objects.filter(staff_member=done.staff_member).update(from_date=TODAY() + days(20))
    assert found(scheme) == {}


def test_the_number_of_people_missing_is_counted(scheme):
    scheme.principles.get().requirements.update(at_least=3)
    assert found(scheme) == {}
    member(scheme, "One", 200)
    member(scheme, "Two", 200, 300)
    member(scheme, "Both", 20, 300, 300)
    rows = found(scheme)
    assert {name: (row.people, row.short) for name, row in rows.items()} == {
        "One": (1, 2),
        "Two": (2, 1),
        "Both": (2, 1),
    }
    assert rows["Both"].within == 30


def test_cover_ends_when_the_trained_person_leaves(scheme):
    sign_up = member(scheme, "Cafe", 300)
    Post.objects.filter(venue=sign_up.venue).update(until=TODAY() + days(40))
    row = found(scheme)["Cafe"]
    assert (row.within, row.ends_on) == (60, TODAY() + days(40))


def test_only_approved_venues_of_the_scheme_are_included(scheme):
    SignUpFactory(scheme=scheme, submitted=True)
    SignUpFactory(scheme=scheme, suspended=True)
    SignUpFactory(scheme=SchemeFactory(), approved=True)
    assert found(scheme) == {}


def test_shortages_agree_with_the_rule_asked_on_those_days(scheme):
    sign_ups = [member(scheme, f"V{number}", number) for number in (-40, -3, 5, 45, 61, 89, 95)]
    rows = found(scheme)
    for sign_up in sign_ups:
        lacking = [
            ahead
            for ahead in (0, 30, 60, 90)
            if outstanding(sign_up, Stage.STICKER, TODAY() + days(ahead))
        ]
        row = rows.get(sign_up.venue.name)
        assert (row.within if row else None) == (lacking[0] if lacking else None)


def test_the_page_sums_up_the_demand_and_answers_for_a_given_day(client, scheme, officer):
    member(scheme, "Soon", 5)
    member(scheme, "Later", 80)
    member(scheme, "Gone", -100)
    client.force_login(officer)
    page = client.get(COVER).content.decode()
    assert "1 venue is one person short today." in page
    assert "2 venues would keep their place if trained by" in page
    assert "1 venue has lost it already" in page
    page = client.get(COVER, {"by": str(TODAY() + days(40))}).content.decode()
    assert "1 venue would keep its place if trained by" in page
    assert "1 venue loses it before that day." in page
    page = client.get(COVER, {"by": str(TODAY() - days(1))}).content.decode()
    assert "This day is past." in page
    assert client.get(COVER, {"by": "soon"}).status_code == 200


def test_the_admin_index_links_to_the_page(client, officer):
    client.force_login(officer)
    assert reverse("training_cover") in client.get("/admin/").content.decode()


def test_officers_of_other_schemes_see_nothing(client, scheme):
    member(scheme, "Soon", 5)
    client.force_login(OfficerFactory().user)
    assert client.get(COVER, {"scheme": scheme.pk}).status_code == 404
    assert client.get(f"{COVER}export/", {"scheme": scheme.pk}).status_code == 404
    assert "Soon" not in client.get(COVER).content.decode()
    client.force_login(UserFactory())
    assert client.get(COVER).status_code == 403


def test_the_page_uses_a_constant_number_of_queries(
    client, scheme, officer, django_assert_num_queries
):
    specialist = ModuleFactory(slug="s", title="Specialist", kind="specialist")
    member(scheme, "First", 5)
    client.force_login(officer)
    client.get(COVER)
    with django_assert_num_queries(10):
        client.get(COVER)
    for number in range(12):
        sign_up = member(scheme, f"V{number}", number * 10)
        CompletionFactory(scheme=scheme, venue=sign_up.venue, module=specialist)
    with django_assert_num_queries(10):
        client.get(COVER)


def test_the_csv_export_escapes_formulas(client, scheme, officer):
    member(scheme, "=Soon", 5)
    client.force_login(officer)
    text = client.get(f"{COVER}export/").content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert row[:4] == ["'=Soon", "Introduction", "1", "0"]
    assert len(header) == len(row)


# Wards


def square(name, west, vintage=2024):
    box = Polygon.from_bbox((west, 100000, west + 10000, 200000))
    return Area.objects.create(
        code=name, name=name, kind="ward", vintage=vintage, boundary=MultiPolygon(box, srid=27700)
    )


def test_wards_show_which_specialist_training_nobody_has_done(client, scheme, officer):
    square("Old name", 445000, vintage=2011)
    square("St Mary", 445000)
    square("Riverside", 460000)
    module = ModuleFactory(slug="vawg", title="VAWG", kind="specialist")
    other = ModuleFactory(slug="nte", title="Night-time economy", kind="specialist")
    ModuleFactory(slug="theirs", title="Theirs", kind="specialist").schemes.add(SchemeFactory())
    done = member(scheme, "Done", 100)
    CompletionFactory(scheme=scheme, venue=done.venue, module=module)
    CompletionFactory(scheme=scheme, venue=done.venue, module=module)
    lapsed = member(scheme, "Lapsed", 100)
    CompletionFactory(scheme=scheme, venue=lapsed.venue, module=module, days=-1)
    nowhere = member(scheme, "Nowhere", 100)
    type(nowhere.venue).objects.filter(pk=nowhere.venue.pk).update(point=None)
    modules = specialist_modules(scheme)
    assert set(modules) == {module, other}
    here, unknown = wards(scheme, modules, TODAY())
    assert (here.name, here.venues, here.done) == ("St Mary", 2, {module.pk: 1})
    assert here.missing(modules) == [other]
    assert (unknown.name, unknown.venues, unknown.done) == ("", 1, {})
    client.force_login(officer)
    page = client.get(COVER).content.decode()
    assert "St Mary" in page
    assert re.search(r">\s*none\s*<", page)
    assert "Theirs" not in page
    text = client.get(f"{COVER}wards/export/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == ["St Mary", "2", "0", "1"]
    assert Module.objects.count() == 4
