"""Where pages of the apps below lead to meetings, returns and figures."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register
from venues.models import SignUp


def _was_approved(sign_up: SignUp) -> bool:
    return bool(sign_up.approved_at)


def _has_meetings(sign_up: SignUp) -> bool:
    return sign_up.scheme.has_meetings


def _has_returns(sign_up: SignUp) -> bool:
    return _was_approved(sign_up) and sign_up.scheme.has_returns


register("portal_home", PageLink(_("Meetings"), "portal_meetings", order=20, shown=_has_meetings))
register(
    "portal_reports",
    PageLink(
        _("Your returns: how often people came"), "returns_home", order=10, shown=_has_returns
    ),
    PageLink(
        _("Raise an issue, or “please call us”"), "issues_home", order=20, shown=_was_approved
    ),
)
register("help", PageLink(_("How often the spaces are used"), "statistics"))
