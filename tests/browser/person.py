"""What a person does in a browser, in plain words; every page visited on the way is checked."""

from tests.browser.axe import check


def go(page, path):
    page.goto(path)
    check(page)


def press(page, name, nth=0):
    page.get_by_role("button", name=name, exact=True).nth(nth).click()
    check(page)


def follow(page, name):
    links = page.get_by_role("link", name=name, exact=True)
    links.or_(page.locator("a[role=button]", has_text=name)).first.click()
    check(page)


def fill(page, **fields):
    """Fill in a text box or choose an option, by the names in the form."""
    for name, value in fields.items():
        box = page.locator(f'[name="{name}"]')
        if box.first.get_attribute("type") in ("radio", "checkbox"):
            page.check(f'[name="{name}"][value="{value}"]')
        elif box.first.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def find_places(page, location="zz1 1aa"):
    """Search from the first page; the answer comes into it without the page being loaded again."""
    go(page, "/")
    fill(page, location=location)
    page.get_by_role("button", name="Find places", exact=True).click()
    page.locator("#answer").wait_for()
    check(page)


def sees(page, *words):
    text = " ".join(page.locator("body").inner_text().split())
    for each in words:
        assert each in text, f"{each!r} is not on {page.url}: {text}"


def sees_not(page, words):
    assert words not in page.content(), f"{words!r} is on {page.url}"
