"""Where pages of other apps lead to the finder."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register

register(
    "open_now",
    PageLink(_("Find one that is open now"), "finder", lead=_("Spaces have opening hours.")),
)
register("coverage", PageLink(_("See all safe spaces"), "map"))
