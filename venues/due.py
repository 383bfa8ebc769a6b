"""What is due at a place, by when, and what is at risk until it is done.

Used by the home page, the monthly letter and the table of places. Each item links to the page where
it is done.
"""

import datetime
import enum
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from venues.evidence import LEFT_TO_DO, Proof
from venues.evidence_kinds import FOREVER, find_kind
from venues.hours.model import is_stale
from venues.insurance import ends_in_words
from venues.models import SignUp
from venues.rules import agreements_to_renew

SOON = datetime.timedelta(days=14)
"""Hours that will become unconfirmed within this many days are already asked about; a proof that
expires within them comes before what is merely owed.
"""
A_DAY = datetime.timedelta(days=1)
STICKER_SOON = datetime.timedelta(days=30)


class Danger(enum.IntEnum):
    """What is lost if an item is left undone, worst first."""

    HIDDEN = 0
    """People cannot find the place."""
    ENDING = 1
    """People will soon be unable to find it."""
    DOUBTED = 2
    """What people read about it is in doubt."""
    OWED = 3
    """Somebody is waiting for it, or it expires in a while."""
    WISHED = 4
    """Nothing is lost."""


@dataclass(frozen=True)
class Due:
    """One thing to do at one place; `by` is the deadline, or None.

    `is_news`: nothing to do here, such as a sticker that the team renews. `press` is a URL that
    does it with one POST; without one, `url` is the page where it is done. `button` is that
    button's label, `why` what happens otherwise, `title` a one-line name. `evidence` is the key of
    the evidence kind it is about.
    """

    words: str
    url: str = ""
    by: datetime.date | None = None
    is_news: bool = False
    danger: Danger = Danger.OWED
    button: str = ""
    press: str = ""
    why: str = ""
    title: str = ""
    evidence: str = ""

    @property
    def link(self) -> str:
        """The absolute URL, for a letter."""
        return settings.SITE_URL + self.url

    @property
    def sentence(self) -> str:
        if self.by is None:
            return self.words
        return _("%(what)s Please do it by %(day)s.") % {
            "what": self.words,
            "day": date_format(self.by, "j F Y"),
        }

    @property
    def urgency(self) -> tuple:
        """Sort key: the worst danger first, then the earliest deadline."""
        return (self.danger, self.by or datetime.date.max)


def due_at(sign_up: SignUp, proofs: list[Proof], now: datetime.datetime) -> list[Due]:
    """Everything due at a member's place, most urgent first.

    `proofs` are the sign-up's for standing. Makes no query if agreements, stickers and the scheme's
    principles are prefetched and its parts known (`Scheme.know_parts`).
    """
    today = timezone.localdate(now)
    found = [*_principles(sign_up), *_sticker(sign_up, today), *_hours(sign_up, now)]
    found += [
        due_for(proof, sign_up, today)
        for proof in proofs
        if proof.state == "lapsing" or proof.state in LEFT_TO_DO
    ]
    return sorted(found, key=lambda due: due.urgency)


def due_for(proof: Proof, sign_up: SignUp, today: datetime.date) -> Due:
    """What to do about a proof that is missing or about to lapse."""
    until = proof.held_until if proof.is_held else proof.grace_until
    by = None if until == FOREVER else until
    kind = find_kind(proof.requirement.evidence)
    return Due(
        proof.words,
        link_of(proof, sign_up),
        by,
        danger=_danger(proof, by, today),
        button=str(kind.button) if kind and kind.button else _("See what is missing"),
        why=_why(proof, by, today),
        evidence=proof.requirement.evidence,
    )


def _danger(proof, by, today):
    if proof.state == "in_grace" or (proof.is_held and by and by - today <= SOON):
        return Danger.ENDING if proof.requirement.does_unlist else Danger.OWED
    if proof.is_held or proof.state == "asked_for":
        return Danger.OWED
    return Danger.HIDDEN


def _why(proof, by, today):
    if proof.state == "asked_for":
        return ""
    day = date_format(by, "j F Y") if by else ""
    if proof.is_held and by and by - today <= A_DAY:
        return _("That ends %(when)s.") % {"when": ends_in_words(by, today)}
    if proof.is_held:
        return _("That holds until %(day)s.") % {"day": day}
    if proof.state == "in_grace" and day:
        return _("Otherwise people cannot find you after %(day)s.") % {"day": day}
    return _("People cannot find you without it.")


def link_of(proof: Proof, sign_up: SignUp) -> str:
    """The page where it can be put right."""
    return reverse(proof.url_name or "portal_home", args=[sign_up.pk])


def _principles(sign_up):
    if not agreements_to_renew(sign_up):
        return []
    return [
        Due(
            _("A core principle has changed. Please read it and answer again."),
            _page("edit_principles", sign_up),
            danger=Danger.DOUBTED,
            button=_("Read what changed"),
            title=_("A core principle has changed"),
        )
    ]


def _sticker(sign_up, today):
    sticker = next((each for each in sign_up.stickers.all() if each.ended_at is None), None)
    if sticker is None or not sign_up.scheme.has_stickers:
        return []
    page = _page("portal_sticker", sign_up)
    if sticker.is_current(today) and not sticker.displayed_at:
        if not sticker.sent_at:
            return [Due(_("The team will send you your sticker."), page, is_news=True)]
        return [
            Due(
                _("Put the sticker up where people can see it from the street, then tell us."),
                page,
                danger=Danger.DOUBTED,
                button=_("The sticker is up"),
                press=_page("mark_sticker_displayed", sign_up),
                title=_("Put the sticker up"),
                evidence="sticker_displayed",
            )
        ]
    if sticker.expires_on - today <= STICKER_SOON:
        words = _("Your sticker runs out on %(day)s; we will send a new one.")
        day = date_format(sticker.expires_on, "j F Y")
        return [Due(words % {"day": day}, page, is_news=True)]
    return []


def _hours(sign_up, now):
    venue = sign_up.venue
    if not is_stale(venue, now + SOON):
        return []
    is_late = is_stale(venue, now)
    return [
        Due(
            _("Are your opening hours still right? It takes one click to say so."),
            _page("edit_hours", sign_up),
            None if is_late else _hours_hold_until(venue),
            danger=Danger.DOUBTED if is_late else Danger.OWED,
            button=_("Yes, the hours are right"),
            press=_page("confirm_hours", sign_up),
            why=_("Without it people see “hours not confirmed” and may not come."),
            title=_("Confirm your opening hours"),
        )
    ]


def _hours_hold_until(venue):
    days = datetime.timedelta(days=venue.lead_scheme.hours_valid_days)
    return timezone.localdate(venue.hours_confirmed_at + days)


def _page(name, sign_up):
    return reverse(name, args=[sign_up.pk])
