"""What a place offers beyond its facilities, and how to get away from it: one rule for every page,
card and poster.
"""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from venues.models import Scheme, Venue
from venues.models.schemes import offers_usually_asked

IN_A_SENTENCE = {
    "quiet_space_alone": _("You can have a quiet space alone."),
    "listener": _("Somebody listens to you."),
    "finding_services": _("They help you find the right service."),
    "lets_in": _("Come in if somebody threatens or follows you."),
    "calm_space": _("Sit down where you feel safe and calm."),
    "calls": _("They ring 999, a friend or your family with you."),
    "directions": _("They tell you the way and the bus home."),
}
"""To whoever needs it, for a poster or a card. A test finds one for each of `Venue.OFFERS`."""


@dataclass(frozen=True)
class Offered:
    """One thing the place offers. `words` is a label, `sentence` speaks to whoever needs it."""

    name: str
    words: str
    sentence: str


def offered(venue: Venue) -> list[Offered]:
    """What the place says that it offers, in the order of `Venue.OFFERS`; nothing unanswered."""
    return [_offered(name) for name in Venue.OFFERS if getattr(venue, name)]


def offers_of_scheme(scheme: Scheme) -> list[Offered]:
    """What the scheme asks its places whether they offer it, in the same order: for materials that
    are about all of them.
    """
    return [_offered(name) for name in Venue.OFFERS if name in scheme.offers_asked]


def offers_to_ask(venue: Venue) -> list[str]:
    """What the place is asked: what its live sign-ups' schemes ask, and what it once answered."""
    asked = set()
    for sign_up in venue.sign_ups.live().select_related("scheme"):
        asked |= set(sign_up.scheme.offers_asked)
    asked = asked or set(offers_usually_asked())
    asked |= {name for name in Venue.OFFERS if getattr(venue, name) is not None}
    return [name for name in Venue.OFFERS if name in asked]


def transport_of(venue: Venue) -> str:
    """Stops near by and what runs at night, in the place's words.

    Empty unless its whole address is public: a stop would give away where it is.
    """
    return venue.transport if venue.listing == Venue.Listing.PUBLIC else ""


def _offered(name: str) -> Offered:
    words = capfirst(str(Venue._meta.get_field(name).verbose_name))
    return Offered(name, words, str(IN_A_SENTENCE[name]))
