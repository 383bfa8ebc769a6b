"""A café joins a second scheme on a phone, then moves; its lead scheme decides."""

import pytest
from django.conf import settings

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, follow, go, press, sees
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
)
from venues.models import SignUp, Venue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cafe(here):
    sign_up = SignUpFactory(
        approved=True,
        scheme__name="Exampleton Spaces of Sanctuary for Everybody",
        venue__name="The Copper Kettle",
        venue__hours=ALWAYS,
    )
    for name in ("Ayesha", "Ben"):
        StaffMemberFactory(
            organisation=sign_up.venue.organisation, venue=sign_up.venue, first_name=name
        )
    return sign_up


@pytest.fixture
def havens(cafe):
    scheme = SchemeFactory(
        name="Safe Havens of Exampleton and the Villages around it",
        slug="havens",
        controller="Exampleton and Villages Joint Safeguarding Partnership",
    )
    principle = PrincipleFactory(scheme=scheme, order=1, title="A place to sit")
    RequirementFactory(principle=principle, evidence="opening_hours")
    return scheme


def signed_in(open_page, client, live_server, user, viewport):
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page = open_page(viewport)
    page.context.add_cookies([cookie])
    return page


def test_a_cafe_joins_a_second_scheme(open_page, client, live_server, cafe, havens):
    manager = MembershipFactory(organisation=cafe.venue.organisation).user
    page = signed_in(open_page, client, live_server, manager, PHONE)
    go(page, f"/portal/{cafe.pk}/")
    follow(page, "What else this place can be")
    sees(page, "No more questions.", "1 principle to agree to.")
    follow(page, f"What joining means: {havens}")
    sees(page, "the names of Ayesha and Ben", f"{havens.controller} is the controller")
    press(page, f"Join {havens}")
    sees(page, "Choose whether your people are shared.")
    fill(page, shares_people="no")
    page.get_by_label("We have read this and agree").check()
    press(page, f"Join {havens}")
    joined = SignUp.objects.get(scheme=havens)
    assert page.url.endswith(f"/portal/{joined.pk}/tasks/")
    go(page, f"/portal/{joined.pk}/people/sharing/")
    sees(page, "sees nobody’s name")
    go(page, "/join/havens/")
    sees(page, "Is it one of these?")


def test_a_new_name_waits_and_the_officer_sees_both(open_page, client, live_server, cafe):
    manager = MembershipFactory(organisation=cafe.venue.organisation).user
    page = signed_in(open_page, client, live_server, manager, PHONE)
    go(page, f"/portal/{cafe.pk}/venue/")
    fill(page, name="The Silver Kettle")
    press(page, "Save")
    sees(page, "which decides on the name, address and point")
    go(page, f"/portal/{cafe.pk}/")
    sees(page, "The Copper Kettle → The Silver Kettle")
    officer = OfficerFactory(scheme=cafe.scheme).user
    page = signed_in(open_page, client, live_server, officer, DESK)
    go(page, f"/admin/venues/venue/{cafe.venue_id}/change/")
    sees(page, "A change that the place asks for", "The Silver Kettle")
    press(page, "Accept the change")
    assert Venue.objects.get().name == "The Silver Kettle"
