"""Places drawn from their Cards, in templates of Django's own engine; see templates/jinja/."""

from django import template
from django.utils.safestring import SafeString

from common.jinja import macros
from signposting.cards import Card

register = template.Library()
TEMPLATE = "signposting/cards.html"


@register.simple_tag
def near_card(card: Card, device: str = "", level: str = "h2") -> SafeString:
    """The large card with its buttons; `device` as in signposting.directions."""
    return macros(TEMPLATE).near(card, device, level)


@register.simple_tag
def place_buttons(card: Card, device: str = "") -> SafeString:
    """The buttons Directions and Call."""
    return macros(TEMPLATE).buttons(card, device)


@register.simple_tag
def board_row(card: Card, device: str = "", said: str = "") -> SafeString:
    """A row of a board; `said` are the words to say that the page already shows."""
    return macros(TEMPLATE).row(card, device, said)


@register.simple_tag
def place_line(card: Card) -> SafeString:
    """One line: the name and when it opens, or whom to ring."""
    return macros(TEMPLATE).line(card)


@register.simple_tag
def place_status(card: Card) -> SafeString:
    """The door icon and the words beside it."""
    return macros(TEMPLATE).status(card)


@register.simple_tag
def helplines(lines) -> SafeString:
    """A list of `signposting.helplines.PhoneLine`: those that answer now first."""
    return macros("signposting/helplines.html").rows(lines)
