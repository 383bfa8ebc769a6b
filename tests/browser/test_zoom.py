"""400 % zoom: a window of 1280 by 1024 pixels then shows 320 by 256 of a page."""

import pytest

from tests.browser.axe import check
from tests.browser.conftest import HERE
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory, StickerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZOOMED = {"width": 320, "height": 256}
COVERED = """() => {
    const at = document.activeElement;
    const bar = document.querySelector(".bar");
    if (at === document.body || bar.contains(at)) return [];
    const inner = document.querySelector(".leaflet-container");
    if (inner && inner.contains(at)) return [];  // a marker is drawn where its place is
    const box = at.getBoundingClientRect();
    const over = bar.getBoundingClientRect();
    const above = Math.min(box.bottom, over.top) - Math.max(box.top, 0);  // the link to skip it
    const below = Math.min(box.bottom, innerHeight) - Math.max(box.top, over.bottom);
    const seen = Math.max(above, below);
    return seen < Math.min(box.height, 24) - 1 ? [at.outerHTML.slice(0, 200), seen] : [];
}"""
"""What has the focus and is hidden: beneath the bar, or with less than 24 pixels on the screen."""


@pytest.fixture(autouse=True)
def venue(here):
    scheme = SchemeFactory(slug="havens", name="Havens", colour="#0b5d3b", walk_in_steps=["Go in."])
    sign_up = SignUpFactory(
        approved=True,
        scheme=scheme,
        venue__name="The Copper Kettle, Bookshop and Community Kitchen on the Green",
        venue__slug="kettle",
        venue__point=HERE,
        venue__hours=ALWAYS,
        venue__phone="01632 960001",
        venue__step_free=True,
    )
    StickerFactory(sign_up=sign_up, code="ACDEFH34")


def answer(page):
    page.goto("/")
    page.get_by_label("Town or postcode").fill("ZZ1 1AA")
    page.get_by_role("button", name="Find places").click()
    page.locator("#answer").wait_for()


def open_map(page):
    page.goto("/map/")
    page.get_by_role("button", name="Show the map").click()
    page.locator(".map-marker").wait_for()


PAGES = {
    "first page": lambda page: page.goto("/"),
    "answer": answer,
    "venue": lambda page: page.goto("/venues/kettle/"),
    "map": open_map,
    "sticker": lambda page: page.goto("/stickers/ACDEFH34/"),
    "unknown sticker": lambda page: page.goto("/stickers/NOSUCHXY/"),
    "scheme": lambda page: page.goto("/schemes/havens/"),
    "sign in": lambda page: page.goto("/accounts/login/"),
    "help": lambda page: page.goto("/help/"),
    "no page": lambda page: page.goto("/nothing-here/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_at_400_percent_nothing_is_cut_off_and_the_focus_is_never_covered(
    open_page, name, pytestconfig
):
    page = open_page(ZOOMED)
    PAGES[name](page)
    if name != "no page":  # its status is an error, which the console repeats
        check(page)
    if folder := pytestconfig.getoption("--basetemp"):
        page.screenshot(path=f"{folder}-zoom-{name}.png")
    bar = page.locator(".bar").bounding_box()
    assert bar["height"] <= 256 / 3, "most of the screen is left to read on"
    for way in ("Tab", "Shift+Tab"):
        for _press in range(40):
            page.keyboard.press(way)
            assert not page.evaluate(COVERED)
