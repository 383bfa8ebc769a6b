"""A section's Markdown as HTML, with its pictures and the scheme's own phone numbers."""

import re

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from common.prose import as_html

NUMBERS_GO_HERE = '<p class="govuk-body">[[scheme numbers]]</p>'
PICTURE_GOES_HERE = re.compile(r'<p class="govuk-body">\[\[picture (\d+)\]\]</p>')


def section_html(body: str, *, pictures: dict, numbers: str = NUMBERS_GO_HERE) -> SafeString:
    """The HTML of a section, with pictures by number and the scheme's own phone numbers.

    An unknown picture number is left as typed, so that the trainer notices it.
    """

    def picture(found):
        shown = pictures.get(int(found[1]))
        return render_to_string("training/_picture.html", {"picture": shown}) if shown else found[0]

    html = PICTURE_GOES_HERE.sub(picture, as_html(body))
    return mark_safe(html.replace(NUMBERS_GO_HERE, numbers))  # each part is already sanitised
