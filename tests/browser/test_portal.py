"""Portal pages on a phone and a desktop: axe, no sideways scrolling, forms start on the first
screen.
"""

import datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.browser.person import go
from tests.factories import PrincipleFactory, StaffMemberFactory, StickerFactory
from tests.venues.portal import managed_sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 640}
PAGES = (
    "portal_home",
    "sign_up",
    "edit_hours",
    "edit_principles",
    "people",
    "portal_sticker",
    "edit_point",
    "check_answers",
)
WITH_A_FORM = ("edit_hours", "edit_principles", "people")


@pytest.fixture
def member(here, client):
    sign_up, manager = managed_sign_up(
        approved=True,
        agreed=True,
        venue__point=here.point,
        venue__hours_confirmed_at=timezone.now() - datetime.timedelta(days=200),
        venue__hours=[(0, "09:00", "17:00"), (1, "09:00", "17:00"), (5, "10:00", "13:00")],
        venue__name="The Copper Kettle Café and Community Reading Room",
    )
    PrincipleFactory(scheme=sign_up.scheme, order=3, title="Somebody who knows what to do")
    StickerFactory(sign_up=sign_up, sent=True)
    StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    client.force_login(manager)
    return sign_up


@pytest.fixture
def signed_in(open_page, client, live_server, member):
    def make(size, **more):
        page = open_page(size, **more)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return page

    return make


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_of_a_place_passes_the_checks_on_phone_and_desktop(signed_in, member, size):
    page = signed_in(size)
    for name in PAGES:
        go(page, reverse(name, args=[member.pk]))


def test_a_form_starts_within_the_first_screen_of_a_phone(signed_in, member):
    page = signed_in(PHONE)
    for name in WITH_A_FORM:
        go(page, reverse(name, args=[member.pk]))
        box = page.locator("main :is(input, textarea, select):visible").first.bounding_box()
        assert box["y"] + box["height"] <= PHONE["height"], name
