"""A place, its sticker, its scheme and the map: light and dark, phone and desk, and on paper."""

import re

import pytest

from tests.browser.axe import check
from tests.browser.conftest import DESK, HERE, PHONE
from tests.factories import (
    ALWAYS,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def venue(here):
    scheme = SchemeFactory(
        slug="havens",
        name="Havens",
        colour="#0b5d3b",
        walk_in_steps=["Go to the counter.", "They find you a seat."],
    )
    PrincipleFactory(scheme=scheme, title="A seat")
    venue = VenueFactory(
        name="The Copper Kettle, Bookshop and Community Kitchen on the Green",
        point=HERE,
        hours=ALWAYS,
        lead_scheme=scheme,
        toilet=True,
        private_room=False,
        landmark="The blue door",
    )
    sign_up = SignUpFactory(venue=venue, scheme=scheme, approved=True)
    StickerFactory(sign_up=sign_up, code="ACDEFH34")
    SignUpFactory(venue=venue, scheme=SchemeFactory(name="Acorn"), approved=True, listed=True)
    return venue


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_of_a_place_pass_the_checks(open_page, venue, viewport, colours):
    page = open_page(viewport, color_scheme=colours)
    for path in (
        f"/venues/{venue.slug}/",
        "/stickers/ACDEFH34/",
        "/stickers/NOSUCHXY/",
        "/schemes/havens/",
    ):
        page.goto(path)
        check(page)
    page.get_by_role("button", name="Show the map").click()
    page.locator(".map-marker").wait_for()
    check(page)


def test_a_button_prints_the_card_and_without_javascript_the_browsers_menu_does(open_page, venue):
    page = open_page(DESK)
    page.goto(f"/venues/{venue.slug}/")
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="Print this on a small card").click()
    assert page.title() == "printed"
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    assert "Printed on" in shown
    assert "Open day and night" not in shown
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    plain = open_page(PHONE, java_script_enabled=False)
    plain.goto(f"/venues/{venue.slug}/")
    assert not plain.get_by_role("button", name="Print this on a small card").is_visible()
    assert plain.get_by_text("Words to send to somebody").is_visible()
