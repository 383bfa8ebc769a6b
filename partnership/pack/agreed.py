"""Open actions in the pack."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import Action
from venues.models import Scheme

from .parts import Part, Sheet


def actions_part(scheme: Scheme, at: datetime.date) -> Part:
    """Open actions on `at`, longest overdue first. Officers appear as their council."""
    found = Action.objects.open().filter(scheme=scheme).with_owner()
    rows = [[each.what, each.owner_words, _due(each.due_on, at)] for each in found]
    title = _("Actions that are open")
    sheet = Sheet("actions", title, [_("What"), _("Who"), _("By when")], rows)
    return Part("actions", title, sheets=[sheet] if rows else [], empty=_("No action is open."))


def _due(day, at):
    words = date_format(day, "j F Y")
    return _("%(day)s, overdue") % {"day": words} if day < at else words
