"""The public finder in Chromium: search, go back, show the words, open the map."""

import re

import pytest

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.browser.exampleton import make_exampleton

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def exampleton(db):
    make_exampleton()


def search(page, text):
    page.goto("/")
    page.get_by_label("Town or postcode").fill(text)
    page.get_by_role("button", name="Find places").click()
    # Newton is two places, Nowhereton none; all else has an answer.
    page.locator("#answer, .finder-choices, .govuk-error-summary").first.wait_for()
    page.wait_for_load_state()


def shot(page, name, pytestconfig):
    if folder := pytestconfig.getoption("--basetemp"):
        page.screenshot(path=f"{folder}-{name}.png", full_page=True)


@pytest.mark.parametrize("viewport", [{"width": 320, "height": 640}, PHONE, DESK])
def test_every_page_and_answer_passes_the_checks(open_page, viewport, pytestconfig):
    page = open_page(viewport)
    width = viewport["width"]
    paths = ["", "map/", "help/", "privacy/", "accessibility/", "cookies/", "show-this/", "card/"]
    for path in paths:
        page.goto(f"/{path}")
        check(page)
        shot(page, f"{width}-{path.strip('/') or 'finder'}", pytestconfig)
    for path in ("venues/sort-0/", "venues/sort-4/", "stickers/acde-fh34/", "stickers/NOSUCH/"):
        page.goto(f"/{path}")
        check(page)
        shot(page, f"{width}-{path.strip('/').replace('/', '-')}", pytestconfig)
    for text in ("ZZ1 1AA", "Newton", "Nowhereton"):
        search(page, text)
        check(page)
        shot(page, f"{width}-{text}", pytestconfig)
    assert page.context.cookies() == []


def test_an_answer_replaces_the_form_in_the_browser_history(open_page):
    page = open_page(PHONE)
    page.goto("/help/")
    page.goto("/")
    entries = page.evaluate("history.length")
    search_here(page, "Newton")
    page.get_by_role("button", name="Newton, Northshire").click()
    page.locator("#answer").wait_for()
    search_here(page, "ZZ1 1AA")
    page.get_by_text("From ZZ1 1AA").wait_for()
    assert page.url.endswith("/")
    assert page.evaluate("[history.length, history.state]") == [entries, None]
    assert page.evaluate("document.activeElement.id") == "answer"
    page.go_back()
    assert page.get_by_role("heading", name="Help", exact=True).is_visible()
    page.go_forward()
    page.wait_for_load_state()
    page.reload()
    assert page.get_by_role("heading", name="Find a place near you").is_visible()


def search_here(page, text):
    page.get_by_label("Town or postcode").fill(text)
    page.get_by_role("button", name="Find places").click()


def test_back_works_without_javascript(open_page):
    page = open_page(PHONE, java_script_enabled=False)
    search(page, "Newton")
    page.get_by_role("button", name="Newton, Northshire").click()
    page.locator("#answer").wait_for()
    assert len(page.context.pages) == 1, "no link or form of ours opens a tab"
    page.goto("/")
    assert page.get_by_role("heading", name="Find a place near you").is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_the_first_screen_shows_name_closing_time_minutes_and_directions(
    open_page, script, pytestconfig
):
    page = open_page({"width": 360, "height": 640}, java_script_enabled=script)
    search(page, "ZZ1 1AA")
    near = page.locator(".near")
    for part in (
        near.get_by_role("link", name="Exampleton Library", exact=True),
        near.get_by_text("Open day and night"),
        near.locator(".min b"),
        near.get_by_role("link", name="Directions to Exampleton Library"),
    ):
        assert part.is_visible()
        box = part.bounding_box()
        assert box["y"] + box["height"] <= 420
    say = page.locator(".say").bounding_box()
    assert say["y"] + say["height"] <= 640, "what to say is on the first screen too"
    shot(page, f"first-screen-{script}", pytestconfig)


