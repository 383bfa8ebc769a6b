"""Appearance that other journeys do not cover: dark mode, right to left, forced colours."""

import pytest
from django.test import override_settings

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}
PAGES = ["/", "/help/", "/map/", "/join/", "/accounts/login/"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_in_dark_mode_pass_the_checks(open_page, here, viewport):
    page = open_page(viewport, color_scheme="dark")

    for path in PAGES:
        page.goto(path)
        check(page)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 26, 32)"


@override_settings(LANGUAGES=[("en-gb", "English"), ("ar", "العربيّة")])
def test_right_to_left_mirrors_the_bar_and_cuts_nothing_off(open_page, here):
    page = open_page(NARROW)

    for path in PAGES:
        page.goto(f"/ar{path}")
        check(page)
    page.goto("/ar/")
    exit_at, name_at = (
        page.locator(each).bounding_box()["x"] for each in (".pill--exit", ".bar__who")
    )
    assert exit_at < 20 < name_at, "the exit is at the end of the line, which is the left"


def test_the_sticky_bar_does_not_cover_the_focused_element(open_page, here):
    page = open_page({"width": 360, "height": 420})
    page.goto("/help/")
    page.get_by_role("link", name="Cookies").focus()

    assert page.evaluate("scrollY") > 0
    assert page.get_by_role("link", name="Exit").bounding_box()["y"] < 60
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert focused >= 57, "hidden below the bar"


def test_forced_colours_keep_the_open_door_visible(open_page, here):
    page = open_page(PHONE, forced_colors="active")
    page.goto("/map/")
    page.get_by_role("button", name="Show the map").click()

    door = page.locator(".map-key use").first
    door.wait_for()
    assert door.is_visible()
    colours = page.evaluate(
        "['--frame', '--lamp', '--leaf'].map(name =>"
        " getComputedStyle(document.documentElement).getPropertyValue(name).trim())"
    )
    assert colours == ["CanvasText", "Highlight", "Canvas"]
    check(page)
