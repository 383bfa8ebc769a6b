"""What waits for an officer about meetings, and the rule that put it there."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import Action, Attendance, Meeting
from partnership.rules.meetings import missed_twice
from venues.models import Scheme

TO_CONFIRM_EARLIER = datetime.timedelta(days=14)


@dataclass(frozen=True)
class MeetingQueue:
    """`find(schemes, now)` gives rows, `say(row, now)` their title, page and reason."""

    key: str
    title: str
    find: Callable
    say: Callable
    whole: str


def _page_of(meeting_id, part):
    return reverse("admin:partnership_meeting_change", args=[meeting_id]) + f"#{part}"


def _missed(schemes, now):
    return missed_twice(schemes, timezone.localdate(now)).filter(called_at__isnull=True)


def _say_missed(row, now):
    why = _("Two meetings missed without a word. Shall we call?")
    return str(row.organisation), _page_of(row.meeting_id, "grid"), why


def _meetings(schemes, now):
    """Those to confirm before letters go out, with a register to take, with minutes to approve."""
    days = F("scheme__series__invite_days") * Value(datetime.timedelta(days=1))
    until = ExpressionWrapper(Value(now + TO_CONFIRM_EARLIER) + days, DateTimeField())
    to_confirm = Q(state="proposed", starts_at__gt=now, starts_at__lte=until)
    register = Q(state="confirmed", starts_at__lt=now)
    minutes = Q(state="held", record__approved_at__isnull=True)
    waiting = Meeting.objects.filter(to_confirm | register | minutes, scheme__in=schemes)
    return waiting.select_related("scheme", "venue").order_by("starts_at", "pk")


def _say_meeting(meeting, now):
    parts = {
        Meeting.State.PROPOSED: ("", _("The date waits to be confirmed: letters go out soon.")),
        Meeting.State.CONFIRMED: ("replies", _("It has begun: the register is not closed.")),
        Meeting.State.HELD: ("minutes", _("Its minutes are not approved.")),
    }
    part, why = parts[meeting.state]
    return str(meeting), _page_of(meeting.pk, part), why


def _reports(schemes, now):
    held = Attendance.objects.held().filter(meeting__scheme__in=schemes)
    return held.select_related("organisation", "partner", "meeting__scheme").order_by("replied_at")


def _say_report(row, now):
    why = _("A report in place of coming, held until an officer has read it.")
    return str(row.who), _page_of(row.meeting_id, "replies"), why


def _overdue(schemes, now):
    late = Action.objects.overdue(timezone.localdate(now)).filter(scheme__in=schemes)
    return late.with_owner().order_by("due_on", "pk")


def _say_overdue(action, now):
    why = _("%(owner)s: due on %(day)s.") % {
        "owner": action.organisation or action.partner or action.officer,
        "day": date_format(action.due_on, "j F Y"),
    }
    return action.what, reverse("admin:partnership_action_change", args=[action.pk]), why


QUEUES = [
    MeetingQueue(
        "missed_twice",
        gettext_lazy("Missed two meetings: shall we call?"),
        _missed,
        _say_missed,
        "attendance?outcome__exact=missed",
    ),
    MeetingQueue(
        "meetings",
        gettext_lazy("Meetings that wait for you"),
        _meetings,
        _say_meeting,
        "meeting",
    ),
    MeetingQueue(
        "meeting_reports",
        gettext_lazy("Reports to meetings to be read"),
        _reports,
        _say_report,
        "attendance?reply__exact=report",
    ),
    MeetingQueue(
        "overdue_actions",
        gettext_lazy("Actions past their day"),
        _overdue,
        _say_overdue,
        "action?state__exact=open",
    ),
]


@dataclass(frozen=True)
class FoundOfMeetings:
    """One row: what it is called, whose scheme, where it is dealt with and why it is here."""

    title: str
    scheme: str
    url: str
    why: str


def find_rows(queue: MeetingQueue, user, now, most: int) -> list[FoundOfMeetings]:
    """The first rows of a queue in the officer's own schemes; one query."""
    schemes = Scheme.objects.for_officer(user)
    found = []
    for thing in queue.find(schemes, now)[:most]:
        scheme = thing.meeting.scheme if isinstance(thing, Attendance) else thing.scheme
        title, url, why = queue.say(thing, now)
        found.append(FoundOfMeetings(title, str(scheme), url, why))
    return found


def whole_url(queue: MeetingQueue) -> str:
    """The list of all of them."""
    name, __, query = queue.whole.partition("?")
    return reverse(f"admin:partnership_{name}_changelist") + (f"?{query}" if query else "")
