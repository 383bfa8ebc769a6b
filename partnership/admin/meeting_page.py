"""A meeting's page: everything its chair needs, in the order of the work."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from common.prose import as_html
from partnership.forms.meetings import (
    AgendaItemForm,
    AgreeForm,
    MeetingForm,
    RedactForm,
)
from partnership.links.meetings import ON_A_PAGE, rsvp_token
from partnership.models import Action, Attendance, Meeting, Series
from partnership.models.attendance import CAME
from partnership.rules.agreed import carried_to
from partnership.rules.meetings import (
    GRID_MEETINGS,
    grid,
    organisations_of,
    why_no_register,
)
from partnership.rules.periods import last_of_pack
from venues.admin.base import history_of
from venues.models import Event, SignUp, Venue

PERMISSIONS = (
    "change_agenda",
    "add_document",
    "take_attendance",
    "invite_to_meeting",
    "read_report",
    "note_call",
    "change_minutes",
    "agree_action",
)


@dataclass(frozen=True)
class Line:
    """One invitation on the page: the invitee, the reply and the register's outcome."""

    row: Attendance
    redact_form: RedactForm | None
    reply_url: str


def meeting_page(meeting: Meeting, user) -> dict:
    """The page's context, in a constant number of queries."""
    now = timezone.now()
    may = {name: user.has_perm(f"partnership.{name}", meeting) for name in PERMISSIONS}
    rows = list(meeting.attendances.select_related("organisation", "partner"))
    minutes = getattr(meeting, "record", None)
    shown = _last_meetings(meeting)
    return {
        "meeting": meeting,
        "series": Series.objects.filter(scheme=meeting.scheme_id).first(),
        "may": may,
        "register_open": not why_no_register(meeting, now),
        "items": _items(meeting, may),
        "papers": meeting.documents.filter(item=None),
        "lines": [_line(meeting, row, may, now) for row in rows],
        "counts": _counts(rows),
        "not_invited": not_invited(meeting, rows),
        "shown": shown,
        "grid": grid(shown),
        "carried": carried_to(meeting),
        "agreed": meeting.actions.with_owner(),
        "minutes": minutes,
        "minutes_html": as_html(minutes.text) if minutes else "",
        "today": timezone.localdate(now),
        "pack_url": _pack_url(meeting) if user.has_perm("partnership.view_pack", meeting) else "",
        "history": history_of(_events(meeting), user),
    }


def _line(meeting, row, may, now):
    """One line, with a link to the invitee's own page in case they reply by telephone."""
    open_for_replies = meeting.state == Meeting.State.CONFIRMED and meeting.starts_at > now
    by_officer = may["invite_to_meeting"] and open_for_replies and row.invited_at
    initial = {"text": row.text}
    return Line(
        row,
        RedactForm(initial=initial, auto_id=f"redact_{row.pk}_%s") if row.text else None,
        reverse("meeting", args=[rsvp_token(row, lasts=ON_A_PAGE)]) if by_officer else "",
    )


def _pack_url(meeting):
    """The pack for the meeting: about the last ended period."""
    period = last_of_pack(meeting.scheme, timezone.localdate(meeting.starts_at))
    return reverse("pack", args=[meeting.scheme.slug, period])


def agree_form(meeting, data=None, **more):
    officers = [
        officer.user for officer in meeting.scheme.officers.select_related("user").order_by("user")
    ]
    return AgreeForm(
        data,
        organisations=organisations_of(meeting.scheme),
        partners=meeting.scheme.partners.current(),
        officers=officers,
        **more,
    )


def move_form(meeting, data=None, **more):
    venues = Venue.objects.filter(
        pk__in=SignUp.objects.approved().filter(scheme=meeting.scheme_id).values("venue")
    ).order_by("name")
    return MeetingForm(data, instance=meeting, venues=venues, **more)


def _items(meeting, may):
    items = list(meeting.items.prefetch_related("documents"))
    if not may["change_agenda"]:
        return [(item, None) for item in items]
    return [(item, AgendaItemForm(instance=item, auto_id=f"item_{item.pk}_%s")) for item in items]


def _counts(rows):
    """How many replied what, for the line above the list."""
    replies = [row.reply for row in rows if row.invited_at]
    return {
        "invited": len(replies),
        "coming": sum(reply in ("coming", "deputy") for reply in replies),
        "apologies": replies.count("apologies"),
        "reports": replies.count("report"),
        "silent": replies.count(""),
        "came": sum(row.outcome in CAME for row in rows),
    }


def not_invited(meeting, rows=None):
    """How many members and partners joined after the invitations went out."""
    if meeting.invited_at is None or meeting.state != Meeting.State.CONFIRMED:
        return 0
    rows = meeting.attendances.all() if rows is None else rows
    asked = {row.organisation_id for row in rows} | {None}
    seats = {row.partner_id for row in rows} | {None}
    members = organisations_of(meeting.scheme).values_list("pk", flat=True)
    partners = meeting.scheme.partners.current().values_list("pk", flat=True)
    return len(set(members) - asked) + len(set(partners) - seats)


def _last_meetings(meeting):
    """The last four meetings held up to this one, earliest first."""
    held = Meeting.objects.held().filter(scheme=meeting.scheme_id, starts_at__lte=meeting.starts_at)
    return list(held.order_by("-starts_at")[:GRID_MEETINGS])[::-1]


def _events(meeting):
    kind = ContentType.objects.get_for_model(Meeting)
    found = Event.objects.filter(about_type=kind, about_id=meeting.pk)
    of_actions = ContentType.objects.get_for_model(Action)
    return found | Event.objects.filter(
        about_type=of_actions, about_id__in=meeting.actions.values("pk")
    )
