"""Places that asked for a call."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from venues import actions
from venues.models import Enquiry

from .base import OfficersAdmin, SchemeFilter


class AnsweredFilter(admin.SimpleListFilter):
    title = _("answered")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("no", _("Not yet")), ("yes", _("Answered"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(answered_at__isnull=self.value() == "no")
        return queryset


class AnswerEnquiry(Decision):
    words = _("Mark as answered")
    done = _("Marked as answered.")
    action = actions.answer_enquiry
    goes_to = "list"

    def possible(self, enquiry, user):
        return enquiry.answered_at is None


@admin.register(Enquiry)
class EnquiryAdmin(OfficersAdmin):
    """A queue: ring them, then mark the enquiry as answered. Deleted as `retention` says."""

    by_form = ()
    list_display = ["venue_name", "name", "phone", "best_time", "asked_at", "answered_at", "scheme"]
    list_filter = [AnsweredFilter, ("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["venue_name", "name"]
    decisions = [AnswerEnquiry]
    fields = [
        "scheme",
        "venue_name",
        "name",
        "phone",
        "best_time",
        "asked_at",
        "answered_at",
        "answered_by",
    ]

    def more_below(self, request, enquiry):
        return {**super().more_below(request, enquiry), "history": None}
