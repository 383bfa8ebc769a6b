"""Queues about meetings, with the rule behind each row."""

import datetime

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import Action, Attendance, Meeting
from partnership.rules.meetings import missed_twice
from venues.evidence_kinds import Part
from venues.work_queue import Row

from .lists import register_list

TO_CONFIRM_EARLIER = datetime.timedelta(days=14)


def _page_of(meeting_id, part):
    return reverse("admin:partnership_meeting_change", args=[meeting_id]) + f"#{part}"


def _missed(schemes, now):
    return missed_twice(schemes, timezone.localdate(now)).filter(called_at__isnull=True)


def _missed_row(row, now):
    return Row(
        str(row.organisation),
        str(row.meeting.scheme),
        _page_of(row.meeting_id, "grid"),
        _("Two meetings missed without a word. Shall we call?"),
    )


def _meetings(schemes, now):
    """Meetings to confirm before letters go out, with a register to take, or minutes to approve."""
    days = F("scheme__series__invite_days") * Value(datetime.timedelta(days=1))
    until = ExpressionWrapper(Value(now + TO_CONFIRM_EARLIER) + days, DateTimeField())
    to_confirm = Q(state="proposed", starts_at__gt=now, starts_at__lte=until)
    register = Q(state="confirmed", starts_at__lt=now)
    minutes = Q(state="held", record__approved_at__isnull=True)
    waiting = Meeting.objects.filter(to_confirm | register | minutes, scheme__in=schemes)
    letters_at = ExpressionWrapper(F("starts_at") - days, DateTimeField())
    found = waiting.annotate(letters_at=letters_at).select_related("scheme", "venue")
    return found.order_by("starts_at", "pk")


def _meeting_row(meeting, now):
    begins = timezone.localdate(meeting.starts_at)
    parts = {
        Meeting.State.PROPOSED: (
            "",
            _("The date waits to be confirmed: letters go out soon."),
            meeting.letters_at and timezone.localdate(meeting.letters_at),
        ),
        Meeting.State.CONFIRMED: (
            "replies",
            _("It has begun: the register is not closed."),
            begins,
        ),
        Meeting.State.HELD: ("minutes", _("Its minutes are not approved."), None),
    }
    part, rule, due = parts[meeting.state]
    return Row(str(meeting), str(meeting.scheme), _page_of(meeting.pk, part), rule, due)


def _reports(schemes, now):
    held = Attendance.objects.held().filter(meeting__scheme__in=schemes)
    return held.select_related("organisation", "partner", "meeting__scheme").order_by("replied_at")


def _report_row(row, now):
    return Row(
        str(row.who),
        str(row.meeting.scheme),
        _page_of(row.meeting_id, "replies"),
        _("A report in place of coming, held until an officer has read it."),
    )


def _overdue(schemes, now):
    late = Action.objects.overdue(timezone.localdate(now)).filter(scheme__in=schemes)
    return late.with_owner().order_by("due_on", "pk")


def _overdue_row(action, now):
    return Row(
        action.what,
        str(action.scheme),
        reverse("admin:partnership_action_change", args=[action.pk]),
        _("Agreed at a meeting and not done by its day."),
        due=action.due_on,
        owner=str(action.organisation or action.partner or action.officer),
    )


register_list(
    "missed_twice",
    410,
    gettext_lazy("Missed two meetings: shall we call?"),
    _missed,
    _missed_row,
    "attendance?outcome__exact=missed",
    part=Part.MEETINGS,
)
register_list(
    "meetings",
    420,
    gettext_lazy("Meetings that wait for you"),
    _meetings,
    _meeting_row,
    "meeting",
    part=Part.MEETINGS,
)
register_list(
    "meeting_reports",
    430,
    gettext_lazy("Reports to meetings to be read"),
    _reports,
    _report_row,
    "attendance?reply__exact=report",
    part=Part.MEETINGS,
)
register_list(
    "overdue_actions",
    440,
    gettext_lazy("Actions past their day"),
    _overdue,
    _overdue_row,
    "action?state__exact=open",
    part=Part.MEETINGS,
)
