"""Portal pages on a phone and a desktop: axe, no sideways scrolling, forms start on the first
screen.
"""

import datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.browser.axe import check
from tests.browser.person import go
from tests.factories import PrincipleFactory, StaffMemberFactory, StickerFactory, VenueFactory
from tests.venues.portal import managed_sign_up
from venues.models import Criterion
from venues.views.steps import STEPS

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
WITH_A_FORM = (
    *(f"edit_{step}" for step in STEPS),
    "edit_hours",
    "edit_closures",
    "edit_photo",
    "edit_space",
    "edit_policies",
    "edit_principle",
    "people",
    "paste_people",
    "choose_person",
    "edit_person",
    "leaver",
    "members",
    "cannot_help",
    "leave_scheme",
    "issues_home",
)
THIRTY = "\n".join(
    f"{n + 1}. Person {chr(65 + n % 26)}{n // 26 * 'a'}, p{n}@example.org" for n in range(30)
)


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
    VenueFactory(organisation=member.venue.organisation, name="Mill Lane")
    StaffMemberFactory(
        organisation=member.venue.organisation,
        venue=member.venue.organisation.venues.get(name="Mill Lane"),
        first_name="Kim",
    )
    for about in Criterion.About.values:
        asked = Criterion.objects.create(
            slug=about, question="Can staff see the entrance?", about=about, theme="x", order=1
        )
        asked.schemes.add(member.scheme)
    long = "We welcome everybody who asks for help, and we let them sit down and rest. " * 3
    member.scheme.principles.update(wording=long)
    more = {
        "edit_principle": member.scheme.principles.first().pk,
        "edit_person": member.venue.posts.first().pk,
        "leaver": member.venue.posts.first().pk,
    }
    for name in WITH_A_FORM:
        go(page, reverse(name, args=[member.pk, *([more[name]] if name in more else [])]))
        box = page.locator("main :is(input, textarea, select):visible").first.bounding_box()
        assert box["y"] + min(box["height"], 48) <= PHONE["height"], name


def test_thirty_people_are_pasted_and_a_name_is_corrected_on_a_phone(signed_in, member):
    page = signed_in(PHONE)
    go(page, reverse("people", args=[member.pk]))
    page.get_by_role("link", name="Add a whole list").click()
    page.get_by_label("Everybody who works here, one per line").fill(f"{THIRTY}\nAlex\nJo, jo@")
    page.get_by_role("button", name="Show how it is read").click()
    page.get_by_text("Line 32: “jo@” is not a whole e-mail address.").first.wait_for()
    check(page)
    page.get_by_label("Everybody who works here, one per line").fill(f"{THIRTY}\nAlex")
    page.get_by_role("button", name="Show how it is read").click()
    page.get_by_text("We read 31 people. Nothing is saved yet.").wait_for()
    assert not page.get_by_role("checkbox", name="Alex").is_checked()
    check(page)
    page.get_by_role("button", name="Add the ticked people").click()
    page.get_by_text("30 people added.").wait_for()
    assert member.venue.posts.count() == 31
    check(page)

    page.get_by_role("link", name="Correct the details of Alex").click()
    page.get_by_label("Name").fill("Alexandra Featherstonehaugh-Cholmondeley")
    check(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("rowheader", name="Alexandra Featherstonehaugh-Cholmondeley").wait_for()
    check(page)


def test_principles_are_answered_one_after_the_other_and_back_works(signed_in, member):
    page = signed_in(PHONE)
    member.agreements.all().delete()
    go(page, reverse("edit_principles", args=[member.pk]))
    first, second, third = member.scheme.principles.all()
    page.get_by_role("link", name=f"Go on: {first.title}").click()
    page.get_by_role("heading", name=first.title).wait_for()
    check(page)
    page.get_by_label("We do this").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name=second.title).wait_for()
    page.go_back()
    page.get_by_role("heading", name=first.title).wait_for()
    page.reload()
    assert page.get_by_label("We do this").is_checked()
    page.get_by_role("link", name="The core principles (1 of 3)").click()
    page.get_by_role("link", name=third.title).first.wait_for()
    check(page)
