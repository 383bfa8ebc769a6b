"""The checks every page visited by a browser test must pass."""

from weakref import WeakKeyDictionary, WeakSet

from django.conf import settings

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WORDS = """violations => violations.map(violation =>
    violation.id + ": " + violation.help + "\\n  " +
    violation.nodes.map(node => node.html + "\\n    " + node.failureSummary).join("\\n  "))"""
# Not preloaded: axe would inline imported style sheets, which the content security policy forbids.
HOW = "{runOnly: rules, preload: false}"
# Where scripts are off no timer fires, and axe, which rests by `setTimeout` on longer pages, would
# never end: it goes on at once instead. The page's own scripts are not loaded there.
TIMERS = """window.setTimeout = (then, after, ...with_these) => {
    if (typeof then === "function") Promise.resolve().then(() => then(...with_these));
    return 0;
};"""
RUN = f"rules => axe.run({HOW}).then(({{violations}}) => ({WORDS})(violations))"
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > width + 1)
        .slice(0, 5).map(each => each.outerHTML.slice(0, 200));
}"""
_said = WeakKeyDictionary()
_without_script = WeakSet()


def watch(page, *, script=True):
    """Collect console messages and script errors of the page; `script`: whether it runs any."""
    if not script:
        _without_script.add(page)
    said = _said.setdefault(page, [])
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def check(page):
    """Check that axe finds nothing, the page does not scroll sideways, and the console is empty."""
    page.wait_for_load_state()  # A click does not wait for the next page's style sheets.
    where = f"{page.url} ({page.title()})"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        if page in _without_script:
            page.evaluate(TIMERS)
    # Scroll first: axe reports anything half hidden by the fixed exit button as too small to press.
    page.evaluate("() => window.scrollTo(0, 0)")
    found = page.evaluate(RUN, RULES)
    assert not found, f"{where}\n" + "\n".join(found)
    assert not page.evaluate(TOO_WIDE), f"{where} is too wide: {page.evaluate(TOO_WIDE)}"
    assert not _said.get(page), f"{where}: {_said[page]}"
