"""Hourly duties for meetings: dates, invitations and reminders."""

import datetime

from django.db import transaction
from django.db.models import (
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
)
from django.utils import timezone

from common.deciding import lock
from common.tasks.each import each_by_itself
from partnership.actions.attendance import invite_to_meeting
from partnership.actions.meetings import propose_meetings
from partnership.emails import meetings as emails
from partnership.models import Action, Meeting, Series, VenueLetter
from venues.evidence_kinds import Part
from venues.models import Scheme

A_DAY = datetime.timedelta(days=1)


def propose_dates(at: datetime.datetime | None = None) -> int:
    """Keep each open scheme's dates proposed a year ahead. Returns how many were added."""
    today = timezone.localdate(at)
    series = Series.objects.filter(scheme__in=Scheme.objects.open().having(Part.MEETINGS))
    return sum(each_by_itself(series, lambda each: len(propose_meetings(each, on=today))))


def invite_when_near(at: datetime.datetime | None = None) -> int:
    """Invite to confirmed meetings that are near, later joiners too. Returns how many."""
    now = at or timezone.now()
    near = Meeting.objects.filter(
        state=Meeting.State.CONFIRMED,
        starts_at__gt=now + A_DAY / 24,
        starts_at__lte=_within(now, "invite_days"),
    )
    return sum(each_by_itself(near, invite_to_meeting))


def remind_of_replies(at: datetime.datetime | None = None) -> int:
    """Remind invitees without a reply, once per meeting. Returns how many.

    Those who had a routine letter since the invitation are left out: it asked for the reply too.
    """
    asked = 0
    for meeting in _soon(at).filter(invited_at__isnull=False, reminded_at__isnull=True):
        with transaction.atomic():
            meeting = lock(meeting)
            waiting = list(
                meeting.attendances.filter(reply="", invited_at__isnull=False, outcome="")
                .filter(Q(partner=None) | Q(partner__ended_at=None))
                .filter(invited_at__lt=(at or timezone.now()) - A_DAY)
                .exclude(_reminded_by_routine(meeting))
                .select_related("organisation", "partner")
            )
            if waiting:
                emails.reply_reminder(meeting, waiting)
            meeting.reminded_at = at or timezone.now()
            meeting.save(update_fields=["reminded_at"])
            asked += len(waiting)
    return asked


def _reminded_by_routine(meeting):
    """Invitees with a routine letter since the invitation, whose page asks for the reply too."""
    letters = VenueLetter.objects.filter(
        sign_up__scheme=meeting.scheme_id,
        sign_up__venue__organisation=OuterRef("organisation"),
        sent_at__gte=OuterRef("invited_at"),
    )
    return Q(Exists(letters))


def tell_chairs(at: datetime.datetime | None = None) -> int:
    """Send the chair a link to the meeting's page, once. Returns how many meetings."""
    told = 0
    for meeting in _soon(at).filter(chair_told_at__isnull=True):
        with transaction.atomic():
            meeting = lock(meeting)
            emails.chair_told(meeting)
            meeting.chair_told_at = at or timezone.now()
            meeting.save(update_fields=["chair_told_at"])
            told += 1
    return told


def _soon(at):
    now = at or timezone.now()
    return Meeting.objects.filter(
        state=Meeting.State.CONFIRMED,
        starts_at__gt=now,
        starts_at__lte=_within(now, "remind_days"),
    )


def _within(now, days):
    """The moment as many days from now as the series sets."""
    after = F(f"scheme__series__{days}") * Value(A_DAY)
    return ExpressionWrapper(Value(now) + after, output_field=DateTimeField())


def remind_owners(at: datetime.datetime | None = None) -> int:
    """Remind owners of actions once before and once after the due day. Returns how many letters."""
    now = at or timezone.now()
    today = timezone.localdate(now)
    near = Action.objects.open().filter(
        reminded_at__isnull=True,
        due_on__gte=today,
        due_on__lte=ExpressionWrapper(
            Value(today) + F("scheme__series__remind_days"), output_field=DateField()
        ),
        agreed_at__lt=now - A_DAY,
    )
    late = Action.objects.overdue(today).filter(overdue_told_at__isnull=True)
    return sum(
        [
            _remind(near, "reminded_at", now, overdue=False),
            _remind(late, "overdue_told_at", now, overdue=True),
        ]
    )


def _remind(actions, field, now, *, overdue):
    told = 0
    for pk in actions.values_list("pk", flat=True):
        with transaction.atomic():
            action = (
                Action.objects.open()
                .select_for_update(of=("self",))
                .with_owner()
                .filter(pk=pk, **{f"{field}__isnull": True})
                .first()
            )
            if action is None:
                continue
            emails.action_reminder(action, overdue=overdue)
            setattr(action, field, now)
            action.save(update_fields=[field])
            told += 1
    return told
