"""Pages are sent without the indentation of their templates."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
UNTRIMMED = re.compile(
    r"{% *blocktranslate(?![^%]*\btrimmed\b)[^%]*%}(?:(?!{% *end).)*\n", re.DOTALL
)


def test_a_page_is_sent_without_indentation(client):
    page = client.get("/no-such-page/").text
    assert "This page is not here" in page
    assert not re.search(r"^[ \t]+\S", page, re.MULTILINE)


def test_errors_still_report_the_source_line():
    source = get_template("404.html").template.source
    written = (Path(settings.BASE_DIR) / "templates" / "404.html").read_text()
    assert source.count("\n") == written.count("\n")


def test_no_page_depends_on_leading_spaces():
    for template in TEMPLATES:
        source = template.read_text()
        assert "<pre" not in source, template
        assert not UNTRIMMED.search(source), f"{template}: say trimmed"
