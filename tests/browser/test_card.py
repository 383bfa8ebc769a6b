"""A card to carry: made in the page, printed to the millimetre, and nowhere afterwards."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_no_trace import KEPT, NOTHING, entries, request_line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECRETS = ["Wilhelmina", "Aunt Rose", "01632 960007", "Short sentences", "Do not touch me"]
MM = 96 / 25.4
BOX = "face => { const {width, height} = face.getBoundingClientRect(); return [width, height]; }"
CUT = """() => [...document.querySelectorAll("[data-carry]:not([hidden]) .carry__face")]
    .filter(face => face.scrollHeight > face.clientHeight).length"""
LONG = "Maximiliana-Alexandrina Featherstonehaugh-Cholmondeley Smyth"


def fill(page, name="Wilhelmina", who="Aunt Rose", number="01632 960007", **more):
    page.get_by_label("Your name, or none").fill(name)
    page.get_by_label("Who it is").first.fill(who)
    page.get_by_label("Telephone").first.fill(number)
    page.get_by_label("What helps me").fill(more.get("helps", "Short sentences"))
    page.get_by_label("Please do not").fill(more.get("do_not", "Do not touch me"))


def printed(page):
    """(pages of the PDF, boxes of the faces on it in millimetres)."""
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    page.emulate_media(media="print")
    faces = page.locator(".carry__face:visible")
    boxes = [
        [round(side / MM, 1) for side in box]
        for box in faces.evaluate_all(f"all => all.map({BOX})")
    ]
    page.emulate_media(media="null")
    return pdf.pages, boxes


def typed(page):
    return page.evaluate("[...document.querySelectorAll('input, textarea')].map(e => e.value)")


@pytest.fixture
def page(open_page):
    page = open_page(DESK)
    page.add_init_script("window.print = () => {}")
    page.goto("/card/")
    return page


def test_a_card_is_made_and_printed_at_the_size_of_a_bank_card(page):
    fill(page)
    page.get_by_role("button", name="Print this card").click()
    page.evaluate("document.documentElement.dataset.prints = 'card'")
    (sheet,), boxes = printed(page)
    assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]
    assert boxes == [[85, 54], [85, 54]]
    words = sheet.extract_text()
    for secret in SECRETS:
        assert secret in words
    assert "Print this card" not in words
    page.get_by_label("In large print").check()
    (sheet,), boxes = printed(page)
    assert boxes == [[85, 54]] * 4
    assert "Aunt Rose" in sheet.extract_text()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_blanks_are_eight_to_a_sheet_and_two_in_large_print(open_page, script):
    page = open_page(PHONE, java_script_enabled=script)
    page.goto("/card/")
    assert page.get_by_label("Your name, or none").is_visible() == script
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    first, second = pdf.pages
    assert first.extract_text().count("Please help me") == 8
    assert second.extract_text().count("Please help me") == 2
    page.emulate_media(media="print")
    faces = page.locator(".carry__face:visible").evaluate_all(f"all => all.map({BOX})")
    assert {tuple(round(side / MM, 1) for side in box) for box in faces} == {(85, 54)}
    assert len(faces) == 8 + 8
    page.emulate_media(media="null")
    check(page)


def test_nothing_written_on_a_card_leaves_the_page(page, live_server):
    asked = []

    def note(request):
        # The browser fetches the tab's picture when it likes, and only once.
        if not request.url.endswith("/static/img/icon.svg"):
            asked.append(request_line(request))

    page.on("request", note)
    before = len(entries(page))
    fill(page)
    page.get_by_label("Your name, or none").press("Enter")
    page.get_by_label("With symbols").check()
    page.get_by_role("button", name="Print this card").click()
    assert asked == []
    assert page.evaluate(KEPT) == NOTHING
    assert len(entries(page)) == before
    assert page.url == f"{live_server.url}/card/"
    assert page.locator("form").count() == 0
    assert page.locator("main [name]").count() == 0
    boxes = page.locator("main :is(input, textarea)")
    assert set(boxes.evaluate_all("all => all.map(each => each.autocomplete)")) == {"off"}


@pytest.mark.parametrize("way", ["back", "reload", "exit", "shift", "clear"])
def test_a_card_is_empty_again_after_every_way_out(page, way):
    # No content: the page stays, and can be read as it stood when it was left.
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(status=204))
    fill(page)
    if way == "back":
        page.goto("/help/")
        page.go_back()
    elif way == "reload":
        page.reload()
    elif way == "clear":
        page.get_by_role("button", name="Clear everything").click()
        assert page.get_by_text("The card is empty.").is_visible()
    else:
        with page.expect_request("https://www.bbc.co.uk/weather"):
            if way == "exit":
                page.get_by_role("link", name="Exit this page").click(no_wait_after=True)
            else:
                for _press in range(3):
                    page.keyboard.press("Shift")
    assert set(typed(page)) <= {"", "on"}
    content = page.evaluate("document.documentElement.textContent")
    assert not [each for each in SECRETS if each in content]


@pytest.mark.parametrize(
    ("name", "who"),
    [(LONG[:60], LONG[:60]), ("Ἑλένη Παπαδοπούλου", "姐姐 王小明"), ("فاطمة الزهراء", "أختي مريم")],
    ids=["60 letters", "Greek and Chinese", "Arabic"],
)
@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_long_names_and_other_scripts_fit_on_the_card(page, name, who, large, pytestconfig):
    fill(
        page,
        name,
        who,
        "+44 1632 960 007 ext. 12",
        helps="Somewhere quiet. " * 8,
        do_not="Ask. " * 28,
    )
    page.get_by_label("Who it is").last.fill(who)
    page.get_by_label("Telephone").last.fill("+44 1632 960 008")
    page.get_by_label("With symbols").set_checked(large)
    page.get_by_label("In large print").set_checked(large)
    assert page.evaluate(CUT) == 0
    assert page.locator("[data-carry-status]").text_content() == ""
    direction = page.locator(".carry__name:visible").evaluate("e => getComputedStyle(e).direction")
    assert direction == ("rtl" if name[0] == "ف" else "ltr")
    if folder := pytestconfig.getoption("--basetemp"):
        page.screenshot(path=f"{folder}-card-{name[0]}-{large}.png", full_page=True)
    check(page)


def test_a_card_with_too_much_on_it_says_so(page):
    fill(page, helps="Wm\n" * 46, do_not="Wm\n" * 46)
    assert page.get_by_text("There is more than fits on the card").is_visible()


@pytest.mark.parametrize("viewport", [{"width": 320, "height": 640}, PHONE, DESK])
def test_the_page_passes_the_checks_filled_in(open_page, viewport, pytestconfig):
    page = open_page(viewport)
    page.goto("/card/")
    fill(page)
    page.get_by_label("With symbols").check()
    check(page)
    if folder := pytestconfig.getoption("--basetemp"):
        page.screenshot(path=f"{folder}-card-{viewport['width']}.png", full_page=True)
        with open(f"{folder}-card-{viewport['width']}.pdf", "wb") as file:
            file.write(page.pdf(prefer_css_page_size=True))
