"""A scheme in public: its page, its finder and its map, in light and dark and with long names."""

import pytest

from tests.browser.axe import check
from tests.browser.conftest import DESK, HERE, PHONE
from tests.factories import ALWAYS, PrincipleFactory, SchemeFactory, SignUpFactory, VenueFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scheme(here):
    scheme = SchemeFactory(
        name="The Interborough Welcoming Quiet-Corner and Shelterers’ Partnership of the Vale",
        slug="corners",
        noun="Wendlebury quiet-corner of welcome",
        noun_plural="Wendlebury quiet-corners of welcome",
        sticker_title="Wendlebury Quiet-Corner of Welcome",
        colour="#0b5d3b",
        about="Somewhere **quiet**.",
    )
    PrincipleFactory(scheme=scheme, title="A seat")
    venue = VenueFactory(name="Copper Kettle", point=HERE, hours=ALWAYS, lead_scheme=scheme)
    SignUpFactory(venue=venue, scheme=scheme, approved=True, listed=True)
    SignUpFactory(venue=venue, scheme=SchemeFactory(name="Acorn"), approved=True, listed=True)
    return scheme


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_finder_of_a_scheme_finds_its_place_with_both_badges(
    open_page, scheme, viewport, colours
):
    page = open_page(viewport, color_scheme=colours)
    page.goto("/")
    page.get_by_role("link", name="Who runs this").click()
    check(page)
    page.get_by_role("link", name=scheme.name).click()
    check(page)
    page.get_by_label("Town or postcode").fill("ZZ1 1AA")
    page.get_by_role("button", name="Find").click()
    page.locator("#answer").wait_for()
    check(page)
    assert page.url.endswith("/")
    badges = page.locator(".near .badges li").all_inner_texts()
    assert badges == ["Acorn", scheme.name]


def test_a_popup_on_a_schemes_map_names_both_schemes(open_page, scheme):
    page = open_page(DESK)
    page.goto("/schemes/corners/map/")
    page.locator(".map-marker").click()
    assert page.locator(".leaflet-popup .badges li").all_inner_texts() == ["Acorn", scheme.name]
    check(page)


MEASURED = """sheet => {
    const scale = sheet.clientWidth / 1050;
    const box = name => sheet.querySelector(name).getBoundingClientRect();
    const top = sheet.getBoundingClientRect().top;
    const door = sheet.querySelector(".door path").getBBox();
    const title = sheet.querySelector(".title");
    return {
        door: (door.y + door.height) * scale,
        words: box(".words").top - top,
        qr: box(".qr").width / scale,
        titleWide: title.scrollWidth - title.clientWidth,
        titleEnd: box(".title").right - sheet.getBoundingClientRect().left - 875 * scale,
        titleFoot: box(".title").bottom - top,
    };
}"""
LONGEST = {
    "what_to_say": "Say that you would like to sit down. " * 5,
    "sticker_wording": "No phone needed: walk in and ask. " * 4,
}


@pytest.mark.parametrize("title", ["Come in.", "Safe space", "Wendlebury Quiet-Corner of Welcome"])
@pytest.mark.parametrize("words", [{}, LONGEST], ids=["short", "longest"])
def test_the_words_of_a_sticker_stand_in_and_below_its_door(open_page, scheme, title, words):
    for name, value in {"sticker_title": title, **words}.items():
        setattr(scheme, name, value)
    scheme.save()
    page = open_page(DESK)
    page.goto("/schemes/corners/")
    found = page.locator(".sheet").evaluate(MEASURED)
    assert found["words"] >= found["door"]
    assert found["titleWide"] <= 1
    assert found["titleEnd"] <= 1
    assert found["titleFoot"] <= found["door"]
    assert found["qr"] >= 190  # 19 mm of the smaller size
