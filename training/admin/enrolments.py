"""Officers' pages about enrolments; a completion can be withdrawn."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from training import actions
from training.forms import WithdrawForm
from training.models import Enrolment
from training.rules import what_withdrawal_changes
from venues.admin.base import OfficersAdmin, SchemeFilter, events_about, lines_of
from venues.evidence_kinds import Part


class WithdrawCompletion(Decision):
    words = _("Withdraw this completion")
    press = _("Take it back")
    explains = _("It counts no more from now on.")
    done = _("The completion is withdrawn.")
    action = actions.withdraw_completion
    form = WithdrawForm
    route = "<int:pk>/withdraw/"
    grave = True

    def possible(self, enrolment, user):
        return bool(enrolment.completed_at and not enrolment.withdrawn_at)

    def effect(self, enrolments):
        today = timezone.localdate()
        changes = [each for one in enrolments for each in what_withdrawal_changes(one, today)]
        return changes or [_("Nothing changes: this person works at no venue of the scheme now.")]


@admin.register(Enrolment)
class EnrolmentAdmin(OfficersAdmin):
    """Everyone's progress: changed by learners and by decisions, never by hand."""

    part = Part.TRAINING
    by_form = ()
    decisions = [WithdrawCompletion]

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
    list_select_related = ["staff_member__organisation", "module"]

    @admin.display(description=_("organisation"))
    def organisation(self, enrolment):
        return enrolment.staff_member.organisation

    def get_readonly_fields(self, request, obj=None):
        return ["organisation"]

    def more_below(self, request, enrolment):
        own = lines_of(events_about(enrolment))
        return {**super().more_below(request, enrolment), "history": own}
