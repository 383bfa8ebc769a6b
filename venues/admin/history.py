"""Every event, as one list."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from venues.event_sentences import sentence
from venues.models import Event

from .base import OfficersAdmin, SchemeFilter


@admin.register(Event)
class EventAdmin(OfficersAdmin):
    """Read-only for everybody."""

    by_form = ()
    list_display = ["at", "what", "venue", "scheme", "by"]
    list_filter = ["at", ("scheme", SchemeFilter)]
    list_select_related = ["venue", "scheme", "by"]
    search_fields = ["venue__name", "kind"]
    show_full_result_count = False  # A second count of all events would cost as much as the page.
    fields = ["at", "what", "venue", "organisation", "scheme", "by"]
    readonly_fields = ["what"]

    @admin.display(description=_("what happened"))
    def what(self, event):
        return sentence(event)
