"""Using the site without a mouse, and without JavaScript."""

import pytest

from tests.browser.axe import check
from tests.browser.conftest import PHONE
from tests.browser.person import sees
from tests.factories import ALWAYS, MembershipFactory, SignUpFactory, StaffMemberFactory
from training.actions import enrol
from training.links.enrolments import SHARED_PHONE, make_token
from training.models import Module
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_place_can_be_found_with_the_keyboard_alone(open_page, officer):
    SignUpFactory(
        scheme=Scheme.objects.get(),
        approved=True,
        listed=True,
        venue__name="Exampleton Books",
        venue__hours=ALWAYS,
    )
    page = open_page(PHONE)
    page.goto("/")
    tab_to(page, "id_location")
    page.keyboard.type("ZZ1 1AA")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    sees(page, "Exampleton Books", "Open day and night")
    tab_to(page, "details summary")
    page.keyboard.press("Enter")
    sees(page, "Show only places with")
    check(page)


def tab_to(page, wanted):
    """Press Tab until the element with this id or selector has focus, always visibly."""
    for __ in range(40):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        assert focus.is_visible(), focus.evaluate("each => each.outerHTML")
        if focus.evaluate("(each, it) => each.id === it || each.matches(it)", wanted):
            return
    pytest.fail(f"Tab never comes to {wanted}")


def test_a_place_can_be_found_without_javascript(open_page, officer, client):
    made = SignUpFactory(
        scheme=Scheme.objects.get(),
        approved=True,
        listed=True,
        venue__name="Exampleton Books",
        venue__hours=ALWAYS,
    )
    member = MembershipFactory(organisation=made.venue.organisation)
    page = open_page(PHONE, java_script_enabled=False)

    page.goto("/")
    page.fill("[name=location]", "zz1 1aa")
    page.get_by_role("button", name="Find places").click()
    sees(page, "Exampleton Books", "Open now")

    client.force_login(member.user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**session, "url": page.url}])
    page.goto(f"/portal/{made.pk}/contact/")
    page.fill("[name=contact_name]", "Robin")
    page.get_by_role("button", name="Save").click()
    sees(page, "Saved.")
    made.venue.refresh_from_db()
    assert made.venue.contact_name == "Robin"

    person = StaffMemberFactory(organisation=made.venue.organisation, venue=made.venue)
    enrolment = enrol(person, Module.objects.get(slug="introductory"), by=member.user)
    page.goto(f"/learn/{make_token(enrolment, lasts=SHARED_PHONE)}/1/")
    page.get_by_role("button", name="I have read this").click()
    sees(page, "Section 2 of")
    enrolment.refresh_from_db()
    assert enrolment.sections_finished == [1]