def test_exit_replaces_the_page_and_shift_three_times_does_too(open_page):
    page = open_page(PHONE)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Weather"))
    for leave in (
        lambda: page.get_by_role("link", name="Exit this page").click(),
        lambda: [page.keyboard.press("Shift") for _ in range(3)],
    ):
        page.goto("/help/")
        search(page, "ZZ1 1AA")
        entries = page.evaluate("history.length")
        leave()
        page.wait_for_url("https://www.bbc.co.uk/weather")
        assert page.evaluate("history.length") == entries
        page.go_back()
        assert page.get_by_role("heading", name="Help", exact=True).is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_filters_and_another_time_can_be_set_within_the_answer(open_page, script, pytestconfig):
    page = open_page(PHONE, java_script_enabled=script)
    search(page, "ZZ1 1AA")
    page.get_by_text("Step-free, toilet…").click()
    page.get_by_label("Step-free way in").check()
    check(page)
    page.get_by_role("button", name="Show these places").click()
    page.get_by_text("Only places with: step-free way in.").wait_for()
    assert page.url.endswith("/")
    assert not page.get_by_role("link", name="Corner Café").is_visible()
    page.get_by_text("Another time").click()
    page.get_by_label("Day").select_option(index=2)
    page.get_by_label("Time", exact=True).fill("22:45")
    check(page)
    shot(page, f"360-wishes-{script}", pytestconfig)
    page.get_by_role("button", name="Show what is open then").click()
    page.get_by_role("heading", name="22:45").wait_for()
    page.get_by_text("Only places with: step-free way in.").wait_for()
    page.get_by_role("button", name="Show all places").click()
    page.get_by_role("link", name="Corner Café", exact=True).wait_for()


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {}],
    ids=["dark", "forced", "narrow"],
)
def test_an_answer_is_legible_in_every_appearance(open_page, look, pytestconfig, request):
    page = open_page({"width": 320, "height": 640}, **look)
    search(page, "ZZ1 1AA")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shot(page, f"320-{request.node.callspec.id}", pytestconfig)


