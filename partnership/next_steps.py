"""What a member's home page proposes for the partnership: the return, and the reply."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import Attendance, UsageReturn
from partnership.rules.meetings import next_meeting
from partnership.rules.returns import is_owed, last_ended, settings_of, why_not_send
from venues.due import Danger, Due
from venues.models import SignUp
from venues.next_steps import ask_members


@ask_members
def send_return(sign_up: SignUp, today: datetime.date) -> Due | None:
    """The last quarter's return, from the day the quarter is over until it is sent or closed."""
    if not sign_up.scheme.has_returns:
        return None
    quarter = last_ended(today)
    if not is_owed(sign_up.owed_from, quarter) or why_not_send(sign_up, quarter, today):
        return None
    if UsageReturn.objects.of(quarter).filter(sign_up=sign_up).exists():
        return None
    due_on = settings_of(sign_up.scheme).due_on(quarter)
    why = _("We ask for it by %(day)s.") if today <= due_on else _("It was due on %(day)s.")
    return Due(
        _("How often did somebody need your %(noun)s from %(quarter)s? None is an answer.")
        % {"noun": sign_up.scheme.noun, "quarter": quarter.label},
        reverse("portal_quarter_page", args=[sign_up.pk, quarter]),
        due_on,
        danger=Danger.OWED,
        button=_("Answer in a minute"),
        title=_("How often people came, %(quarter)s") % {"quarter": quarter.label},
        evidence="usage_return",
        why=why % {"day": date_format(due_on, "j F Y")},
    )


@ask_members
def reply_to_invitation(sign_up: SignUp, today: datetime.date) -> Due | None:
    """The next meeting, while nobody said whether somebody comes."""
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
