"""What pages of every scheme say: their shared noun, and the parts that at least one has."""

from django import template
from django.db import DatabaseError

from common.errors import is_database_down
from venues.evidence_kinds import Part
from venues.models import Scheme
from venues.nouns import Nouns, shared_nouns

register = template.Library()


@register.simple_tag
def nouns_of_all() -> Nouns:
    """`{% nouns_of_all as nouns %}`: neutral unless all schemes that are shown say the same.

    Neutral without a database too: the words to show at a counter must not depend on one.
    """
    try:
        return shared_nouns(Scheme.objects.shown())
    except DatabaseError as error:
        if not is_database_down(error):
            raise
        return shared_nouns([])


@register.simple_tag
def parts_of_any() -> set[Part]:
    """`{% parts_of_any as parts %}`: so a page says nothing of stickers where nobody has any."""
    return Scheme.objects.shown().parts()
