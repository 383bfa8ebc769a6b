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
CUT_OFF = """() => {
    const width = document.documentElement.clientWidth;
    const page = {left: 0, right: width, top: -Infinity, bottom: Infinity};
    const hides = style => /hidden|clip/.test(style.overflowX + style.overflowY);
    const scrolls = style => /auto|scroll/.test(style.overflowX + style.overflowY);
    const isForReadersOnly = (style, box) =>
        style.clipPath !== "none" || style.clip !== "auto" || (box.width <= 2 && box.height <= 2)
        || Math.abs(parseFloat(style.textIndent)) >= 999;  // the admin's icons push their word away
    const isOutside = (text, box) => text.right > box.right + 2 || text.left < box.left - 2
        || text.bottom > box.bottom + 3 || text.top < box.top - 3;
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const own = node.parentElement;
        if (!node.data.trim() || own.closest("script, style, option, svg, textarea, noscript")
            || !own.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter(each => each.width > 1 && each.height > 1);
        if (!rects.length) continue;
        const boxes = [];
        let isFree = false, block = null;
        for (let each = own; each && each !== document.body; each = each.parentElement) {
            const style = getComputedStyle(each), box = each.getBoundingClientRect();
            if (isForReadersOnly(style, box)) { isFree = true; break; }
            const isInline = style.display.startsWith("inline") && style.display === "inline";
            if (!block && !isInline && style.display !== "contents") {
                block = box;  // a box of its own holds its text from side to side
                boxes.push({left: box.left, right: box.right, top: -Infinity, bottom: Infinity});
            }
            if (scrolls(style)) { isFree = true; break; }
            if (hides(style)) boxes.push(box);
            if (style.position === "fixed") break;
        }
        if (isFree && !boxes.length) continue;
        if (!isFree) boxes.push(page);
        if (rects.some(text => boxes.some(box => isOutside(text, box)))) {
            found.add(own.outerHTML.slice(0, 160));
        }
    }
    return [...found].slice(0, 8);
}"""
"""Text that runs out of its box, is cut off by a box around it, or lies beside the page. What only
screen readers are meant to find, and what scrolls, may."""
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
    """Check that axe finds nothing, no text is cut off or beside the page, the console is empty."""
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
    assert not (cut := page.evaluate(CUT_OFF)), f"{where}: text is cut off: {cut}"
    assert not _said.get(page), f"{where}: {_said[page]}"
