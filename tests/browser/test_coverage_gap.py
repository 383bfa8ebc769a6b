"""From a gap to an invitation, in Chromium, with axe on every page."""

import pytest
from django.conf import settings

from coverage.models import DrawnArea, Gap
from geography.models import Area, Postcode
from tests.browser.conftest import DESK
from tests.browser.person import fill, follow, go, press, sees
from tests.coverage.factories import OtherPlaceFactory, square
from tests.coverage.town import DISTRICT, at, make_people, rectangle
from tests.factories import ALWAYS, OfficerFactory, SchemeFactory, VenueFactory
from venues.models import SignUp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scheme():
    Postcode.objects.create(postcode="ZZ1 1AA", outward="ZZ1", quality=90)
    district = Area.objects.create(
        code="E07",
        name="Marrow",
        kind="district",
        vintage=2025,
        boundary=square(448000, 113000, 4000),
    )
    return SchemeFactory(area=district)


@pytest.fixture
def page(client, live_server, open_page, scheme):
    """A page with an officer signed in."""
    client.force_login(OfficerFactory(scheme=scheme).user)
    page = open_page(DESK)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def test_an_officer_goes_from_a_gap_to_an_invitation(page, scheme):
    OtherPlaceFactory(source__scheme=scheme, name="Parish hall", hours=ALWAYS[:2])
    VenueFactory(lead_scheme=scheme, name="Parish Hall, Marrow")
    go(page, "/admin/coverage/gap/add/")
    fill(page, title="Nobody is open on Fridays", hours="Friday 22:00")
    press(page, "Write it down")
    sees(page, "The gap is written down.", "Nobody yet.")
    page.select_option("select[name=other_place]", label="Parish hall")
    fill(page, next_step="Ring the warden")
    press(page, "Write it down")
    sees(page, "Parish hall: Asked. Next: Ring the warden")
    follow(page, "Invite Parish hall to join")
    sees(page, "May be a venue of ours", "Could be invited")
    press(page, "Not the same (Parish hall, Parish Hall, Marrow)")
    sees(page, "Noted: these are two spaces.")
    follow(page, "Nobody is open on Fridays")
    follow(page, "Invite Parish hall to join")
    fill(page, email="warden@example.org")
    press(page, "Invite")
    sees(page, "Invited: the e-mail with the link is on its way.", "Its sign-up: Draft")
    assert SignUp.objects.get().venue.name == "Parish hall"
    assert Gap.objects.get().approaches.get().other_place.sign_up == SignUp.objects.get()


def test_the_coverage_page_leads_from_the_best_building_to_an_invitation(page, scheme):
    make_people()
    scheme.area.code, scheme.area.boundary = DISTRICT, rectangle(-1000, 12_000)
    scheme.area.save()
    OtherPlaceFactory(source__scheme=scheme, name="Arena", point=at(10_000), hours=ALWAYS)
    go(page, "/admin/")
    go(page, "/admin/coverage/now/")
    sees(page, "0 % of residents (0 of 1,000)", "Every hour of the week")
    page.emulate_media(media="print")
    sees(page, "0 % of residents (0 of 1,000)", "How this was worked out", "Every hour of the week")
    for hidden in ("#nav-sidebar", "#user-tools", ".app-coverage__map", "details.module"):
        assert not page.locator(hidden).first.is_visible(), hidden
    page.emulate_media(media="screen")
    follow(page, "Which building would help most?")
    if not page.get_by_text("Arena would help most").count():
        press(page, "Work it out")
    sees(page, "Arena would help most: it would newly cover 400 residents, from 0 % to 40 %.")
    follow(page, "Write down a gap for Arena")
    press(page, "Write it down")
    sees(page, "The gap is written down.")
    assert page.locator("select[name=other_place] option:checked").inner_text() == "Arena"
    fill(page, next_step="Ring the manager")
    press(page, "Write it down")
    sees(page, "Arena: Asked. Next: Ring the manager")
    follow(page, "Invite Arena to join")
    fill(page, email="warden@example.org")
    press(page, "Invite")
    sees(page, "Invited: the e-mail with the link is on its way.")
    assert SignUp.objects.get().venue.name == "Arena"


def test_an_area_is_drawn_on_the_map(page, scheme):
    go(page, "/admin/coverage/drawnarea/add/")
    fill(page, name="The quay")
    frame = page.locator("[data-draw-map]")
    frame.scroll_into_view_if_needed()
    for x, y in ((300, 100), (420, 100), (420, 220), (300, 220)):
        frame.click(position={"x": x, "y": y})
    sees(page, "4 corners")
    press(page, "Save the area")
    sees(page, "The area is drawn.")
    area = DrawnArea.objects.get()
    assert area.boundary.num_coords == 5
    go(page, f"/admin/coverage/drawnarea/{area.pk}/change/")
    sees(page, "4 corners")
    go(page, "/admin/coverage/otherplace/duplicates/")
    go(page, "/admin/coverage/source/import/")
    go(page, "/admin/coverage/otherplace/")
