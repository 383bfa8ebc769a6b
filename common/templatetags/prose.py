from django import template

from common.prose import as_html

register = template.Library()


@register.filter
def prose(text):
    """Markdown as HTML; scripts, pictures and HTML written by hand do not come through."""
    return as_html(text)
