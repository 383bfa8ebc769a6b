"""Letters about meetings, queued in the transaction that causes them.

A letter carries the day and a link. Reports, names, video links and minutes stay behind the link.
"""

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from post_office import mail
from post_office.utils import create_attachments

from partnership.calendars import MIME, calendar_file
from partnership.links.meetings import rsvp_link
from partnership.models import Action, Attendance, Meeting
from partnership.rules.agreed import owner_addresses
from partnership.rules.meetings import addresses_of, organisations_of, with_addresses
from venues.models import Officer, Organisation


def invitations(meeting: Meeting, invited: list[Attendance]) -> None:
    _to_each(
        meeting,
        invited,
        _("Invitation: %(name)s, %(day)s"),
        _(
            "You are invited to the %(name)s on %(when)s (%(place)s).\n\n"
            "Please say whether you come, send somebody else, or send a short report instead. It "
            "takes one press and no password:\n%(link)s\n\n"
            "The agenda and its papers are there too. The file with this letter puts the day into "
            "your calendar."
        ),
    )


def meeting_moved(meeting: Meeting, *, time_changed: bool) -> None:
    again = (
        _("Because the time is another, please reply once more:")
        if time_changed
        else _("Your reply stands. It is here:")
    )
    _to_each(
        meeting,
        _invited(meeting),
        _("Changed: %(name)s, %(day)s"),
        _("The %(name)s is now on %(when)s (%(place)s).\n\n%(again)s\n%(link)s").replace(
            "%(again)s", again
        )
        + "\n\n"
        + _("The file with this letter changes the day in your calendar."),
    )


def meeting_cancelled(meeting: Meeting) -> None:
    _to_each(
        meeting,
        _invited(meeting),
        _("Cancelled: %(name)s, %(day)s"),
        _(
            "The %(name)s on %(when)s does not take place. There is nothing to do.\n\n"
            "The file with this letter takes the day out of your calendar. What we know of the "
            "next meeting is here:\n%(link)s"
        ),
    )


def reply_reminder(meeting: Meeting, waiting: list[Attendance]) -> None:
    _to_each(
        meeting,
        waiting,
        _("Are you coming? %(name)s, %(day)s"),
        _(
            "The %(name)s is on %(when)s (%(place)s). We have no reply from you yet. Coming, not "
            "coming, or a few lines instead: one press is enough.\n%(link)s"
        ),
        calendar=False,
    )


def minutes_approved(meeting: Meeting) -> None:
    _to_each(
        meeting,
        [row for row in _invited(meeting) if row.invited_at or row.outcome],
        _("Minutes: %(name)s, %(day)s"),
        _("The minutes of the %(name)s on %(when)s are here, with what was agreed:\n%(link)s"),
        calendar=False,
    )


def chair_told(meeting: Meeting) -> None:
    """The chair's way to the one page of the meeting."""
    officers = Officer.objects.filter(
        scheme=meeting.scheme, role=Officer.Role.CHAIR, user__is_active=True
    ).select_related("user")
    to = {officer.user.email for officer in officers} or {meeting.scheme.contact_email}
    link = settings.SITE_URL + reverse("admin:partnership_meeting_change", args=[meeting.pk])
    _send(
        to,
        _("You chair: %(name)s, %(day)s") % _facts(meeting),
        _(
            "The %(name)s is on %(when)s (%(place)s). Everything is on one page: agenda, replies, "
            "who came before, actions, the register, and afterwards the minutes.\n%(link)s"
        )
        % {**_facts(meeting), "link": link}
        + _signed(meeting.scheme),
    )


def action_reminder(action: Action, *, overdue: bool) -> None:
    """To whoever agreed to do it; what it is stays behind the link."""
    to = owner_addresses(action)
    subject = (
        _("What you agreed to do was due on %(day)s")
        if overdue
        else _("What you agreed to do is due on %(day)s")
    )
    day = {"day": date_format(action.due_on, "j F Y")}
    _send(
        to,
        subject % day,
        _(
            "At the partnership’s meeting something was agreed that you do by %(day)s. What it "
            "is, and a button for when it is done:\n%(link)s"
        )
        % {**day, "link": _action_link(action)}
        + _signed(action.scheme),
    )


def _action_link(action):
    """The owner's own page: an officer's in the admin, the others' by their last invitation."""
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
        return rsvp_link(row)
    if action.officer_id:
        path = reverse("admin:partnership_action_change", args=[action.pk])
    else:
        path = reverse("portal_home")
    return settings.SITE_URL + path


def _invited(meeting):
    """Whoever was invited and is still a member or partner."""
    members = set(organisations_of(meeting.scheme).values_list("pk", flat=True))
    rows = meeting.attendances.select_related("organisation", "partner")
    return [
        row
        for row in rows
        if row.organisation_id in members or (row.partner and not row.partner.ended_at)
    ]


def _to_each(meeting, rows, subject, message, *, calendar=True):
    """One letter to each, with its own link; the calendar file is stored once for all."""
    organisations = [row.organisation_id for row in rows if row.organisation_id]
    known = with_addresses(Organisation.objects.filter(pk__in=organisations)).in_bulk()
    prefetch_related_objects(rows, "partner")
    file = []
    if calendar:
        content = ContentFile(calendar_file(meeting))
        file = create_attachments({"meeting.ics": {"file": content, "mimetype": MIME}})
    facts = _facts(meeting)
    for row in rows:
        to = addresses_of(known[row.organisation_id]) if row.organisation_id else set()
        if row.partner:
            to = {row.partner.email} - {""}
        letter = _send(
            to,
            subject % facts,
            message % {**facts, "link": rsvp_link(row)} + _signed(meeting.scheme),
        )
        if letter and file:
            letter.attachments.add(*file)


def _facts(meeting):
    begins = timezone.localtime(meeting.starts_at)
    return {
        "name": meeting.scheme.series.name,
        "day": date_format(begins, "j F Y"),
        "when": date_format(begins, "l j F Y, H:i"),
        "place": meeting.place or _("online"),
    }


def _send(to, subject, message):
    if to:
        return mail.send(sorted(to), subject=subject, message=message)
    return None


def _signed(scheme):
    return f"\n\n{scheme.council}, {scheme.name}\n{scheme.contact_email}"
