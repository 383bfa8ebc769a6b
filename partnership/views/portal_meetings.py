"""A manager's page about meetings: the next one, past ones and actions."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from partnership.actions.agreed import finish_action
from partnership.actions.attendance import reply_to_meeting
from partnership.actions.feeds import renew_feed, revoke_feed
from partnership.forms.meetings import ReplyForm
from partnership.links.meetings import feed_link, rsvp_token
from partnership.models import Action, Attendance, CalendarFeed, Meeting, Series
from partnership.rules.meetings import has_sent_return, next_meeting, why_not_reply
from partnership.views.meetings import reply_form
from venues.evidence import proofs
from venues.evidence_kinds import Part, Stage
from venues.models import Requirement
from venues.views.fetching import demand_part, managed

PAST = 12


@require_safe
def portal_meetings(request, pk):
    """The next meeting, the reply, past attendance, actions and the calendar feed."""
    sign_up = demand_part(managed(request, pk), Part.MEETINGS)
    invitation = _invitation(sign_up)
    return _page(request, sign_up, invitation, reply_form(invitation) if invitation else None)


@require_POST
def portal_reply(request, pk, attendance_pk):
    sign_up = demand_part(managed(request, pk), Part.MEETINGS)
    invitation = get_object_or_404(_own(sign_up), pk=attendance_pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, sign_up, invitation, form)
    with refusals_as_messages(request, _("Thank you. We have your reply.")):
        reply_to_meeting(invitation, by=request.user, **form.cleaned_data)
        return redirect("portal_meetings", pk)
    return _page(request, sign_up, invitation, form)


@require_POST
def portal_finish_action(request, pk, action_pk):
    sign_up = demand_part(managed(request, pk), Part.MEETINGS)
    action = get_object_or_404(_actions(sign_up), pk=action_pk)
    with refusals_as_messages(request, _("Thank you. It is marked as done.")):
        finish_action(action, by=request.user)
    return redirect("portal_meetings", pk)


@require_POST
def renew_meetings_feed(request, pk):
    """Create the calendar feed, or replace one that leaked."""
    sign_up = demand_part(managed(request, pk), Part.MEETINGS)
    with refusals_as_messages(request, _("Here is the address for your calendar.")):
        renew_feed(sign_up.scheme, organisation=sign_up.venue.organisation, by=request.user)
    return redirect("portal_meetings", pk)


@require_POST
def revoke_meetings_feed(request, pk):
    sign_up = demand_part(managed(request, pk), Part.MEETINGS)
    feed = get_object_or_404(_feeds(sign_up))
    with refusals_as_messages(request, _("The address has stopped working.")):
        revoke_feed(feed, by=request.user)
    return redirect("portal_meetings", pk)


def _page(request, sign_up, invitation, form):
    now = timezone.now()
    feed = _feeds(sign_up).first()
    past = list(
        _own(sign_up)
        .filter(meeting__state=Meeting.State.HELD)
        .exclude(outcome="")
        .order_by("-meeting__starts_at")[:PAST]
    )
    mine = [request.user.email]
    page = {
        "sign_up": sign_up,
        "series": Series.objects.filter(scheme=sign_up.scheme).first(),
        "invitation": invitation,
        "next": invitation.meeting if invitation else next_meeting(sign_up.scheme, now),
        "closed": why_not_reply(invitation, now) if invitation else [],
        "token": rsvp_token(invitation, mine) if invitation else "",
        "returned": has_sent_return(invitation) if invitation else False,
        "form": form,
        "past": [(row, rsvp_token(row, mine)) for row in past],
        "missed_twice": _missed(past) >= 2,
        "asked": _asked(sign_up, timezone.localdate(now)),
        "actions": _actions(sign_up).order_by("due_on", "pk"),
        "feed_url": feed_link(feed) if feed else "",
        "today": timezone.localdate(now),
    }
    return render(request, "partnership/portal_meetings.html", page)


def _missed(past):
    """How many of the last meetings in a row the organisation missed without a word."""
    run = 0
    for row in past:
        if row.outcome != Attendance.Outcome.MISSED:
            break
        run += 1
    return run


def _asked(sign_up, today):
    """The scheme's attendance requirement and whether it is met; None if there is none."""
    found = Requirement.objects.filter(
        principle__scheme=sign_up.scheme, evidence="meeting_attendance"
    )
    if not found.exists():
        return None
    return next(
        (
            proof
            for proof in proofs(sign_up, Stage.STANDING, today)
            if proof.requirement.evidence == "meeting_attendance"
        ),
        None,
    )


def _own(sign_up):
    return Attendance.objects.filter(
        organisation=sign_up.venue.organisation, meeting__scheme=sign_up.scheme
    ).select_related("meeting__scheme__series", "meeting__venue", "organisation", "partner")


def _invitation(sign_up):
    meeting = next_meeting(sign_up.scheme, timezone.now())
    return _own(sign_up).filter(meeting=meeting).first() if meeting else None


def _actions(sign_up):
    return Action.objects.open().filter(
        organisation=sign_up.venue.organisation, scheme=sign_up.scheme
    )


def _feeds(sign_up):
    return CalendarFeed.objects.live().filter(
        organisation=sign_up.venue.organisation, scheme=sign_up.scheme
    )
