from django import template

from common.prose import as_html

register = template.Library()


@register.filter
def prose(text):
    """Markdown as HTML, without scripts, pictures and handwritten HTML."""
    return as_html(text)
