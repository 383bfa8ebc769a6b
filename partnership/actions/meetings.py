"""Meeting dates: proposed, confirmed, moved and cancelled; and the agenda."""

import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from partnership.emails import meetings as emails
from partnership.models import AgendaItem, Attendance, Meeting, Series
from partnership.rules.meetings import (
    first_day,
    missing_to_confirm,
    moment,
    usual_days,
    why_not_change,
)
from venues.models import Event, Scheme, Venue

AHEAD = datetime.timedelta(days=365)
MOST_AT_ONCE = 12
ANSWERED_FOR_A_TIME = [
    Attendance.Reply.COMING,
    Attendance.Reply.DEPUTY,
    Attendance.Reply.APOLOGIES,
]


@transaction.atomic
def propose_meetings(series: Series, *, on: datetime.date, by: User | None = None) -> list[Meeting]:
    """Propose the series' usual dates for a year ahead, at least one.

    Existing dates stay, cancelled ones too: only dates after the last one are added.
    """
    series = lock(series)
    if not series.scheme.has_meetings:
        return []
    known = Meeting.objects.filter(scheme=series.scheme_id)
    last = known.order_by("-starts_at").first()
    days = []
    if last is None:
        begin = first_day(series, on)
        days.append(begin)
    else:
        begin = timezone.localdate(last.starts_at)
    has_one = bool(days) or known.planned().filter(starts_at__date__gt=on).exists()
    for day in usual_days(series, begin):
        if len(days) >= MOST_AT_ONCE or (day > on + AHEAD and has_one):
            break
        if day > on:
            days.append(day)
            has_one = True
    return [_propose(series, moment(day, series.starts), by) for day in days]


def _propose(series: Series, starts_at: datetime.datetime, by: User | None) -> Meeting:
    meeting = Meeting.objects.create(
        scheme=series.scheme,
        starts_at=starts_at,
        minutes=series.minutes,
        address=series.address,
        video_link=series.video_link,
    )
    _usual_agenda(meeting, series)
    Event.objects.record_about("partnership.meeting_proposed", meeting, by=by)
    return meeting


@transaction.atomic
def add_meeting(scheme: Scheme, *, starts_at: datetime.datetime, by: User) -> Meeting:
    """Propose an extra date at the usual place and length."""
    series = Series.objects.filter(scheme=scheme).select_related("scheme").first()
    reasons = []
    if series is None:
        reasons.append(_("Say first how often the partnership meets and where."))
    if starts_at <= timezone.now():
        reasons.append(_("This time has passed."))
    if _is_taken(scheme, starts_at):
        reasons.append(_("There is a meeting at this time already."))
    if series is None or reasons:
        raise Refused(*reasons)
    return _propose(series, starts_at, by)


def _is_taken(scheme: Scheme, starts_at: datetime.datetime, but: int | None = None) -> bool:
    others = Meeting.objects.filter(scheme=scheme, starts_at=starts_at)
    if but is not None:
        others = others.exclude(pk=but)
    return others.exclude(state=Meeting.State.CANCELLED).exists()


def _usual_agenda(meeting: Meeting, series: Series) -> None:
    lines = [line.strip() for line in series.standing_items.splitlines() if line.strip()]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            order=order,
            title=line.lstrip("* ")[:200],
            is_work_stream=line.startswith("*"),
        )
        for order, line in enumerate(lines, start=1)
    )


