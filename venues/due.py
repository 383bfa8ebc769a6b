"""What is due to be done at a place, and by when.

The month's letter and the page of all places read it. Each thing leads to the page where it is
done. `next_steps.py` chooses one of them for a home page.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from venues.evidence import LEFT_TO_DO, Proof
from venues.hours.model import is_stale
from venues.models import SignUp
from venues.next_steps import link_of
from venues.rules import agreements_to_renew

SOON = datetime.timedelta(days=14)
"""Hours that will count as unconfirmed within so many days are asked about already."""
STICKER_SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """One thing to do at one place; `by` is the last day, None where there is none.

    `is_news`: nothing to do about it here, such as a sticker that the team renews.
    """

    words: str
    url: str
    by: datetime.date | None = None
    is_news: bool = False

    @property
    def link(self) -> str:
        """The whole address, for a letter."""
        return settings.SITE_URL + self.url

    @property
    def sentence(self) -> str:
        if self.by is None:
            return self.words
        return _("%(what)s Please do it by %(day)s.") % {
            "what": self.words,
            "day": date_format(self.by, "j F Y"),
        }


def due_at(sign_up: SignUp, proofs: list[Proof], now: datetime.datetime) -> list[Due]:
    """Everything due at a member's place, in the order of a home page.

    `proofs` are the sign-up's for standing. Without a query where agreements, stickers and the
    scheme's principles are prefetched, and its parts known (`Scheme.know_parts`).
    """
    found = []
    if agreements_to_renew(sign_up):
        words = _("A core principle has changed. Please read it and answer again.")
        found.append(Due(words, _page("edit_principles", sign_up)))
    found += _sticker(sign_up, timezone.localdate(now))
    if is_stale(sign_up.venue, now + SOON):
        words = _("Are your opening hours still right? One press says so.")
        found.append(Due(words, _page("portal_home", sign_up)))
    return found + [
        Due(
            proof.words,
            link_of(proof, sign_up),
            proof.held_until if proof.is_held else proof.grace_until,
        )
        for proof in proofs
        if proof.state == "lapsing" or proof.state in LEFT_TO_DO
    ]


def _sticker(sign_up, today):
    sticker = next((each for each in sign_up.stickers.all() if each.ended_at is None), None)
    if sticker is None or not sign_up.scheme.has_stickers:
        return []
    page = _page("portal_sticker", sign_up)
    if not sticker.displayed_at and sticker.is_current(today):
        return [Due(_("Put the sticker up, then tell us."), page)]
    if sticker.expires_on - today <= STICKER_SOON:
        words = _("Your sticker runs out on %(day)s; we will send a new one.")
        day = date_format(sticker.expires_on, "j F Y")
        return [Due(words % {"day": day}, page, is_news=True)]
    return []


def _page(name, sign_up):
    return reverse(name, args=[sign_up.pk])
