"""The signed link to a meeting: it identifies one invitation and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from common import signed_links
from common.refusals import Refused
from partnership.models import Attendance, CalendarFeed, Meeting
from partnership.rules.meetings import invited_addresses, next_meeting
from venues.models import SignUp

PURPOSE = "partnership.meeting"
LASTS = timedelta(days=250)
"""From the invitation until the minutes and actions have been dealt with."""
ON_A_PAGE = timedelta(days=1)
"""For a link on a page that was opened by its own right; the page is rendered anew each time."""


def rsvp_token(attendance: Attendance, to: Iterable[str] = (), *, lasts: timedelta = LASTS) -> str:
    """A token for `to`; it works while all of them are with the organisation or partner."""
    data = [attendance.pk, *signed_links.marks_of(to)]
    return signed_links.make(PURPOSE, data, lasts=lasts)


def rsvp_link(attendance: Attendance, to: Iterable[str] = ()) -> str:
    """The absolute URL where an invitee replies and later reads the minutes."""
    return settings.SITE_URL + reverse("meeting", args=[rsvp_token(attendance, to)])


@dataclass(frozen=True)
class ReplyCard:
    """The next meeting, shown on another page: the reply so far and where to reply."""

    meeting: Meeting
    reply: str
    url: str


def reply_card(sign_up: SignUp, at: datetime) -> ReplyCard | None:
    """The card for a venue's next meeting; None before the organisation is invited.

    Rendered by `partnership/_next_meeting.html`.
    """
    meeting = next_meeting(sign_up.scheme, at)
    if meeting is None:
        return None
    invitation = meeting.attendances.filter(organisation=sign_up.venue.organisation_id).first()
    if invitation is None:
        return None
    url = reverse("meeting", args=[rsvp_token(invitation, lasts=ON_A_PAGE)])
    return ReplyCard(meeting, invitation.get_reply_display(), url)


def read_rsvp(token: str) -> Attendance:
    """The invitation behind a link; Refused with a message for the person who opened it."""
    data = signed_links.read(PURPOSE, token)
    pk, *marks = data if isinstance(data, list) else [data]  # a number alone: an older letter
    found = (
        Attendance.objects.select_related(
            "meeting__scheme__series", "meeting__venue", "organisation", "partner"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Refused(_("This invitation was taken back."))
    if marks:
        signed_links.refuse_unless_reached(marks, invited_addresses(found))
    return found


def feed_link(feed: CalendarFeed) -> str:
    """The absolute URL to which a calendar subscribes."""
    return settings.SITE_URL + reverse("meetings_feed", args=[feed.key])


def meeting_page(view):
    """Open `view` to anybody with a valid link; it receives the invitation after the token.

    The pages are never cached, because phones are shared. A bad link gets a page that says why and
    what to do, and names nobody.
    """

    @wraps(view)
    @login_not_required
    @never_cache
    def wrapper(request, token, **kwargs):
        try:
            invitation = read_rsvp(token)
        except Refused as refusal:
            page = {"reasons": refusal.reasons, "hide_links": True}
            return render(request, "partnership/meeting_refused.html", page, status=403)
        return view(request, token, invitation, **kwargs)

    return wrapper
