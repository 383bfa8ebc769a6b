"""Invitations, replies and the register of a meeting."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.personal_details import personal_details_in
from common.refusals import Refused
from partnership.emails import meetings as emails
from partnership.models import Attendance, Meeting, Minutes, Partner, TextState
from partnership.models.attendance import CAME
from partnership.rules.meetings import (
    has_sent_return,
    organisations_of,
    to_invite,
    why_no_register,
    why_not_reply,
)
from venues.models import Event, Organisation

from .feeds import make_feeds

REPORT_LENGTH = 600
Outcome, Reply = Attendance.Outcome, Attendance.Reply


@transaction.atomic
def invite_to_meeting(meeting: Meeting, *, by: User | None = None) -> int:
    """Invite every member and partner not invited yet. Returns how many.

    Each gets a letter with a calendar file and a link to reply.
    """
    meeting = lock(meeting)
    now = timezone.now()
    if meeting.state != Meeting.State.CONFIRMED:
        raise Refused(_("Confirm the date first."))
    if meeting.starts_at <= now:
        raise Refused(_("This meeting is in the past."))
    asked = meeting.attendances.filter(invited_at__isnull=False)
    # Pressing the button is an officer's decision to write to imported members too.
    members = to_invite(meeting) if by is None else organisations_of(meeting.scheme)
    organisations = members.exclude(
        pk__in=asked.filter(organisation__isnull=False).values("organisation")
    )
    partners = meeting.scheme.partners.current().exclude(
        pk__in=asked.filter(partner__isnull=False).values("partner")
    )
    new = [
        *(Attendance(meeting=meeting, organisation=each, invited_at=now) for each in organisations),
        *(Attendance(meeting=meeting, partner=each, invited_at=now) for each in partners),
    ]
    Attendance.objects.bulk_create(new)
    make_feeds(meeting.scheme, organisations=organisations, partners=partners)
    if meeting.invited_at is None:
        meeting.invited_at = now
        meeting.save(update_fields=["invited_at"])
    if new:
        emails.invitations(meeting, new)
        Event.objects.record_about("partnership.invited", meeting, by=by, count=len(new))
    return len(new)


@transaction.atomic
def reply_to_meeting(
    attendance: Attendance,
    *,
    reply: str,
    deputy_role: str = "",
    deputy_name: str = "",
    text: str = "",
    by: User | None = None,
) -> Attendance:
    """Record a reply: coming, a deputy, apologies or a report; it can change until the meeting.

    An empty report keeps the earlier text. New text is held until an officer has read it.
    """
    attendance = lock(attendance)
    text = text.strip()
    reasons = why_not_reply(attendance, timezone.now())
    if reply not in Reply.values:
        reasons.append(_("Choose one of the answers."))
    if len(text) > REPORT_LENGTH:
        reasons.append(_("At most %(length)s letters, please.") % {"length": REPORT_LENGTH})
    if found := personal_details_in(text):
        reasons.append(_("Please take out %(found)s.") % {"found": ", ".join(found)})
    no_words = reply == Reply.REPORT and not (text or attendance.text)
    if no_words and not has_sent_return(attendance):
        reasons.append(_("Write a sentence or two about how the space was used."))
    if reasons:
        raise Refused(*reasons)
    attendance.reply, attendance.replied_at = reply, timezone.now()
    is_deputy = reply == Reply.DEPUTY
    attendance.deputy_role = deputy_role.strip() if is_deputy else ""
    attendance.deputy_name = deputy_name.strip() if is_deputy else ""
    fields = ["reply", "replied_at", "deputy_role", "deputy_name"]
    if reply != Reply.REPORT or (text and text != attendance.text):
        attendance.text = text if reply == Reply.REPORT else ""
        attendance.text_state = TextState.HELD
        attendance.text_read_at = attendance.text_read_by = None
        fields += ["text", "text_state", "text_read_at", "text_read_by"]
    attendance.save(update_fields=fields)
    Event.objects.record_about("partnership.replied", attendance, by=by, reply=str(reply))
    return attendance


@dataclass(frozen=True)
class Tick:
    """One row of the register's form: its outcome when drawn, and now.

    Only changes are applied, so two phones at the door do not undo each other and a resent form
    does nothing.
    """

    attendance_id: int
    was: str
    now: str


@transaction.atomic
def take_attendance(meeting: Meeting, ticks: Iterable[Tick], *, by: User) -> int:
    """Save the register so far, or correct a closed one. Returns how many rows changed."""
    meeting = lock(meeting)
    now = timezone.now()
    if reasons := why_no_register(meeting, now):
        raise Refused(*reasons)
    changed = {tick.attendance_id: tick for tick in ticks if tick.was != tick.now}
    rows = meeting.attendances.select_for_update(of=("self",)).filter(pk__in=changed)
    is_held = meeting.state == Meeting.State.HELD
    allowed = {*Outcome.values} if is_held else {"", *CAME}
    number = 0
    for row in rows.select_related("organisation", "partner", "meeting__scheme"):
        outcome = changed[row.pk].now
        if outcome not in allowed:
            raise Refused(_("Choose how each was there."))
        if row.outcome == outcome:
            continue
        before = row.outcome
        _set(row, outcome, by, now)
        number += 1
        if is_held:
            Event.objects.record_about(
                "partnership.attendance_corrected", row, by=by, before=before, after=str(outcome)
            )
    return number


@transaction.atomic
def close_register(meeting: Meeting, *, by: User) -> Meeting:
    """Mark the meeting as held: invitees not ticked sent a report or apologies, or missed it."""
    meeting = lock(meeting)
    now = timezone.now()
    if meeting.state == Meeting.State.HELD:
        return meeting
    reasons = why_no_register(meeting, now)
    if not meeting.attendances.came().exists():
        reasons.append(_("Nobody is ticked. If it did not take place, cancel it instead."))
    if reasons:
        raise Refused(*reasons)
    if meeting.starts_at > now:
        # Closing early is the chair's word that the meeting has started.
        meeting.starts_at = now.replace(second=0, microsecond=0)
    if Meeting.State.HELD not in meeting.MOVES[meeting.state]:
        raise Refused(_("Confirm the date first."))
    members = set(organisations_of(meeting.scheme).values_list("pk", flat=True))
    absent = meeting.attendances.select_for_update(of=("self",)).filter(outcome="")
    for row in absent.select_related("partner"):
        gone = row.partner.ended_at if row.partner else row.organisation_id not in members
        if row.reply == Reply.REPORT:
            _set(row, Outcome.REPORT, by, now)
        elif row.reply == Reply.APOLOGIES:
            _set(row, Outcome.APOLOGIES, by, now)
        elif not gone:
            _set(row, Outcome.MISSED, by, now)
    meeting.state = Meeting.State.HELD
    meeting.held_at, meeting.held_by = now, by
    meeting.save(update_fields=["state", "held_at", "held_by", "starts_at"])
    came = meeting.attendances.came().count()
    Event.objects.record_about("partnership.register_closed", meeting, by=by, count=came)
    return meeting


@transaction.atomic
def add_walk_in(
    meeting: Meeting,
    *,
    organisation: Organisation | None = None,
    partner: Partner | None = None,
    visitor: str = "",
    by: User,
) -> Attendance:
    """Add somebody who is not on the list. Idempotent."""
    meeting = lock(meeting)
    now = timezone.now()
    if reasons := why_no_register(meeting, now):
        raise Refused(*reasons)
    visitor = visitor.strip()
    if organisation is None and partner is None and not visitor:
        raise Refused(_("Say who came: choose from the list, or write a role."))
    if personal_details_in(visitor):
        raise Refused(_("Write a role and an organisation only, no address and no number."))
    who = {"organisation": organisation, "partner": partner, "visitor": visitor}
    if organisation or partner:
        who["visitor"] = ""
    row, created = Attendance.objects.get_or_create(
        meeting=meeting,
        **who,
        defaults={"outcome": Outcome.PRESENT, "taken_at": now, "taken_by": by},
    )
    if not created and row.outcome not in CAME:
        _set(row, Outcome.PRESENT, by, now)
    if meeting.state == Meeting.State.HELD:
        Event.objects.record_about(
            "partnership.attendance_corrected", row, by=by, before="", after=str(row.outcome)
        )
    return row


@transaction.atomic
def release_report(attendance: Attendance, *, by: User) -> Attendance:
    """Release a report, so that the minutes may quote it."""
    attendance = lock(attendance)
    if not attendance.is_held:
        raise Refused(_("There is no report here to be read."))
    return _read(attendance, TextState.RELEASED, by, "partnership.report_released")


@transaction.atomic
def redact_report(attendance: Attendance, *, text: str, by: User) -> Attendance:
    """Replace a report's text for good; the original is not kept anywhere."""
    attendance = lock(attendance)
    text = text.strip()
    reasons = []
    if not attendance.text:
        reasons.append(_("There is no report here."))
    if not text:
        reasons.append(_("Leave a word that says what was here, such as “(taken out)”."))
    if len(text) > REPORT_LENGTH:
        reasons.append(_("At most %(length)s letters, please.") % {"length": REPORT_LENGTH})
    if found := personal_details_in(text):
        reasons.append(_("Please take out %(found)s.") % {"found": ", ".join(found)})
    if reasons:
        raise Refused(*reasons)
    _redact_minutes(attendance, text)
    attendance.text = text
    return _read(attendance, TextState.REDACTED, by, "partnership.report_redacted")