def test_the_map_of_an_answer_can_be_opened_in_place_repeatedly(open_page, live_server):
    page = open_page(PHONE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(2):
        search(page, "ZZ1 1AA")
        page.get_by_role("button", name="Show on map").click()
        page.locator(".map-marker, .map-cluster").first.wait_for()
        assert (
            page.get_by_role("img", name="You are here").count() or page.locator(".map-you").count()
        )
        search_here(page, "ZZ1 1AA")
        page.locator("#answer").wait_for()
    assert page.url.endswith("/")
    assert not [url for url in asked if "ZZ1" in url]


def test_my_location_fills_in_and_submits_the_form(open_page):
    page = open_page(
        PHONE,
        geolocation={"latitude": 50.9326, "longitude": -1.2896, "accuracy": 40},
        permissions=["geolocation"],
    )
    page.goto("/")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_role("heading", name="Exampleton Library", exact=True).wait_for()
    said = page.inner_text("main")
    assert "From where your device says you are, give or take 40 metres" in said


def test_a_failed_location_request_is_explained(open_page):
    page = open_page(PHONE, permissions=[])
    page.goto("/")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_text("Your device did not tell us where you are").wait_for()
    assert page.evaluate("document.activeElement.id") == "id_location"


def test_the_words_fill_the_screen_and_back_closes_them(open_page, pytestconfig):
    page = open_page(PHONE)
    search(page, "ZZ1 1AA")
    page.get_by_role("link", name="Show this to staff").click()
    words = page.get_by_text("Please do not draw attention.")
    assert words.is_visible()
    box = page.locator("#show-this").bounding_box()
    assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
    shot(page, "360-words", pytestconfig)
    check(page)
    page.go_back()
    assert not words.is_visible()
    assert page.get_by_role("heading", name="Exampleton Library", exact=True).is_visible()


def open_map(page):
    """The places' page with its map drawn: by itself where there is room for both."""
    page.goto("/map/")
    if page.viewport_size["width"] < 960:
        page.get_by_role("button", name="Show the map").click()
    page.locator(".map-marker, .map-cluster").first.wait_for()
    page.wait_for_timeout(400)


def test_no_third_party_is_contacted(open_page, live_server):
    page = open_page(PHONE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    search(page, "ZZ1 1AA")
    page.goto("/map/")
    assert not [url for url in asked if "leaflet" in url or "geojson" in url]
    page.get_by_role("button", name="Show the map").click()
    page.locator(".map-marker, .map-cluster").first.wait_for()
    assert [url for url in asked if "leaflet" in url]
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_the_map_works_by_keyboard_with_unique_marker_names(open_page, viewport, pytestconfig):
    page = open_page(viewport)
    open_map(page)
    if viewport == DESK:  # a phone may have no room for one
        assert page.locator(".map-label b").first.inner_text()
    check(page)
    shot(page, f"{viewport['width']}-map-open", pytestconfig)
    page.get_by_role("button", name="Show Exampleton Library on the map").click()
    popup = page.locator(".leaflet-popup")
    popup.wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.textContent") == "Opening hours and more"
    check(page)
    shot(page, f"{viewport['width']}-map-popup", pytestconfig)
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    marker = page.locator(".map-marker[aria-label^='Exampleton Library']")
    marker.focus()
    page.keyboard.press("Enter")
    popup.wait_for()
    names = page.locator(".map-marker").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert len(names) == len(set(names)) >= 1
    assert all(names)


def test_a_link_to_one_place_opens_it_on_the_map(open_page):
    page = open_page(PHONE)
    page.goto("/map/#place-sort-1")
    page.locator(".leaflet-popup").wait_for()
    assert "Corner Café" in page.locator(".leaflet-popup").inner_text()


def test_the_map_shows_the_users_position_and_requests_only_a_rounded_view(open_page):
    page = open_page(
        PHONE,
        geolocation={"latitude": 50.93123, "longitude": -1.28876},
        permissions=["geolocation"],
        color_scheme="dark",
    )
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_map(page)
    page.get_by_role("button", name="Show where I am").click()
    page.locator(".map-you").wait_for()
    page.wait_for_timeout(600)
    assert page.locator(".map-ring").count() == 3
    names = page.locator(".map-ring-name").all_inner_texts()
    assert names == ["5 min", "10 min", "15 min"]
    check(page)
    views = [url for url in asked if "geojson" in url]
    assert views
    assert not [url for url in views if "50.93123" in url or "1.28876" in url]
    for button in page.locator(".map-button").all():
        box = button.bounding_box()
        assert (box["width"], box["height"]) == (44, 44)


def test_an_answer_shows_its_map_in_place_and_again_after_another_search(open_page):
    page = open_page(PHONE)
    for _ in range(2):
        search(page, "ZZ1 1AA")
        page.get_by_role("button", name="Show on map").click()
        page.locator(".map-marker, .map-cluster").first.wait_for()
        assert page.locator(".map-ring").count() == 3
        assert page.url.endswith("/")
        check(page)


def test_a_map_that_cannot_be_loaded_leaves_the_list(open_page):
    page = open_page(PHONE)
    page.route("**/leaflet.js", lambda route: route.abort())
    page.goto("/map/")
    page.get_by_role("button", name="Show the map").click()
    page.get_by_text("The map could not be loaded. The list has every place.").wait_for(
        state="attached"
    )
    assert page.get_by_role("link", name="Corner Café").is_visible()


def test_without_javascript_the_list_still_works(open_page):
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/map/")
    assert page.get_by_role("link", name="Corner Café").is_visible()
    assert not page.get_by_role("button", name="Show the map").is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_an_answer_prints_on_one_sheet_without_anything_that_expires(
    open_page, script, pytestconfig
):
    page = open_page(DESK, java_script_enabled=script)
    search(page, "ZZ1 1AA")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    shot(page, f"print-{script}", pytestconfig)
    assert "Exampleton Library" in shown
    assert "Printed on" in shown
    for untrue in ("open now", "Open day and night", "places open", "Not open now"):
        assert untrue.lower() not in shown.lower()


def test_a_place_prints_on_one_card(open_page):
    page = open_page(DESK)
    page.goto("/venues/sort-0/")
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [(round(float(w)), round(float(h))) for w, h in boxes] == [(298, 420)]  # points
