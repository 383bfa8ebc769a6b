"""A scheme's pre-listing checks and required contact numbers are rows it edits itself."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from geography.models import Area
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    ready_to_open,
)
from venues.actions import approve_sign_up, open_scheme, record_check
from venues.models import ContactKind, SchemeCheck, SchemeContact
from venues.rules import missing_for_public_listing, missing_to_open

pytestmark = pytest.mark.django_db
X, Y = 450_000, 115_000


@pytest.fixture
def officer():
    return UserFactory()


def around(x, y):
    square = Polygon.from_bbox((x - 3000, y - 3000, x + 3000, y + 3000))
    return Area.objects.create(
        code=f"X{x}", name=f"Area {x}", kind="district", boundary=MultiPolygon(square, srid=27700)
    )


def test_a_scheme_without_checks_approves_a_public_place_at_once(officer):
    sign_up = SignUpFactory(scheme=SchemeFactory(checks={}), submitted=True)
    approve_sign_up(sign_up, by=officer, letter="Yes")
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"


def test_only_a_required_check_blocks_a_listing(officer):
    scheme = SchemeFactory(checks={"manager": "We met the manager", "photo": "We saw a photo"})
    scheme.checks_asked.filter(slug="photo").update(is_needed=False)
    sign_up = SignUpFactory(scheme=scheme, submitted=True)
    assert missing_for_public_listing(sign_up) == ["Check not passed yet: We met the manager."]
    record_check(sign_up, kind="manager", passed=True, by=officer)
    assert missing_for_public_listing(sign_up) == []


def test_a_check_from_another_scheme_is_refused(officer):
    SchemeFactory(checks={"theirs": "Their check"})
    sign_up = SignUpFactory(scheme=SchemeFactory(checks={"ours": "Our check"}), submitted=True)
    with pytest.raises(Refused, match="no such check"):
        record_check(sign_up, kind="theirs", passed=True, by=officer)


def test_a_scheme_opens_with_exactly_the_numbers_it_requires(officer):
    scheme = SchemeFactory(draft=True, numbers={"night": "At night", "day": "By day"})
    scheme.contact_kinds.filter(slug="day").update(is_needed=False)
    PrincipleFactory(scheme=scheme)
    ready_to_open(scheme)
    assert missing_to_open(scheme) == ["Name the number for: At night."]
    SchemeContact.objects.create(
        scheme=scheme, kind=scheme.contact_kinds.get(slug="night"), name="Team", number="01632 1"
    )
    ready_to_open(scheme)
    open_scheme(scheme, by=officer)
    scheme.refresh_from_db()
    assert scheme.opened_at


def test_a_national_scheme_shows_members_the_local_schemes_numbers(client):
    here = SchemeFactory(area=around(X, Y))
    SchemeFactory(area=around(X + 50_000, Y))
    SchemeContact.objects.update(confirmed_by_name="Bo", confirmed_on=timezone.localdate())
    SchemeContact.objects.filter(kind__slug="children_day").update(
        confirmed_by_name="", confirmed_on=None
    )
    national = SchemeFactory(numbers={})
    sign_up = SignUpFactory(scheme=national, venue__point=Point(X, Y, srid=27700), approved=True)
    kinds = {contact.kind.slug for contact in sign_up.numbers}
    assert {contact.scheme for contact in sign_up.numbers} == {here}
    assert "adults_day" in kinds
    assert "children_day" not in kinds, "nobody confirmed it, so no other scheme shows it"
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    page = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
    assert "Domestic abuse service" in page


def test_a_scheme_with_its_own_numbers_shows_those(django_assert_num_queries):
    SchemeFactory(area=around(X, Y))
    SchemeContact.objects.update(confirmed_by_name="Bo", confirmed_on=timezone.localdate())
    own = SchemeFactory(numbers={"night": "At night"})
    sign_up = SignUpFactory(scheme=own, venue__point=Point(X, Y, srid=27700))
    with django_assert_num_queries(1):
        assert [contact.kind.words for contact in sign_up.numbers] == ["At night"]


@pytest.fixture
def administrator(client):
    officer = OfficerFactory(role="administrator", scheme=SchemeFactory(checks={}, numbers={}))
    client.force_login(officer.user)
    return officer


def scheme_form(client, scheme):
    """The scheme's change form, as a browser would post it back unchanged."""
    page = client.get(reverse("admin:venues_scheme_change", args=[scheme.pk]))
    form = page.context["adminform"].form
    forms = [
        form,
        *(formset.formset.management_form for formset in page.context["inline_admin_formsets"]),
    ]
    forms += [
        each
        for formset in page.context["inline_admin_formsets"]
        for each in formset.formset.initial_forms
    ]
    data = {}
    for one in forms:
        for field in one:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def test_an_administrator_adds_a_check_and_a_number_on_the_scheme_page(client, administrator):
    scheme = administrator.scheme
    data = scheme_form(client, scheme)
    data |= {
        "checks_asked-TOTAL_FORMS": 1,
        "checks_asked-0-words": "We met the manager",
        "checks_asked-0-slug": "manager",
        "checks_asked-0-order": 1,
        "checks_asked-0-is_needed": "on",
        "contact_kinds-TOTAL_FORMS": 1,
        "contact_kinds-0-words": "At night",
        "contact_kinds-0-slug": "night",
        "contact_kinds-0-order": 1,
    }
    page = client.post(reverse("admin:venues_scheme_change", args=[scheme.pk]), data)
    assert page.status_code == 302, page.context["errors"]
    assert SchemeCheck.objects.get().words == "We met the manager"
    assert ContactKind.objects.get().is_needed is False


def test_an_administrator_adds_a_number_on_the_scheme_page(client, administrator):
    scheme = administrator.scheme
    kind = ContactKind.objects.create(scheme=scheme, slug="night", words="At night")
    data = scheme_form(client, scheme) | {
        "contacts-TOTAL_FORMS": 1,
        "contacts-0-kind": kind.pk,
        "contacts-0-name": "Duty team",
        "contacts-0-number": "01632 960001",
    }
    page = client.post(reverse("admin:venues_scheme_change", args=[scheme.pk]), data)
    assert page.status_code == 302, page.context["errors"]
    assert str(SchemeContact.objects.get()) == "At night: Duty team, 01632 960001"


def test_a_check_with_recorded_results_cannot_be_deleted(client, administrator):
    scheme = administrator.scheme
    check = SchemeCheck.objects.create(scheme=scheme, slug="manager", words="We met the manager")
    record_check(SignUpFactory(scheme=scheme), kind="manager", passed=True, by=administrator.user)
    data = scheme_form(client, scheme) | {"checks_asked-0-DELETE": "on"}
    page = client.post(reverse("admin:venues_scheme_change", args=[scheme.pk]), data)
    assert page.status_code == 200
    assert "would require deleting" in page.content.decode()
    assert SchemeCheck.objects.filter(pk=check.pk).exists()
