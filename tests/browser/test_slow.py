"""The finder on an old phone with a slow connection.

How long it takes is added up from what a loaded machine does not change: round trips, bytes as the
real server compresses them, and the processor time of the page, four times over.
"""

import gzip

import pytest

from tests.browser.conftest import HERE, PHONE
from tests.factories import ALWAYS, SignUpFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATENCY = 0.4  # seconds for each round trip: slow 3G
BYTES_A_SECOND = 400_000 / 8
SLOWER_PROCESSOR = 4
USABLE = 2
"""Seconds until somebody can type, and until an answer can be read."""
FILES = "performance.getEntriesByType('resource').map(file => [file.name, file.initiatorType])"


@pytest.fixture(autouse=True)
def places(here):
    for number in range(12):
        SignUpFactory(
            approved=True,
            listed=True,
            venue__point=HERE,
            venue__hours=ALWAYS,
            venue__name=f"Exampleton Library {number}",
        )


def on_the_wire(*responses) -> int:
    return sum(len(gzip.compress(response.body())) for response in responses)


def test_on_a_slow_phone_the_box_and_the_answer_are_there_within_two_seconds(open_page):
    page = open_page(PHONE)
    to_browser = page.context.new_cdp_session(page)
    to_browser.send("Performance.enable", {"timeDomain": "threadTicks"})

    def processor() -> float:
        """Seconds of processor time of the page so far, as if it were that much slower."""
        metrics = to_browser.send("Performance.getMetrics")["metrics"]
        found = next(each["value"] for each in metrics if each["name"] == "TaskDuration")
        return SLOWER_PROCESSOR * found

    before = processor()
    page.goto("/")
    page.locator("#id_location").fill("ZZ1 1AA")
    spent = processor() - before
    files = page.evaluate(FILES)
    assert len(files) <= 2
    assert {kind for _name, kind in files} <= {"link", "script"}, "a file asks for another one"
    get = page.request.get
    size = on_the_wire(get("/"), *(get(name) for name, _kind in files))
    assert 2 * LATENCY + size / BYTES_A_SECOND + spent < USABLE, (size, spent)

    before = processor()
    page.get_by_role("button", name="Find places").click()
    page.locator(".near").get_by_role("link", name="Directions").wait_for()
    spent = processor() - before
    size = on_the_wire(page.request.post("/", form={"location": "ZZ1 1AA"}))
    assert LATENCY + size / BYTES_A_SECOND + spent < USABLE, (size, spent)


@pytest.mark.parametrize("script", [True, False])
def test_a_search_works_while_everything_is_slow(open_page, script):
    page = open_page(PHONE, java_script_enabled=script)
    to_browser = page.context.new_cdp_session(page)
    to_browser.send("Network.enable")
    slow = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    to_browser.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": 1000 * LATENCY, **slow}
    )
    to_browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    page.set_default_timeout(60_000)
    page.goto("/", wait_until="commit")
    page.locator("#id_location").fill("ZZ1 1AA")
    page.get_by_role("button", name="Find").click()
    page.locator(".near").get_by_role("link", name="Directions").wait_for()
    assert page.url.endswith("/")
