"""The list of actions, and one action with its history."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from common.refusals import refusals_as_messages
from partnership.actions import agreed as actions
from partnership.models import Action, Attendance
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part


class ActionForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = ["what", "due_on"]

    def _post_clean(self):
        """Leave saving to the action, which restarts the reminders when the day changes."""


class FinishAction(Decision):
    words = _("It is done")
    done = _("It is marked as done.")
    action = actions.finish_action
    permission = "change_action"
    route = "<int:pk>/finish/"

    def may(self, user, action):
        """Let an officer who owns the action close it, whatever their role."""
        return super().may(user, action) or action.officer_id == user.pk

    def possible(self, action, user):
        return action.state == Action.State.OPEN


class DropAction(Decision):
    words = _("Drop it")
    done = _("It is dropped.")
    action = actions.drop_action
    permission = "change_action"
    grave = True

    def possible(self, action, user):
        return action.state == Action.State.OPEN


class ReopenAction(Decision):
    words = _("Open it again")
    done = _("It is open again.")
    action = actions.reopen_action
    permission = "change_action"

    def possible(self, action, user):
        return action.state != Action.State.OPEN


@admin.register(Action)
class ActionAdmin(OfficersAdmin):
    """Actions agreed at meetings. New ones are added on a meeting's page."""

    part = Part.MEETINGS
    by_form = ("change",)
    form = ActionForm
    list_display = ["what", "owner", "due_on", "state", "meeting", "scheme"]
    list_filter = ["state", "due_on", ("scheme", SchemeFilter)]
    list_select_related = ["organisation", "partner", "officer", "meeting", "scheme"]
    search_fields = ["what", "organisation__name", "partner__organisation"]
    fields = ["what", "due_on", "owner", "state", "meeting"]
    readonly_fields = ["owner", "state", "meeting"]
    decisions = [FinishAction, DropAction, ReopenAction]

    @admin.display(description=_("owner"))
    def owner(self, action):
        return action.organisation or action.partner or action.officer

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.state != Action.State.OPEN:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        with refusals_as_messages(request):
            actions.change_action(obj, by=request.user, **form.cleaned_data)


@admin.register(Attendance)
class AttendanceAdmin(OfficersAdmin):
    """Invitations, replies and attendance, to search and export."""

    part = Part.MEETINGS
    by_form = ()
    list_display = ["meeting", "who", "reply", "outcome", "deputy_role", "scheme"]
    list_display_links = None
    list_filter = ["outcome", "reply", ("meeting__scheme", SchemeFilter)]
    list_select_related = ["meeting__scheme", "organisation", "partner"]
    search_fields = ["organisation__name", "partner__organisation", "partner__role", "visitor"]
    date_hierarchy = "meeting__starts_at"
    fields = ["meeting", "who", "reply", "outcome", "deputy_role"]
    readonly_fields = ["who"]

    @admin.display(description=_("who"), ordering="organisation__name")
    def who(self, row):
        return row.who

    @admin.display(description=_("scheme"))
    def scheme(self, row):
        return row.meeting.scheme
