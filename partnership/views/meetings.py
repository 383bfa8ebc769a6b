"""A meeting by signed link: reply before it, minutes and actions after it; and calendar feeds."""

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.documents import TYPES
from common.prose import as_html
from common.refusals import refusals_as_messages
from partnership import calendars
from partnership.actions.agreed import finish_action
from partnership.actions.attendance import reply_to_meeting
from partnership.forms.meetings import ReplyForm
from partnership.links.meetings import feed_link, meeting_page
from partnership.minutes import minutes_pdf
from partnership.models import Action, CalendarFeed, Meeting
from partnership.rules.agreed import carried_to
from partnership.rules.meetings import (
    has_sent_return,
    is_member,
    next_meeting,
    still_belongs,
    why_not_reply,
)
from venues.models import SchemeContact, Venue

FEED_KEEPS = datetime.timedelta(days=366)


@require_safe
@meeting_page
def meeting(request, token, invitation):
    """The details before the meeting, the minutes and actions afterwards."""
    return _page(request, token, invitation, reply_form(invitation))


@require_POST
@meeting_page
def reply(request, token, invitation):
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, token, invitation, form)
    with refusals_as_messages(request, _("Thank you. We have your reply.")):
        reply_to_meeting(invitation, **form.cleaned_data)
        return redirect("meeting", token)
    return _page(request, token, invitation, form)


def reply_form(invitation):
    """The form with the earlier reply, but without its text: a link can be forwarded."""
    return ReplyForm(initial={"reply": invitation.reply, "deputy_role": invitation.deputy_role})


def _numbers_of(invitation):
    """Phone numbers of the scheme, or of those around one of the organisation's venues."""
    scheme = invitation.meeting.scheme
    venues = Venue.objects.filter(
        organisation=invitation.organisation_id, sign_ups__scheme=scheme, point__isnull=False
    )
    return SchemeContact.objects.for_members(scheme, venues)


def _page(request, token, invitation, form):
    now = timezone.now()
    found, belongs = invitation.meeting, still_belongs(invitation)
    minutes = getattr(found, "record", None)
    approved = belongs and minutes is not None and minutes.approved_at is not None
    feed = feed_of(invitation) if belongs else None
    page = {
        "token": token,
        "invitation": invitation,
        "meeting": found,
        "series": found.scheme.series,
        "contacts": _numbers_of(invitation),
        "belongs": belongs,
        "closed": why_not_reply(invitation, now),
        "form": form,
        "returned": has_sent_return(invitation),
        "items": found.items.prefetch_related("documents"),
        "papers": found.documents.filter(item=None),
        "minutes": as_html(minutes.text) if approved else "",
        "actions": actions_of(invitation) if belongs else [],
        "carried": carried_to(found) if belongs else [],
        "feed_url": feed_link(feed) if feed else "",
        "following": next_meeting(found.scheme, now) if found.ends_at <= now else None,
        "today": timezone.localdate(now),
        "hide_links": True,
    }
    return render(request, "partnership/meeting.html", page)


def feed_of(invitation):
    return (
        CalendarFeed.objects.live()
        .filter(
            scheme=invitation.meeting.scheme_id,
            organisation=invitation.organisation_id,
            partner=invitation.partner_id,
            officer=None,
        )
        .first()
    )


def actions_of(invitation):
    """Open actions owned by the invitee."""
    return (
        Action.objects.open()
        .filter(
            scheme=invitation.meeting.scheme_id,
            organisation=invitation.organisation_id,
            partner=invitation.partner_id,
            officer=None,
        )
        .order_by("due_on", "pk")
    )


@require_POST
@meeting_page
def finish_own_action(request, token, invitation, action_pk):
    """Mark one's own action as done, by the owner's link."""
    own = actions_of(invitation) if still_belongs(invitation) else Action.objects.none()
    action = get_object_or_404(own, pk=action_pk)
    with refusals_as_messages(request, _("Thank you. It is marked as done.")):
        finish_action(action)
    return redirect("meeting", token)


@require_safe
@meeting_page
def meeting_document(request, token, invitation, document_pk):
    """A paper, for invitees who still belong to the partnership."""
    papers = invitation.meeting.documents.all()
    if not still_belongs(invitation):
        papers = papers.none()
    return document_response(get_object_or_404(papers, pk=document_pk))


@require_safe
@meeting_page
def meeting_calendar(request, token, invitation):
    """The meeting as a calendar file."""
    if invitation.meeting.state == Meeting.State.PROPOSED:
        return redirect("meeting", token)
    return calendar_response(calendars.calendar_file(invitation.meeting), "meeting.ics")


@require_safe
@meeting_page
def meeting_minutes(request, token, invitation):
    """The approved minutes as a PDF."""
    minutes = getattr(invitation.meeting, "record", None)
    if minutes is None or not minutes.approved_at or not still_belongs(invitation):
        return redirect("meeting", token)
    return pdf_response(invitation.meeting)


def pdf_response(meeting):
    response = HttpResponse(minutes_pdf(meeting), content_type="application/pdf")
    day = timezone.localdate(meeting.starts_at).isoformat()
    response["Content-Disposition"] = f'inline; filename="minutes-{day}.pdf"'
    return response


def document_response(document):
    """Always an attachment under our own file name, so that uploads never render on our site."""
    name = f"{slugify(document.title) or 'document'}.{document.extension}"
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=TYPES[document.extension],
    )
    response["Cache-Control"] = "private, no-store"
    return response


def calendar_response(content, name):
    response = HttpResponse(content, content_type=calendars.MIME)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_not_required
@never_cache
@require_safe
def meetings_feed(request, key):
    """The calendar feed: dates and places, without joining links or names."""
    feed = get_object_or_404(
        CalendarFeed.objects.live().select_related(
            "scheme__series", "organisation", "partner", "officer"
        ),
        key=key,
    )
    if not _still_holds(feed):
        return HttpResponse(status=410)
    since = timezone.now() - FEED_KEEPS
    meetings = (
        Meeting.objects.filter(scheme=feed.scheme_id, starts_at__gte=since)
        .select_related("scheme__series", "venue")
        .order_by("starts_at")
    )
    response = HttpResponse(
        calendars.feed(meetings, feed.scheme.series.name), content_type=calendars.MIME
    )
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response


def _still_holds(feed):
    """A feed ends with the membership, the partner's seat or the officer's role."""
    if feed.organisation:
        return is_member(feed.organisation, feed.scheme)
    if feed.partner:
        return feed.partner.ended_at is None
    return feed.scheme.officers.filter(user=feed.officer, user__is_active=True).exists()
