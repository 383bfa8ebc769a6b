"""What pages of every scheme say: their shared noun, and the parts that at least one has."""

from django import template

from venues.evidence_kinds import Part
from venues.models import Scheme
from venues.nouns import Nouns, shared_nouns

register = template.Library()


@register.simple_tag
def nouns_of_all() -> Nouns:
    """`{% nouns_of_all as nouns %}`: neutral unless all schemes that are shown say the same."""
    return shared_nouns(Scheme.objects.shown())


@register.simple_tag
def parts_of_any() -> set[Part]:
    """`{% parts_of_any as parts %}`: so a page says nothing of stickers where nobody has any."""
    return Scheme.objects.shown().parts()
