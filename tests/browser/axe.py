"""What every page that a journey meets is held to."""

from weakref import WeakKeyDictionary

from django.conf import settings

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WORDS = """violations => violations.map(violation =>
    violation.id + ": " + violation.help + "\\n  " +
    violation.nodes.map(node => node.html + "\\n    " + node.failureSummary).join("\\n  "))"""
# Not preloaded: axe would copy imported style sheets into the page, which the policy forbids.
HOW = "{runOnly: rules, preload: false}"
RUN = f"rules => axe.run({HOW}).then(({{violations}}) => ({WORDS})(violations))"
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > width + 1)
        .slice(0, 5).map(each => each.outerHTML.slice(0, 200));
}"""
_said = WeakKeyDictionary()


def watch(page):
    """Note what the page complains of in its console, and what fails in its scripts."""
    said = _said.setdefault(page, [])
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def check(page):
    """axe finds nothing, nothing is wider than the window, and the console is silent."""
    page.wait_for_load_state()  # a click does not wait for the style sheets of the next page
    where = f"{page.url} ({page.title()})"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Scrolled, whatever happens to be half below the exit button counts as too small to press.
    page.evaluate("() => window.scrollTo(0, 0)")
    found = page.evaluate(RUN, RULES)
    assert not found, f"{where}\n" + "\n".join(found)
    assert not page.evaluate(TOO_WIDE), f"{where} is too wide: {page.evaluate(TOO_WIDE)}"
    assert not _said.get(page), f"{where}: {_said[page]}"
