"""Words for pages that serve all schemes: the noun they share."""

from django import template
from django.db import DatabaseError

from common.errors import is_database_down
from venues.models import Scheme
from venues.nouns import Nouns, shared_nouns

register = template.Library()


@register.simple_tag
def nouns_of_all() -> Nouns:
    """`{% nouns_of_all as nouns %}`: neutral unless all public schemes use the same words.

    Neutral without a database too: the words to show at a counter must not depend on it.
    """
    try:
        return shared_nouns(Scheme.objects.shown())
    except DatabaseError as error:
        if not is_database_down(error):
            raise
        return shared_nouns([])
