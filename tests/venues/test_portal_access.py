"""Portal access: outsiders get 404, staff can do little, officers edit only what they entered."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
)
from tests.house.chain import is_sent_up
from tests.venues.portal import managed_sign_up
from venues import urls
from venues.models import Material, Membership, Post

pytestmark = pytest.mark.django_db
FOR_STAFF = {
    "portal_home",
    "portal_sticker",
    "portal_materials",
    "portal_material",
    "material_pdf",
    "material_picture",
    "portal_history",
    "mark_sticker_displayed",
    "confirm_hours",
    "cannot_help",
    "cannot_help_today",
    "cannot_help_until",
    "can_help_again",
}
FOR_MANAGERS_ONLY = {
    "people",
    "add_staff_member",
    "leaver",
    "end_post",
    "members",
    "invite_member",
    "leave_scheme",
    "withdraw_sign_up",
}


def sheet(scheme, made):
    """What the scheme has made for each of its places."""
    return Material.objects.get_or_create(scheme=scheme, made=made, title=made.label)[0]


def portal_pages(sign_up):
    """(name, URL) of every page about one sign-up."""
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    numbers = {
        "pk": sign_up.pk,
        "post_pk": Post.objects.get(staff_member=person).pk,
        "closure_pk": 1,
        "membership_pk": 1,
        "principle_pk": sign_up.scheme.principles.first().pk,
        "direction": "north",
        "season": "401-930",
        "scheme": sign_up.scheme.slug,
        "material": sheet(sign_up.scheme, Material.Made.POSTER_A4).pk,
    }
    picture = sheet(sign_up.scheme, Material.Made.SOCIAL)
    for pattern in urls.urlpatterns:
        wanted = pattern.pattern.converters
        if "pk" in wanted and str(pattern.pattern).startswith("portal/"):
            given = {name: numbers[name] for name in wanted}
            if pattern.name == "material_picture":
                given["material"] = picture.pk
            yield pattern.name, reverse(pattern.name, kwargs=given)


def statuses(client, address):
    """The status of a GET and a POST; 405 for a GET means the URL only takes POSTs."""
    asked = client.get(address)
    opened = 405 if is_sent_up(asked, address) else asked.status_code
    return {opened, client.post(address).status_code}


def test_every_page_refuses_a_stranger_and_another_organisations_manager(client):
    sign_up, __ = managed_sign_up()
    __, other_manager = managed_sign_up()
    for user in (UserFactory(), other_manager):
        client.force_login(user)
        for name, address in portal_pages(sign_up):
            assert statuses(client, address) <= {404, 405}, name


def test_every_page_requires_login(client):
    sign_up, __ = managed_sign_up()
    for name, address in portal_pages(sign_up):
        assert statuses(client, address) == {302}, name


def test_staff_can_view_and_confirm_but_change_nothing_reserved_for_managers(client):
    sign_up, __ = managed_sign_up(approved=True)
    staff = MembershipFactory(
        organisation=sign_up.venue.organisation, role=Membership.Role.STAFF
    ).user
    StickerFactory(sign_up=sign_up)
    client.force_login(staff)
    for name, address in portal_pages(sign_up):
        found = statuses(client, address)
        if name in FOR_STAFF:
            assert 404 not in found, name
        else:
            assert found <= {404, 405}, name


def test_an_officer_completes_the_draft_they_entered_but_nothing_about_people(client):
    sign_up, __ = managed_sign_up()
    officer = OfficerFactory(scheme=sign_up.scheme)
    client.force_login(officer.user)
    address = reverse("edit_venue", args=[sign_up.pk])
    assert client.get(address).status_code == 404, "a venue fills in its own draft"
    sign_up.entered_by = officer.user
    sign_up.save()
    assert "Entered by" in client.get(address).content.decode()
    assert client.get(reverse("sign_up", args=[sign_up.pk])).status_code == 200
    for name, page in portal_pages(sign_up):
        if name in FOR_MANAGERS_ONLY:
            assert statuses(client, page) <= {404, 405}, name


def test_an_officer_answers_change_requests_on_what_they_entered(client):
    sign_up, __ = managed_sign_up()
    officer = OfficerFactory(scheme=sign_up.scheme)
    sign_up.entered_by, sign_up.state = officer.user, "changes_asked_for"
    sign_up.save()
    client.force_login(officer.user)
    assert client.get(reverse("edit_venue", args=[sign_up.pk])).status_code == 200
    page = client.get(reverse("admin:venues_signup_change", args=[sign_up.pk])).content.decode()
    assert "Fill in a step for the venue" in page


@pytest.mark.parametrize("role", ["viewer", "trainer", "chair"])
def test_other_roles_cannot_enter_a_sign_up(client, role):
    sign_up, __ = managed_sign_up()
    officer = OfficerFactory(scheme=sign_up.scheme, role=role)
    sign_up.entered_by = officer.user
    sign_up.save()
    client.force_login(officer.user)
    assert client.get(reverse("edit_venue", args=[sign_up.pk])).status_code == 404


def test_an_officer_of_another_scheme_cannot_enter_a_sign_up(client):
    sign_up, __ = managed_sign_up()
    sign_up.entered_by = UserFactory()
    sign_up.save()
    client.force_login(OfficerFactory().user)
    assert client.get(reverse("edit_venue", args=[sign_up.pk])).status_code == 404


def test_once_submitted_the_officer_can_no_longer_edit_in_the_portal(client):
    sign_up, __ = managed_sign_up(submitted=True)
    officer = OfficerFactory(scheme=sign_up.scheme)
    sign_up.entered_by = officer.user
    sign_up.save()
    client.force_login(officer.user)
    assert client.get(reverse("edit_venue", args=[sign_up.pk])).status_code == 404


@pytest.mark.parametrize("name", ["portal_home", "sign_up", "check_answers", "edit_principles"])
def test_pages_take_a_constant_number_of_queries(client, name, django_assert_max_num_queries):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    address = reverse(name, args=[sign_up.pk])
    client.get(address)
    for __ in range(20):
        StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
        sign_up.change_requests.create(text="Say more.", asked_by=manager)
        sign_up.venue.closures.create(starts_on=timezone.localdate(), ends_on=timezone.localdate())
    with django_assert_max_num_queries(36):
        assert client.get(address).status_code == 200


def test_every_page_shows_the_safeguarding_numbers_at_the_top(client):
    sign_up, manager = managed_sign_up()
    client.force_login(manager)
    for name in ("portal_home", "sign_up", "edit_hours", "people"):
        page = client.get(reverse(name, args=[sign_up.pk])).content.decode()
        assert "01632 960000" in page


def test_venue_pages_avoid_technical_jargon(client):
    sign_up, manager = managed_sign_up(approved=True)
    client.force_login(manager)
    for name, address in portal_pages(sign_up):
        response = client.get(address)
        is_page = response.headers["Content-Type"].startswith("text/html")
        if response.status_code == 200 and is_page:
            page = response.content.decode().lower()
            for word in ("evidence", "enrolment", "outstanding", "standing"):
                assert f"{word}" not in page.replace("understanding", ""), (name, word)
