"""How long something is kept, in words, from the table of retention periods."""

from django import template

from common.retention import period_of

register = template.Library()


@register.simple_tag
def kept_for(key: str) -> str:
    """The period of a row of `common.retention`: "six months"."""
    return str(period_of(key))
