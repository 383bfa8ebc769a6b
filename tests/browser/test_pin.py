"""The pin on a phone: outlines, neighbours, arrow keys and "use where I stand"; axe on each."""

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.grid import to_wgs84
from geography.models import Area
from tests.browser.axe import check
from tests.browser.conftest import HERE, PHONE
from tests.browser.person import go, sees
from tests.factories import SignUpFactory
from tests.venues.portal import managed_sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def degrees(east, north):
    longitude, latitude = to_wgs84(Point(HERE.x + east, HERE.y + north, srid=27700))
    return {"longitude": longitude, "latitude": latitude, "accuracy": 7}


@pytest.fixture
def page(open_page, client, live_server, here):
    """The pin's page, opened by the manager, with a ward's edge and a listed neighbour beside."""
    sign_up, manager = managed_sign_up()
    sign_up.venue.point = HERE
    sign_up.venue.save()
    Area.objects.create(
        code="E05000001",
        name="Quayside",
        kind="ward",
        vintage=2024,
        boundary=MultiPolygon(
            Polygon.from_bbox((HERE.x - 60, HERE.y - 900, HERE.x + 900, HERE.y + 900)), srid=27700
        ),
    )
    SignUpFactory(
        approved=True,
        listed=True,
        venue__name="Corner <i>Café</i>",
        venue__point=Point(HERE.x + 50, HERE.y, srid=27700),
    )
    client.force_login(manager)
    name = settings.SESSION_COOKIE_NAME
    page = open_page(PHONE, permissions=["geolocation"], geolocation=degrees(30, 40))
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    go(page, f"/portal/{sign_up.pk}/point/")
    page.locator(".app-pin").wait_for()
    return page


def numbers(page):
    return [float(page.locator(f"[name={name}]").input_value()) for name in ("easting", "northing")]


def test_the_pin_has_outlines_and_neighbours_and_moves_by_key_or_to_the_users_position(page):
    check(page)
    assert page.locator("path.app-pin-edge").count() == 1
    assert page.locator("path.app-pin-near").count() == 1
    page.get_by_text("Listed near here already").click()
    sees(page, "Corner <i>Café</i>, 1 High Street (50 m)")

    page.locator(".app-pin").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    east, north = numbers(page)
    assert (east - HERE.x, north - HERE.y) == (pytest.approx(5, abs=0.5),) * 2

    page.get_by_role("button", name="Use where I stand").click()
    page.get_by_text("The pin is where you stand, to within 7 metres").wait_for()
    check(page)
    east, north = numbers(page)
    assert east - HERE.x == pytest.approx(30, abs=1)
    assert north - HERE.y == pytest.approx(40, abs=1)

    page.context.set_geolocation(degrees(5000, 0))
    page.get_by_role("button", name="Use where I stand").click()
    page.get_by_text("You are more than 2 km from here").wait_for()
    assert numbers(page) == [east, north]


def test_the_pin_page_says_so_when_the_device_gives_no_position(page):
    before = numbers(page)
    page.context.clear_permissions()
    page.get_by_role("button", name="Use where I stand").click()
    page.get_by_text("Your device did not say where you are").wait_for()
    assert numbers(page) == before
