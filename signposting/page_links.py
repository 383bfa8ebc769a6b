"""Links from other apps' pages to the finder, and the numbers on error pages."""

from django.utils.translation import gettext_lazy as _

from common.errors import offer_numbers
from common.page_links import PageLink, register
from signposting.known_help import known_numbers
from venues.models import SignUp, Venue

register(
    "open_now",
    PageLink(_("Find one that is open now"), "finder", lead=_("Places have opening hours.")),
)
register(
    "about_schemes",
    PageLink(_("Who runs these places"), "schemes", shown=lambda scheme: scheme is None),
    PageLink(
        _("What this scheme is, and what its places promise"),
        "scheme_page",
        named_by="slug",
        shown=lambda scheme: scheme is not None and scheme.hidden_at is None,
    ),
)


def _may_show_badge(sign_up: SignUp) -> bool:
    """Members that the public finds and whose badge is shown."""
    is_found = sign_up.venue.listing != Venue.Listing.INTERNAL
    return sign_up.state == SignUp.State.APPROVED and is_found and not sign_up.hides_badge


register(
    "portal_home",
    PageLink(_("A badge for your website"), "badge_for_website", order=90, shown=_may_show_badge),
)
register("coverage", PageLink(_("See all places"), "map"))

offer_numbers(known_numbers)
