"""Where pages of the apps below lead to training."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register

register("portal_home", PageLink(_("Training"), "training_home", order=10))
register("people", PageLink(_("Go to training"), "training_home"))
register(
    "join",
    PageLink(
        _("See the sessions, or tell us what you want to learn"),
        "sessions",
        lead=_("Only here for the training?"),
    ),
)
