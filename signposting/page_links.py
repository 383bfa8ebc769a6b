"""Links from other apps' pages to the finder, and the numbers on error pages."""

from django.utils.translation import gettext_lazy as _

from common.errors import offer_numbers
from common.page_links import PageLink, register
from signposting.known_help import known_numbers

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
register("coverage", PageLink(_("See all places"), "map"))

offer_numbers(known_numbers)
