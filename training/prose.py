"""A text's Markdown as HTML, with its pictures, the scheme's own phone numbers and helplines."""

import re

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from common.prose import as_html

NUMBERS_GO_HERE = '<p class="govuk-body">[[scheme numbers]]</p>'
HELPLINES_GO_HERE = '<p class="govuk-body">[[helplines]]</p>'
PICTURE_GOES_HERE = re.compile(r'<p class="govuk-body">\[\[picture (\d+)\]\]</p>')


def section_html(
    body: str,
    *,
    pictures: dict,
    numbers: str = NUMBERS_GO_HERE,
    helplines: str = HELPLINES_GO_HERE,
) -> SafeString:
    """The HTML of a text, with pictures by number, the scheme's own numbers and helplines.

    An unknown picture number is left as typed, so that the trainer notices it.
    """

    def picture(found):
        shown = pictures.get(int(found[1]))
        return render_to_string("training/_picture.html", {"picture": shown}) if shown else found[0]

    html = PICTURE_GOES_HERE.sub(picture, as_html(body))
    html = html.replace(NUMBERS_GO_HERE, numbers).replace(HELPLINES_GO_HERE, helplines)
    return mark_safe(html)  # each part is already sanitised


def asks_for_helplines(body: str) -> bool:
    return "[[helplines]]" in body
