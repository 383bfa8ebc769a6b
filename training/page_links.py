"""Links to training from pages of the apps below."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register
from venues.evidence_kinds import Part
from venues.known_parts import known_parts
from venues.models import SignUp


def _has_training(sign_up: SignUp) -> bool:
    return sign_up.scheme.has_training


register("portal_home", PageLink(_("Training"), "training_home", order=10, shown=_has_training))
register("people", PageLink(_("Go to training"), "training_home", shown=_has_training))
register(
    "join",
    PageLink(
        _("See the sessions, or tell us what you want to learn"),
        "sessions",
        lead=_("Only here for the training?"),
    ),
)
register(
    "footer",
    PageLink(
        _("Training sessions"), "sessions", shown=lambda nothing: Part.TRAINING in known_parts()
    ),
)
