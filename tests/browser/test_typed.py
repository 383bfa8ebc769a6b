"""What was typed is not one location: several, none, outside, or known only in part."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.models import Area, Postcode
from tests.browser.axe import check
from tests.browser.conftest import DESK, HERE, PHONE
from tests.browser.person import sees
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = {
    "phone": {"viewport": PHONE},
    "desk": {"viewport": DESK},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desk, dark": {"viewport": DESK, "color_scheme": "dark"},
    "narrow, forced colours": {
        "viewport": {"width": 320, "height": 640},
        "forced_colors": "active",
    },
}
SAID = {
    "Newton": "There is more than one place of that name",
    "Exmpleton Libary": "We do not know a place of exactly that name",
    "Nowhereton": "We do not know this location",
    "": "Type a town or postcode",
    "EH1 1AA": "EH1 1AA is in Scotland",
    "ZZ1 1ZZ": "We do not have ZZ1 1ZZ",
    "ZZ9 9ZZ": "We do not know the postcode ZZ9 9ZZ",
}


@pytest.fixture(autouse=True)
def places(here):
    """Two libraries of one name, and two parishes of another."""
    square = MultiPolygon(Polygon.from_bbox((449000, 114000, 451000, 116000)), srid=27700)
    for number, parent in enumerate(["Northshire", "Southshire"]):
        Area.objects.create(
            code=f"N{number}", name="Newton", kind="parish", parent_name=parent, boundary=square
        )
    Postcode.objects.create(postcode="ZZ1 1AB", outward="ZZ1", point=HERE, quality=10)
    scheme = SchemeFactory()
    for east, town in ((0, "Alphaton"), (800, "Betaton")):
        SignUpFactory(
            approved=True,
            listed=True,
            scheme=scheme,
            venue__name="Exampleton Library",
            venue__town=town,
            venue__slug=f"library-{town.lower()}",
            venue__point=Point(HERE.x + east, HERE.y, srid=27700),
            venue__hours=ALWAYS,
        )


def search(page, text):
    page.goto("/")
    page.get_by_label("Town or postcode").fill(text)
    page.get_by_role("button", name="Find places").click()
    page.locator("#answer, .finder-choices, .govuk-error-summary").first.wait_for()


def focused(page, what):
    """Press Tab until the focus is on an element that the selector `what` matches."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"{what} cannot be reached by keyboard")


@pytest.mark.parametrize("look", LOOKS)
def test_every_answer_other_than_a_single_location_passes_the_checks(open_page, look, pytestconfig):
    page = open_page(**LOOKS[look])
    for number, (text, said) in enumerate(SAID.items()):
        search(page, text)
        sees(page, said)
        check(page)
        if folder := pytestconfig.getoption("--basetemp"):
            page.screenshot(path=f"{folder}-typed-{look}-{number}.png", full_page=True)


@pytest.mark.parametrize("text", SAID)
def test_the_same_is_shown_without_javascript(open_page, text):
    page = open_page(PHONE, java_script_enabled=False)
    search(page, text)
    sees(page, SAID[text])
    assert page.get_by_label("Town or postcode").first.is_visible(), "another can be typed"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_one_of_several_locations_can_be_chosen_by_keyboard(open_page, script):
    page = open_page(DESK, java_script_enabled=script)
    page.goto("/")
    focused(page, "#id_location")
    page.keyboard.type("Newton")
    page.keyboard.press("Enter")
    page.locator(".finder-choices").wait_for()
    focused(page, ".finder-choices button")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#answer").wait_for()
    sees(page, "Newton, Southshire")


def test_the_error_gets_the_focus_and_links_to_the_box(open_page):
    page = open_page(PHONE)
    search(page, "Nowhereton")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_location"
    assert page.get_by_label("Town or postcode").input_value() == "Nowhereton"
    page.keyboard.press("Control+A")
    page.keyboard.type("ZZ1 1AA")
    page.keyboard.press("Enter")
    page.locator("#answer").wait_for()
    sees(page, "From ZZ1 1AA")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
@pytest.mark.parametrize("text", ["ZZ1 1AA", "Nowhereton", "Newton"])
def test_the_page_title_states_the_outcome(open_page, text, script):
    page = open_page(PHONE, java_script_enabled=script)
    search(page, text)
    page.wait_for_load_state()
    assert page.title().startswith("Error:") == (text == "Nowhereton")
    assert text not in page.title(), "the title of a page stays in the history"
