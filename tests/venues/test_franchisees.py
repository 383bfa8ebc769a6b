"""A franchisor sees the status of its franchisees' places and nothing else about them."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import set_parent
from venues.models import Event, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def parent():
    return OrganisationFactory(name="Copper Kettle Franchising")


@pytest.fixture
def head_office(client, parent):
    member = MembershipFactory(organisation=parent)
    client.force_login(member.user)
    return member


def a_place(organisation, scheme, name, **more):
    venue = VenueFactory(organisation=organisation, lead_scheme=scheme, name=name)
    return SignUpFactory(scheme=scheme, venue=venue, **({"approved": True} | more))


def a_franchisee(parent, scheme, name="Abbey Cafés"):
    organisation = OrganisationFactory(name=name, parent=parent)
    return a_place(organisation, scheme, f"{name} Quay", listed=True)


def page_of(client, organisation, **asked):
    return client.get(reverse("organisation_home", args=[organisation.pk]), asked)


# What the franchisor sees


def test_head_office_sees_one_line_per_franchisee_place(client, parent, scheme, head_office):
    sign_up = a_franchisee(parent, scheme)
    sign_up.venue.contact_name, sign_up.venue.contact_email = "Sam Secret", "sam@abbey.example"
    sign_up.venue.save()
    member = MembershipFactory(organisation=sign_up.venue.organisation)
    a_place(sign_up.venue.organisation, scheme, "Abbey Hill", approved=False, submitted=True)
    page = page_of(client, parent)
    lines = page.context["franchisees"].object_list
    assert [(each.place, each.organisation, each.sentence) for each in lines] == [
        ("Abbey Cafés Quay", "Abbey Cafés", "People can find it."),
        ("Abbey Hill", "Abbey Cafés", "Sent; the council is looking at it."),
    ]
    for secret in ("Sam Secret", "abbey.example", member.user.email, sign_up.reference):
        assert secret not in page.text
    assert reverse("portal_home", args=[sign_up.pk]) not in page.text


def test_of_a_franchisees_draft_head_office_sees_that_there_is_one(
    client, parent, scheme, head_office
):
    secret = OrganisationFactory(name="Secret Plans Ltd", parent=parent)
    a_place(secret, scheme, "Hidden Hill", approved=False)
    page = page_of(client, parent)
    assert "One sign-up of a franchisee is not sent yet." in page.text
    assert "Hidden Hill" not in page.text
    assert "Secret Plans" not in page.text
    assert not page.context["franchisees"].object_list
    a_place(secret, scheme, "Other Hill", approved=False)
    assert "2 sign-ups of franchisees are not sent yet." in page_of(client, parent).text


def test_a_second_scheme_that_a_franchisee_is_thinking_about_is_not_named(
    client, parent, scheme, head_office
):
    listed = a_franchisee(parent, scheme)
    SignUpFactory(scheme=SchemeFactory(name="Night Havens"), venue=listed.venue)
    page = page_of(client, parent)
    assert [each.scheme for each in page.context["franchisees"].object_list] == [str(scheme)]
    assert "Night Havens" not in page.text


def test_head_office_cannot_open_a_franchisees_pages(client, parent, scheme, head_office):
    sign_up = a_franchisee(parent, scheme)
    assert client.get(reverse("portal_home", args=[sign_up.pk])).status_code == 404
    assert page_of(client, sign_up.venue.organisation).status_code == 404
    csv = client.get(reverse("organisation_csv", args=[parent.pk])).content.decode()
    assert "Abbey" not in csv


def test_a_manager_of_chosen_places_sees_no_franchisees(client, parent, scheme):
    a_franchisee(parent, scheme)
    own = a_place(parent, scheme, "Kettle One")
    member = MembershipFactory(organisation=parent, scope="chosen", venues=[own.venue])
    client.force_login(member.user)
    assert "Abbey" not in page_of(client, parent).text


def test_a_place_that_left_is_not_shown_to_the_franchisor(client, parent, scheme, head_office):
    sign_up = a_franchisee(parent, scheme)
    type(sign_up).objects.filter(pk=sign_up.pk).update(state="withdrawn")
    assert "Abbey" not in page_of(client, parent).text


def test_a_franchisees_own_page_says_who_sees_what(client, parent, scheme):
    sign_up = a_franchisee(parent, scheme)
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    page = page_of(client, sign_up.venue.organisation)
    assert "You are a franchisee of Copper Kettle Franchising." in page.text


def test_a_hundred_places_take_a_constant_number_of_queries(client, parent, scheme, head_office):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page = page_of(client, parent)
        return len(asked), page

    a_franchisee(parent, scheme, "First")
    page_of(client, parent)
    few, _page = queries()
    for number in range(110):
        a_franchisee(parent, scheme, f"Number {number:03}")
    many, page = queries()
    assert many <= few
    assert len(page.context["franchisees"].object_list) == 100
    assert "More franchisees’ places" in page.text
    assert "Number 109" in page_of(client, parent, franchisees="2").text
    assert page_of(client, parent, franchisees="x").status_code == 200


def test_an_officer_sees_only_franchisee_places_in_their_own_schemes(client, parent, scheme):
    a_place(parent, scheme, "Kettle One")
    a_franchisee(parent, scheme)
    a_franchisee(parent, SchemeFactory(), "Elsewhere Ltd")
    client.force_login(OfficerFactory(scheme=scheme).user)
    page = client.get(reverse("admin:organisation_places", args=[parent.pk])).text
    assert "Abbey Cafés Quay" in page
    assert "Elsewhere" not in page


# Setting the parent


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


def press(client, organisation, typed):
    url = reverse("admin:set_parent", args=[organisation.pk])
    return client.post(url, {"parent": typed}, follow=True)


@pytest.mark.parametrize("typed", ["copper kettle franchising ", "01234567"])
def test_an_officer_sets_the_parent_and_the_franchisee_is_told(
    client, scheme, parent, officer, typed
):
    Organisation.objects.filter(pk=parent.pk).update(registered_number="01234567")
    a_place(parent, scheme, "Kettle One")
    organisation = a_place(OrganisationFactory(name="Abbey"), scheme, "Quay").venue.organisation
    member = MembershipFactory(organisation=organisation)
    page = press(client, organisation, typed)
    organisation.refresh_from_db()
    assert organisation.parent == parent
    assert "is a franchisee of Copper Kettle Franchising" in page.text
    letter = Email.objects.get()
    assert letter.to == [member.user.email]
    assert "It sees nothing else about them, neither people nor letters" in letter.message
    press(client, organisation, "")
    organisation.refresh_from_db()
    assert organisation.parent is None
    assert Event.objects.filter(kind="venues.parent_removed", by=officer).exists()


def test_an_unknown_or_ambiguous_parent_is_refused_at_the_field(client, scheme, parent, officer):
    organisation = a_place(OrganisationFactory(name="Abbey"), scheme, "Quay").venue.organisation
    page = press(client, organisation, "Copper Kettle Franchising")
    assert "None of the organisations that you see is called" in page.text
    for _again in range(2):
        a_place(OrganisationFactory(name="Twice"), scheme, "Kettle One")
    assert "Several are called so." in press(client, organisation, "Twice").text
    organisation.refresh_from_db()
    assert organisation.parent is None


def test_a_cycle_of_franchisors_is_refused(client, scheme, parent, officer):
    a_place(parent, scheme, "Kettle One")
    middle = OrganisationFactory(name="Middle", parent=parent)
    last = OrganisationFactory(name="Last", parent=middle)
    a_place(last, scheme, "Quay")
    page = press(client, parent, "Last")
    assert "Last is a franchisee of Copper Kettle Franchising already" in page.text
    with pytest.raises(Refused, match="its own franchisee"):
        set_parent(last, last, by=officer)
    parent.refresh_from_db()
    assert parent.parent is None
    assert not Event.objects.filter(kind="venues.parent_set").exists()


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_changes_cannot_make_a_cycle():
    by = UserFactory()
    a, c = OrganisationFactory(name="A"), OrganisationFactory(name="C")
    b = OrganisationFactory(name="B", parent=a)
    d = OrganisationFactory(name="D", parent=c)

    def join(pair):
        try:
            set_parent(*pair, by=by)
        except Refused:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(join, [(a, d), (c, b)]))
    assert sorted(map(str, said)) == ["None", "refused"]


def test_a_place_that_cannot_help_today_says_so_to_the_franchisor(
    client, parent, scheme, head_office
):
    """The franchisor reads the same sentence as the franchisee."""
    sign_up = a_franchisee(parent, scheme)
    away = timezone.now() + datetime.timedelta(hours=3)
    sign_up.venue.unavailable_until, sign_up.venue.unavailable_by = away, head_office.user
    sign_up.venue.save()
    (line,) = page_of(client, parent).context["franchisees"].object_list
    assert line.sentence.startswith("Says that it cannot help until")
