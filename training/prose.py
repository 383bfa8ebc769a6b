"""A section's Markdown -> HTML, with its pictures and the scheme's own numbers."""

import re

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from common.prose import as_html

NUMBERS_GO_HERE = '<p class="govuk-body">[[scheme numbers]]</p>'
PICTURE_GOES_HERE = re.compile(r'<p class="govuk-body">\[\[picture (\d+)\]\]</p>')


def section_html(body: str, *, pictures: dict, numbers: str = NUMBERS_GO_HERE) -> SafeString:
    """A section as people see it: pictures by their number, the scheme's own telephone numbers.

    A picture that there is not stays as it was written, for the trainer to see.
    """

    def picture(found):
        shown = pictures.get(int(found[1]))
        return render_to_string("training/_picture.html", {"picture": shown}) if shown else found[0]

    html = PICTURE_GOES_HERE.sub(picture, as_html(body))
    return mark_safe(html.replace(NUMBERS_GO_HERE, numbers))  # every part is safe already
