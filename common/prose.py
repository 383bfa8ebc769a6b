"""A scheme's Markdown -> clean HTML in the site's own classes."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "link_open": "govuk-link",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
}
HEADINGS = {"h1": "govuk-heading-m", "h2": "govuk-heading-m", "h3": "govuk-heading-s"}
TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote",
    "code", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"*": {"class"}, "a": {"href", "class"}, "th": {"scope", "class"}, "ol": {"start"}}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(text: str) -> SafeString:
    """HTML of `text`, without scripts, pictures, styles and handwritten HTML."""
    tokens = _markdown.parse(text)
    for block in tokens:
        for token in (block, *(block.children or ())):
            _dress(token)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(  # nh3 has cleaned it
        nh3.clean(
            html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "http", "tel", "mailto"}
        )
    )


def _dress(token):
    """Give a token its class. The page's title is its only h1, so the text's headings start
    at h2.
    """
    if token.type in ("heading_open", "heading_close"):
        token.tag = "h2" if token.tag == "h1" else token.tag
    if token.type == "heading_open":
        token.attrSet("class", HEADINGS.get(token.tag, "govuk-heading-s"))
    elif token.type in CLASSES:
        token.attrSet("class", CLASSES[token.type])
    if token.type == "th_open":
        token.attrSet("scope", "col")
    if token.type in ("th_open", "td_open"):
        token.attrs.pop("style", None)
