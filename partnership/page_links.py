"""Links to meetings, returns and figures from pages of the apps below."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.page_links import PageLink, register
from partnership.models import UsageReturn
from partnership.rules.meetings import next_meeting
from venues.models import SignUp


def _was_approved(sign_up: SignUp) -> bool:
    return bool(sign_up.approved_at)


def _next_meeting(sign_up: SignUp) -> str:
    meeting = next_meeting(sign_up.scheme, timezone.now())
    return date_format(timezone.localtime(meeting.starts_at), "j F, H:i") if meeting else ""


def _returns_sent(sign_up: SignUp) -> str:
    sent = UsageReturn.objects.filter(sign_up=sign_up).count()
    return ngettext("%(count)s sent", "%(count)s sent", sent) % {"count": sent}


register(
    "portal_home",
    PageLink(
        _("Meetings"),
        "portal_meetings",
        order=20,
        shown=lambda sign_up: sign_up.scheme.has_meetings,
        state=_next_meeting,
    ),
)
register(
    "portal_reports",
    PageLink(
        _("Your returns: how often people came"),
        "returns_home",
        order=10,
        shown=lambda sign_up: _was_approved(sign_up) and sign_up.scheme.has_returns,
        state=_returns_sent,
    ),
    PageLink(
        _("Raise an issue, or “please call us”"), "issues_home", order=20, shown=_was_approved
    ),
)
register("help", PageLink(_("How often the spaces are used"), "statistics"))
