"""“Use my location” is answered in one sentence, read at once by a screen reader or said aloud."""

import re

import pytest

from tests.browser.conftest import PHONE
from tests.browser.exampleton import make_exampleton

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VOICES = """() => {
  const own = { lang: "en-GB", localService: true, name: "Own" };
  const far = { lang: "en-GB", localService: false, name: "Far" };
  window.said = [];
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => VOICES, cancel() {}, addEventListener() {},
    speak: (words) => window.said.push([words.text, words.voice]),
  }});
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.fixture(autouse=True)
def exampleton(db):
    make_exampleton()


def use_my_location(open_page, voices=None):
    page = open_page(
        PHONE,
        geolocation={"latitude": 50.9326, "longitude": -1.2896, "accuracy": 40},
        permissions=["geolocation"],
    )
    if voices is not None:
        page.add_init_script(f"({VOICES.replace('VOICES', voices)})()")
    page.goto("/")
    page.get_by_role("button", name="Use my location").click()
    page.locator("#answer").wait_for()
    return page


def test_the_focused_headline_is_one_sentence_about_the_nearest_open_place(open_page):
    page = use_my_location(open_page)
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    page.wait_for_function("document.activeElement.id === 'answer'")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    focused = [
        node
        for node in nodes
        for each in node.get("properties", [])
        if each["name"] == "focused" and each["value"]["value"]
        if node["role"]["value"] == "heading"
    ]
    (heading,) = focused
    said = " ".join(heading["name"]["value"].split())
    assert said.startswith("Exampleton Library, open day and night, "), said
    assert re.search(r" \d+ minute(’s|s’) walk\.", said), said
    assert "open near you" in said


def test_it_is_said_aloud_by_the_devices_own_voice_and_nothing_is_sent(open_page):
    page = use_my_location(open_page, "[far, own]")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Say it aloud").click()
    ((text, voice),) = page.evaluate("window.said")
    assert text.startswith("Exampleton Library, open day and night, ")
    assert voice["name"] == "Own"
    assert asked == []


def test_without_a_voice_of_the_devices_own_there_is_no_button(open_page):
    page = use_my_location(open_page, "[far]")
    assert not page.get_by_role("button", name="Say it aloud").is_visible()