def _redact_minutes(attendance: Attendance, text: str) -> None:
    """Redact the quotation in minutes drafted while the report was released, approved or not."""
    minutes = Minutes.objects.select_for_update(of=("self",)).filter(meeting=attendance.meeting)
    quoted = f"{attendance.who}: {attendance.text}"
    for found in minutes:
        if quoted in found.text:
            found.text = found.text.replace(quoted, f"{attendance.who}: {text}")
            found.save(update_fields=["text"])


@transaction.atomic
def note_call(attendance: Attendance, *, by: User) -> Attendance:
    """Record that a member who missed two meetings was rung. What was said is not kept."""
    attendance = lock(attendance)
    if attendance.called_at:
        raise Refused(_("A call is noted already."))
    attendance.called_at, attendance.called_by = timezone.now(), by
    attendance.save(update_fields=["called_at", "called_by"])
    Event.objects.record_about("partnership.called", attendance, by=by)
    return attendance


def _set(row: Attendance, outcome: str, by: User, at: datetime.datetime) -> None:
    row.outcome = outcome
    row.taken_at, row.taken_by = (at, by) if outcome else (None, None)
    row.save(update_fields=["outcome", "taken_at", "taken_by"])


def _read(attendance: Attendance, state: str, by: User, kind: str) -> Attendance:
    attendance.text_state = state
    attendance.text_read_at, attendance.text_read_by = timezone.now(), by
    attendance.save(update_fields=["text", "text_state", "text_read_at", "text_read_by"])
    Event.objects.record_about(kind, attendance, by=by)
    return attendance
