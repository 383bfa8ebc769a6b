"""Officers' pages about who has done which training; a completion can be taken back."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.admin import ListExport
from common.refusals import refusals_as_messages
from training import actions
from training.admin.base import events_of
from training.forms import WithdrawForm
from training.models import Enrolment
from training.rules import what_withdrawal_changes
from venues.admin.base import SchemeFilter


@admin.register(Enrolment)
class EnrolmentAdmin(ListExport):
    """Who is how far. Changed by learners and by the button, never by hand."""

    list_display = [
        "staff_member",
        "organisation",
        "module",
        "source",
        "enrolled_at",
        "completed_at",
        "valid_until",
        "withdrawn_at",
    ]
    list_filter = [("module", SchemeFilter), "source", ("scheme", SchemeFilter)]
    search_fields = ["staff_member__first_name", "staff_member__organisation__name"]
    date_hierarchy = "enrolled_at"
    fields = [
        "staff_member",
        "organisation",
        "module",
        "module_version",
        "scheme",
        "source",
        ("enrolled_at", "enrolled_by"),
        ("tries", "score"),
        ("completed_at", "valid_until", "shortened_from"),
        ("withdrawn_at", "withdrawn_by", "withdrawn_reason"),
    ]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["staff_member__organisation", "module"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_officer(request.user)

    @admin.display(description=gettext_lazy("organisation"))
    def organisation(self, enrolment):
        return enrolment.staff_member.organisation

    def get_readonly_fields(self, request, obj=None):
        return ["organisation"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.withdraw_completion)
        return [
            path("<int:pk>/withdraw/", view, name="withdraw_completion"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        enrolment = self.get_object(request, object_id)
        more = {}
        if enrolment:
            can = enrolment.completed_at and not enrolment.withdrawn_at
            more = {
                "may_withdraw": can
                and request.user.has_perm("training.withdraw_completion", enrolment),
                "withdraw_form": WithdrawForm(),
                "changes": what_withdrawal_changes(enrolment, timezone.localdate()),
                "events": events_of(enrolment),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @method_decorator(require_POST)
    def withdraw_completion(self, request, pk):
        enrolment = get_object_or_404(self.get_queryset(request), pk=pk)
        if not request.user.has_perm("training.withdraw_completion", enrolment):
            raise PermissionDenied
        with refusals_as_messages(request, _("The completion is withdrawn.")):
            actions.withdraw_completion(
                enrolment, by=request.user, reason=request.POST.get("reason", "")
            )
        return redirect("admin:training_enrolment_change", pk)
