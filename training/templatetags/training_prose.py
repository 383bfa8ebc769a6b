from django import template
from django.template.loader import render_to_string

from common.prose import as_html
from training.prose import section_html

register = template.Library()


@register.simple_tag
def section_text(body, contacts, pictures):
    """A section's Markdown as HTML, with its pictures and the scheme's own phone numbers."""
    numbers = render_to_string("training/_scheme_numbers.html", {"contacts": contacts})
    return section_html(body, pictures=pictures, numbers=numbers)


@register.simple_tag
def prose(text):
    """Markdown as HTML."""
    return as_html(text)
