"""Places drawn from their Cards, in templates of Django's own engine; see templates/jinja/."""

from django import template
from django.utils.safestring import SafeString

from common.jinja import macros
from signposting.cards import Card

register = template.Library()
TEMPLATE = "signposting/cards.html"


@register.simple_tag
def place_buttons(card: Card, device: str = "") -> SafeString:
    """The buttons Directions and Call."""
    return macros(TEMPLATE).buttons(card, device)


@register.simple_tag
def place_status(card: Card) -> SafeString:
    """The door icon and the words beside it."""
    return macros(TEMPLATE).status(card)


@register.simple_tag
def helplines(lines) -> SafeString:
    """A list of `signposting.helplines.PhoneLine`: those that answer now first."""
    return macros("signposting/helplines.html").rows(lines)
