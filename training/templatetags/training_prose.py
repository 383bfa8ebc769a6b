from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from training.prose import as_html

register = template.Library()

NUMBERS_GO_HERE = '<p class="govuk-body">[[scheme numbers]]</p>'


@register.simple_tag
def section_text(body, contacts):
    """A section's Markdown as HTML, the scheme's own numbers where it asks for them."""
    html = as_html(body)
    if NUMBERS_GO_HERE not in html:
        return html
    numbers = render_to_string("training/_scheme_numbers.html", {"contacts": contacts})
    return mark_safe(html.replace(NUMBERS_GO_HERE, numbers))  # both parts are safe already
