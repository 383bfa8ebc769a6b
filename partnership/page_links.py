"""Where pages of the apps below lead to meetings, returns and figures."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register
from venues.models import SignUp


def _was_approved(sign_up: SignUp) -> bool:
    return bool(sign_up.approved_at)


register("portal_home", PageLink(_("Meetings"), "portal_meetings", order=20))
register(
    "portal_reports",
    PageLink(
        _("Your quarters: how often people came"), "returns_home", order=10, shown=_was_approved
    ),
    PageLink(
        _("Raise an issue, or “please call us”"), "issues_home", order=20, shown=_was_approved
    ),
)
register("help", PageLink(_("How often the spaces are used"), "statistics"))
