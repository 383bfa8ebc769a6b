"""What a member's home page proposes for the partnership: the return, then the reply."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import Attendance, UsageReturn
from partnership.rules.meetings import next_meeting
from partnership.rules.periods import last_ended
from partnership.rules.returns import is_owed, settings_of, why_not_send
from venues.due import Danger, Due
from venues.models import SignUp
from venues.next_steps import ask_members


@ask_members
def send_return(sign_up: SignUp, today: datetime.date) -> Due | None:
    """The last period's return, from the period's end until it is sent or closed."""
    if not sign_up.scheme.has_returns:
        return None
    period = last_ended(sign_up.scheme, today)
    if period is None or not is_owed(period, sign_up.owed_from):
        return None
    if why_not_send(sign_up, period, today):
        return None
    if UsageReturn.objects.of(period).filter(sign_up=sign_up).exists():
        return None
    due_on = settings_of(sign_up.scheme).due_on(period)
    why = _("We ask for it by %(day)s.") if today <= due_on else _("It was due on %(day)s.")
    return Due(
        _("How often did someone need your %(noun)s in %(period)s? None is an answer.")
        % {"noun": sign_up.scheme.noun, "period": period.label},
        reverse("portal_period_page", args=[sign_up.pk, period]),
        due_on,
        danger=Danger.OWED,
        button=_("Answer in a minute"),
        title=_("How often people came, %(period)s") % {"period": period.label},
        evidence="usage_return",
        why=why % {"day": date_format(due_on, "j F Y")},
    )


@ask_members
def reply_to_invitation(sign_up: SignUp, today: datetime.date) -> Due | None:
    """The next meeting, while the organisation has not replied."""
    if not sign_up.scheme.has_meetings:
        return None
    meeting = next_meeting(sign_up.scheme, timezone.now())
    waiting = Attendance.objects.filter(
        meeting=meeting,
        organisation=sign_up.venue.organisation_id,
        invited_at__isnull=False,
        reply="",
    )
    if meeting is None or not waiting.exists():
        return None
    return Due(
        _("The next meeting is on %(day)s. Is somebody coming?")
        % {"day": date_format(timezone.localtime(meeting.starts_at), "l j F, H:i")},
        reverse("portal_meetings", args=[sign_up.pk]),
        timezone.localdate(meeting.starts_at),
        danger=Danger.OWED,
        button=_("Say who comes"),
        title=_("Reply to the invitation to the meeting"),
    )
