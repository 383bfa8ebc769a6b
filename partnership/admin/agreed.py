"""Actions as a list, and one action with its history."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.refusals import refusals_as_messages
from partnership.actions import agreed as actions
from partnership.models import Action, Attendance
from venues.admin.base import SchemeFilter

from .base import PartnershipAdmin


class ActionForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = ["what", "due_on"]

    def _post_clean(self):
        """Written by the action, which reminds afresh when the day changes."""


@admin.register(Action)
class ActionAdmin(PartnershipAdmin):
    """What was agreed. New ones are made on a meeting's page."""

    form = ActionForm
    list_display = ["what", "owner", "due_on", "state", "meeting", "scheme"]
    list_filter = ["state", "due_on", ("scheme", SchemeFilter)]
    list_select_related = ["organisation", "partner", "officer", "meeting", "scheme"]
    search_fields = ["what", "organisation__name", "partner__organisation"]
    fields = ["what", "due_on", "owner", "state", "meeting"]
    readonly_fields = ["owner", "state", "meeting"]

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, action):
        return action.organisation or action.partner or action.officer

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.state != Action.State.OPEN:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        with refusals_as_messages(request):
            actions.change_action(obj, by=request.user, **form.cleaned_data)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/finish/", view(self.finish_action), name="finish_action"),
            path("<int:pk>/drop/", view(self.drop_action), name="drop_action"),
            path("<int:pk>/reopen/", view(self.reopen_action), name="reopen_action"),
            *super().get_urls(),
        ]

    def more_below(self, request, action):
        buttons = []
        # An officer who owns it may say that it is done, whatever their role.
        may = request.user.has_perm("partnership.change_action", action)
        if action.state == Action.State.OPEN and (may or action.officer_id == request.user.pk):
            buttons.append((reverse("admin:finish_action", args=[action.pk]), _("It is done"), ""))
        if action.state == Action.State.OPEN and may:
            buttons.append(
                (reverse("admin:drop_action", args=[action.pk]), _("Drop it"), "app-grave")
            )
        if action.state != Action.State.OPEN and may:
            buttons.append(
                (reverse("admin:reopen_action", args=[action.pk]), _("Open it again"), "")
            )
        return {**super().more_below(request, action), "buttons": buttons}

    @method_decorator(require_POST)
    def finish_action(self, request, pk):
        action = self.own(request, pk, "view_action")
        if action.officer_id != request.user.pk:
            action = self.own(request, pk, "change_action")
        with refusals_as_messages(request, _("It is marked as done.")):
            actions.finish_action(action, by=request.user)
        return _back(action)

    @method_decorator(require_POST)
    def drop_action(self, request, pk):
        action = self.own(request, pk, "change_action")
        with refusals_as_messages(request, _("It is dropped.")):
            actions.drop_action(action, by=request.user)
        return _back(action)

    @method_decorator(require_POST)
    def reopen_action(self, request, pk):
        action = self.own(request, pk, "change_action")
        with refusals_as_messages(request, _("It is open again.")):
            actions.reopen_action(action, by=request.user)
        return _back(action)


def _back(action):
    return redirect("admin:partnership_action_change", action.pk)


@admin.register(Attendance)
class AttendanceAdmin(PartnershipAdmin):
    """Who was asked, what they replied and who came, to be searched and taken away."""

    list_display = ["meeting", "who", "reply", "outcome", "deputy_role", "scheme"]
    list_display_links = None
    list_filter = ["outcome", "reply", ("meeting__scheme", SchemeFilter)]
    list_select_related = ["meeting__scheme", "organisation", "partner"]
    search_fields = ["organisation__name", "partner__organisation", "partner__role", "visitor"]
    date_hierarchy = "meeting__starts_at"
    fields = ["meeting", "who", "reply", "outcome", "deputy_role"]
    readonly_fields = ["who"]

    @admin.display(description=gettext_lazy("who"), ordering="organisation__name")
    def who(self, row):
        return row.who

    @admin.display(description=gettext_lazy("scheme"))
    def scheme(self, row):
        return row.meeting.scheme

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
