"""Letters about meetings, queued in the transaction that causes them.

A letter has the date and a link. Reports, names, joining links and minutes stay behind the link.
"""

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.letters import LetterFile
from partnership.calendars import MIME, calendar_file
from partnership.links.meetings import rsvp_link
from partnership.models import Action, Attendance, Meeting
from partnership.rules.agreed import owner_addresses
from partnership.rules.meetings import addresses_of, organisations_of, with_addresses
from venues.letters import Draft, notify, url, write, write_each
from venues.models import Officer, Organisation


def invitations(meeting: Meeting, invited: list[Attendance]) -> None:
    _to_each("partnership.invitation", meeting, invited)


def meeting_moved(meeting: Meeting, *, time_changed: bool) -> None:
    _to_each(
        "partnership.meeting_moved", meeting, _invited(meeting), {"time_changed": time_changed}
    )


def meeting_cancelled(meeting: Meeting) -> None:
    _to_each("partnership.meeting_cancelled", meeting, _invited(meeting))


def reply_reminder(meeting: Meeting, waiting: list[Attendance]) -> None:
    _to_each("partnership.reply_reminder", meeting, waiting, calendar=False)


def minutes_approved(meeting: Meeting) -> None:
    rows = [row for row in _invited(meeting) if row.invited_at or row.outcome]
    _to_each("partnership.minutes_approved", meeting, rows, calendar=False)


def chair_told(meeting: Meeting) -> None:
    """Send the chair the link to the meeting's page."""
    officers = Officer.objects.filter(
        scheme=meeting.scheme, role=Officer.Role.CHAIR, user__is_active=True
    ).select_related("user")
    notify(
        "partnership.chair_told",
        {officer.user.email for officer in officers} or {meeting.scheme.contact_email},
        scheme=meeting.scheme,
        link=url("admin:partnership_meeting_change", meeting.pk),
        **_facts(meeting),
    )


def action_reminder(action: Action, *, overdue: bool) -> None:
    """To the action's owner; what it is stays behind the link."""
    context = {
        "day": date_format(action.due_on, "j F Y"),
        "overdue": overdue,
    }
    to = owner_addresses(action)
    context["link"] = _action_link(action, to)
    if action.officer_id:
        notify("partnership.action_due", to, scheme=action.scheme, **context)
    else:
        write(
            "partnership.action_due",
            Draft(
                to, context, scheme=action.scheme, organisation=action.organisation, about=action
            ),
        )


def _action_link(action, to):
    """The owner's page: in the admin for an officer, otherwise their last invitation."""
    row = (
        Attendance.objects.filter(
            meeting__scheme=action.scheme,
            organisation=action.organisation_id,
            partner=action.partner_id,
            visitor="",
        )
        .order_by("-meeting__starts_at")
        .first()
        if action.officer_id is None
        else None
    )
    if row is not None:
        return rsvp_link(row, to)
    if action.officer_id:
        return url("admin:partnership_action_change", action.pk)
    return url("portal_home")


def _invited(meeting):
    """Invitees who are still members or partners."""
    members = set(organisations_of(meeting.scheme).values_list("pk", flat=True))
    rows = meeting.attendances.select_related("organisation", "partner")
    return [
        row
        for row in rows
        if row.organisation_id in members or (row.partner and not row.partner.ended_at)
    ]


def _to_each(kind, meeting, rows, context=None, *, calendar=True):
    """One letter each with its own link; the calendar file is stored once for all of them."""
    organisations = [row.organisation_id for row in rows if row.organisation_id]
    known = with_addresses(Organisation.objects.filter(pk__in=organisations)).in_bulk()
    prefetch_related_objects(rows, "partner")
    facts = {**_facts(meeting), **(context or {})}
    drafts = []
    for row in rows:
        to = addresses_of(known[row.organisation_id]) if row.organisation_id else set()
        if row.partner:
            to = {row.partner.email}
        drafts.append(
            Draft(
                to,
                {**facts, "link": rsvp_link(row, to)},
                scheme=meeting.scheme,
                organisation=known.get(row.organisation_id),
                about=row,
            )
        )
    files = [LetterFile("meeting.ics", calendar_file(meeting), MIME)] if calendar else []
    write_each(kind, drafts, files=files)


def _facts(meeting):
    begins = timezone.localtime(meeting.starts_at)
    return {
        "name": meeting.scheme.series.name,
        "day": date_format(begins, "j F Y"),
        "when": date_format(begins, "l j F Y, H:i"),
        "place": meeting.place or _("online"),
    }
