"""Places that asked to be rung."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.refusals import refusals_as_messages
from venues import actions
from venues.models import Enquiry

from .base import OfficersAdmin, SchemeFilter


class AnsweredFilter(admin.SimpleListFilter):
    title = gettext_lazy("answered")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("no", _("Not yet")), ("yes", _("Answered"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(answered_at__isnull=self.value() == "no")
        return queryset


@admin.register(Enquiry)
class EnquiryAdmin(OfficersAdmin):
    """A queue: ring them, then mark it as answered. Deleted after six months."""

    list_display = ["venue_name", "name", "phone", "best_time", "asked_at", "answered_at", "scheme"]
    list_filter = [AnsweredFilter, ("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["venue_name", "name"]
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

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.answer_enquiry)
        return [
            path("<int:pk>/answer/", view, name="answer_enquiry"),
            *super().get_urls(),
        ]

    def more_below(self, request, enquiry):
        buttons = []
        if enquiry.answered_at is None and request.user.has_perm("venues.answer_enquiry", enquiry):
            url = reverse("admin:answer_enquiry", args=[enquiry.pk])
            buttons = [(url, _("Mark as answered"), "")]
        return {**super().more_below(request, enquiry), "history": None, "buttons": buttons}

    @method_decorator(require_POST)
    def answer_enquiry(self, request, pk):
        enquiry = self.own(request, pk, "answer_enquiry")
        with refusals_as_messages(request, _("Marked as answered.")):
            actions.answer_enquiry(enquiry, by=request.user)
        return redirect("admin:venues_enquiry_changelist")
