from django import template
from django.template.loader import render_to_string

from common.prose import as_html
from training.prose import asks_for_helplines, section_html
from venues.phone_lines import helplines_for

register = template.Library()


@register.simple_tag
def section_text(body, contacts, pictures, venues=None):
    """A section's Markdown as HTML, with its pictures and the scheme's own phone numbers.

    `venues` are the places whose helplines it lists; None while the text is being written.
    """
    numbers = render_to_string("training/_scheme_numbers.html", {"contacts": contacts})
    helplines = ""
    if asks_for_helplines(body):
        is_draft = venues is None
        page = {"is_draft": is_draft, "helplines": [] if is_draft else helplines_for(venues)}
        helplines = render_to_string("training/_helplines.html", page)
    return section_html(body, pictures=pictures, numbers=numbers, helplines=helplines)


@register.simple_tag
def prose(text):
    """Markdown as HTML."""
    return as_html(text)