@transaction.atomic
def confirm_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Confirm a proposed date. Invitations go out automatically when it is near."""
    meeting = lock(meeting)
    now = timezone.now()
    if reasons := missing_to_confirm(meeting, now):
        raise Refused(*reasons)
    move(meeting, Meeting.State.CONFIRMED, confirmed_at=now, confirmed_by=by, **_revision(meeting))
    Event.objects.record_about("partnership.meeting_confirmed", meeting, by=by)
    return meeting


@transaction.atomic
def move_meeting(
    meeting: Meeting,
    *,
    starts_at: datetime.datetime,
    minutes: int,
    venue: Venue,
    address: str,
    video_link: str,
    by: User,
) -> Meeting:
    """Change a meeting's time or place; everyone invited is told, with a new calendar file.

    A new time clears the replies, but reports are kept.
    """
    meeting = lock(meeting)
    now = timezone.now()
    reasons = why_not_change(meeting, now)
    if starts_at <= now:
        reasons.append(_("The new time has passed already."))
    if not venue and not address.strip() and not video_link and meeting.confirmed_at:
        reasons.append(_("Give a place or a video link."))
    if _is_taken(meeting.scheme, starts_at, but=meeting.pk):
        reasons.append(_("There is a meeting at this time already."))
    if reasons:
        raise Refused(*reasons)
    given = {
        "starts_at": starts_at,
        "minutes": minutes,
        "venue": venue,
        "address": address.strip(),
        "video_link": video_link,
    }
    changed = [name for name, value in given.items() if getattr(meeting, name) != value]
    if not changed:
        return meeting
    for name in changed:
        setattr(meeting, name, given[name])
    fields = [*changed, *_revise(meeting)]
    if "starts_at" in changed:
        meeting.reminded_at = meeting.chair_told_at = None
        fields += ["reminded_at", "chair_told_at"]
        meeting.attendances.filter(reply__in=ANSWERED_FOR_A_TIME).update(
            reply="", replied_at=None, deputy_role="", deputy_name=""
        )
    meeting.save(update_fields=fields)
    Event.objects.record_about(
        "partnership.meeting_moved", meeting, by=by, what=changed, sequence=meeting.sequence
    )
    if meeting.invited_at:
        emails.meeting_moved(meeting, time_changed="starts_at" in changed)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Cancel a meeting; everyone invited is told and calendars remove it."""
    meeting = lock(meeting)
    now = timezone.now()
    if reasons := why_not_change(meeting, now):
        raise Refused(*reasons)
    move(meeting, Meeting.State.CANCELLED, cancelled_at=now, cancelled_by=by, **_revision(meeting))
    Event.objects.record_about(
        "partnership.meeting_cancelled", meeting, by=by, sequence=meeting.sequence
    )
    if meeting.invited_at:
        emails.meeting_cancelled(meeting)
    return meeting


@transaction.atomic
def add_agenda_item(
    meeting: Meeting, *, title: str, about: str, led_by: str, is_work_stream: bool, by: User
) -> AgendaItem:
    meeting = lock(meeting)
    _may_change_agenda(meeting)
    last = meeting.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        order=last + 1,
        title=title,
        about=about,
        led_by=led_by,
        is_work_stream=is_work_stream,
    )
    Event.objects.record_about("partnership.agenda_changed", meeting, by=by)
    return item


@transaction.atomic
def change_agenda_item(item: AgendaItem, *, by: User, **fields: object) -> AgendaItem:
    """Edit an agenda item: any of title, about, led_by and is_work_stream."""
    meeting = lock(item.meeting)
    _may_change_agenda(meeting)
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=list(fields))
    Event.objects.record_about("partnership.agenda_changed", meeting, by=by)
    return item


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, step: int, by: User) -> AgendaItem:
    """Move an agenda item one place up (-1) or down (1); no effect at the end of the list."""
    meeting = lock(item.meeting)
    _may_change_agenda(meeting)
    items = list(meeting.items.order_by("order"))
    place = next(n for n, each in enumerate(items) if each.pk == item.pk)
    if 0 <= place + step < len(items):
        items[place], items[place + step] = items[place + step], items[place]
        for order, each in enumerate(items, start=1):
            each.order = order
        AgendaItem.objects.bulk_update(items, ["order"])
        Event.objects.record_about("partnership.agenda_changed", meeting, by=by)
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, by: User) -> None:
    """Remove an agenda item. Its papers stay with the meeting."""
    meeting = lock(item.meeting)
    _may_change_agenda(meeting)
    meeting.items.filter(order__gt=item.order).update(order=F("order") - 1)
    item.delete()
    Event.objects.record_about("partnership.agenda_changed", meeting, by=by)


def _may_change_agenda(meeting: Meeting) -> None:
    if meeting.state == Meeting.State.CANCELLED:
        raise Refused(_("This meeting was cancelled."))
    if hasattr(meeting, "record") and meeting.record.approved_at:
        raise Refused(_("The minutes are approved: the agenda stays as it was."))


def _revision(meeting: Meeting) -> dict[str, int | datetime.datetime]:
    """The iCalendar SEQUENCE: calendars keep the entry with the higher number."""
    return {"sequence": meeting.sequence + 1, "changed_at": timezone.now()}


def _revise(meeting: Meeting) -> list[str]:
    """Raise the sequence; returns the fields to save."""
    revision = _revision(meeting)
    for field, value in revision.items():
        setattr(meeting, field, value)
    return list(revision)
