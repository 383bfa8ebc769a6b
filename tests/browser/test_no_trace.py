"""What a search leaves behind, on the device and on the way to the server."""

import logging

import pytest
from django.utils import timezone
from playwright.sync_api import Error

from tests.browser.conftest import HERE, PHONE
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = """async () => [
    localStorage.length, sessionStorage.length, document.cookie, history.state,
    (await indexedDB.databases()).length,
    window.caches ? (await caches.keys()).length : 0,
    (await navigator.serviceWorker?.getRegistrations() ?? []).length,
]"""
NOTHING = [0, 0, "", None, 0, 0, 0]
TYPED = ["ZZ1 1AA", "Nowhereton", "Secret Street"]
both = pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])


@pytest.fixture(autouse=True)
def venue(here):
    scheme = SchemeFactory(slug="havens", name="Havens")
    SignUpFactory(
        approved=True,
        listed=True,
        scheme=scheme,
        venue__name="Exampleton Library",
        venue__slug="library",
        venue__point=HERE,
        venue__hours=ALWAYS,
        venue__step_free=True,
        venue__hours_confirmed_at=timezone.now(),
    )


def search(page, text):
    page.get_by_label("Town or postcode").fill(text)
    page.get_by_role("button", name="Find places").click()
    page.locator("#answer, .govuk-error-summary").first.wait_for()
    page.wait_for_load_state()


def narrow(page):
    """Ask the answer for more: step-free, then another time."""
    page.get_by_text("Step-free, toilet…").click()
    page.get_by_label("Step-free way in").check()
    page.get_by_role("button", name="Show these places").click()
    page.get_by_text("Only places with: step-free way in.").wait_for()


def entries(page):
    """Addresses and titles of the history, as the browser keeps them."""
    asked = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    return [(each["url"], each["title"]) for each in asked["entries"]]


def request_line(request):
    """All that a server's access log can hold of a request, whatever its format."""
    return request.method, request.url, request.headers


@both
def test_nothing_typed_is_in_an_address_a_title_or_a_log(open_page, live_server, caplog, script):
    caplog.set_level(logging.DEBUG)
    page = open_page(PHONE, java_script_enabled=script)
    asked = []
    page.on("request", lambda request: asked.append(request_line(request)))
    for text in reversed(TYPED):  # the one that is found at the end
        page.goto("/")
        search(page, text)
        assert page.url == f"{live_server.url}/"
    narrow(page)
    assert page.url == f"{live_server.url}/"
    page.get_by_role("link", name="Exampleton Library", exact=True).click()
    page.get_by_role("heading", name="Exampleton Library", exact=True).wait_for()
    assert len([method for method, _url, _headers in asked if method == "POST"]) == 4
    said = [*map(str, entries(page)), *map(str, asked)]
    said += [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    for text in [*TYPED, "ZZ1", "step_free", "step-free"]:
        assert not [each for each in said if text in each or text.replace(" ", "+") in each]


@both
def test_the_device_keeps_nothing(open_page, live_server, script):
    page = open_page(PHONE, java_script_enabled=script)
    page.goto("/")
    before = len(entries(page))
    search(page, "ZZ1 1AA")
    narrow(page)
    assert page.evaluate(KEPT) == NOTHING
    assert page.context.cookies() == []
    assert page.context.storage_state() == {"cookies": [], "origins": []}
    assert {url for url, _title in entries(page)} <= {"about:blank", f"{live_server.url}/"}
    if script:
        assert len(entries(page)) == before, "the answer took the place of the form"
    page.goto("/help/")
    if script:
        page.go_back()
        page.wait_for_load_state()
        assert "ZZ1" not in page.content(), "the answer came out of the browser's own store"
    else:
        with pytest.raises(Error, match="ERR_CACHE_MISS"):  # it would have to send the form again
            page.go_back()


@both
def test_the_referrer_tells_the_next_page_nothing_about_the_search(open_page, live_server, script):
    page = open_page(PHONE, java_script_enabled=script)
    told = {}
    page.on("request", lambda request: told.update({request.url: request.headers.get("referer")}))
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Weather"))
    page.goto("/")
    search(page, "ZZ1 1AA")
    page.get_by_role("link", name="Exampleton Library", exact=True).click()
    page.get_by_role("heading", name="Exampleton Library", exact=True).wait_for()
    assert page.evaluate("document.referrer") in ("", f"{live_server.url}/")
    page.goto("/")
    search(page, "ZZ1 1AA")
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.evaluate("document.referrer") == ""
    assert told["https://www.bbc.co.uk/weather"] is None
