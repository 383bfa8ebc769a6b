"""What the map's template needs from Python."""

import json

from django import template
from django.utils.safestring import SafeString

from common.jinja import macros
from geography.walking import DETOUR, METRES_A_MINUTE
from signposting.cards import Card

register = template.Library()
RINGS = (5, 10, 15)


@register.simple_tag
def walking_rings() -> str:
    """[minutes, metres in a straight line] of each ring around somebody's position, as JSON."""
    return json.dumps([[each, round(each * METRES_A_MINUTE / DETOUR)] for each in RINGS])


@register.simple_tag
def map_line(card: Card) -> SafeString:
    """A place in the list beside the map, with its position for the map."""
    return macros("signposting/map_list.html").map_line(card)
