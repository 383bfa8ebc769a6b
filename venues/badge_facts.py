"""What the public may know, from evidence, about a place in each scheme that shows its badge.

Until when it is a member and how many people are trained. Never who they are.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.evidence import Proof, proofs_by_sign_up
from venues.evidence_kinds import FOREVER, Part, Stage, find_kind, short_by
from venues.models import Scheme, SignUp
from venues.models.sign_ups import requirements_subquery


@dataclass(frozen=True)
class BadgeFacts:
    """One scheme's badge on a place's page, on one day."""

    scheme: Scheme
    is_hidden: bool
    """The place does not show this badge: its facts may be shown, but not the scheme's name."""
    member_until: datetime.date | None
    """The first day on which a dated proof other than training expires; None without any."""
    is_renewing: bool
    """Something expired, and the place stays listed while it is renewed."""
    asks_for_training: bool
    trained: int
    trained_until: datetime.date | None
    """Until when at least as many people as the scheme requires are trained; None if they
    are not.
    """

    @property
    def member_words(self) -> str:
        if self.is_renewing:
            return _("Member, and renewing what ran out.")
        if self.member_until:
            return _("Member until %(day)s.") % {"day": _day(self.member_until)}
        return _("Member.")

    @property
    def training_words(self) -> str:
        """Empty for a scheme that requires no training."""
        if not self.asks_for_training:
            return ""
        if self.trained_until is None:
            return _("No trained person recorded: the training ran out and is being renewed.")
        day = {"day": _day(self.trained_until), "count": self.trained}
        if not self.trained:  # by the scheme's earlier records, which name nobody
            return _("People here are trained until %(day)s.") % day
        words = ngettext(
            "%(count)s person trained; the training lasts until %(day)s.",
            "%(count)s people trained; the training lasts until %(day)s.",
            self.trained,
        )
        return words % day


def badge_facts(sign_ups: Iterable[SignUp], at: datetime.date) -> list[BadgeFacts]:
    """The facts of each sign-up, sorted by the scheme's name; in three queries for any number.

    Needs `scheme` selected. The caller must leave out badges that are hidden.
    """
    sign_ups = sorted(sign_ups, key=lambda each: (each.scheme.name, each.scheme_id))
    if not sign_ups:
        return []
    found = proofs_by_sign_up(sign_ups, Stage.STANDING, at)
    trained = _trained(sign_ups, at)
    return [_facts(each, found[each.pk], trained.get(each.pk, 0), at) for each in sign_ups]


def training_words(facts: Iterable[BadgeFacts]) -> str:
    """About the place as a whole: the words of the scheme whose training lasts longest.

    Empty if none of its schemes has training.
    """
    facts = list(facts)
    asked = [each for each in facts if each.asks_for_training]
    if not asked:
        has_training = any(each.scheme.offers_training for each in facts)
        return _("No trained person recorded.") if has_training else ""
    return max(asked, key=lambda each: each.trained_until or datetime.date.min).training_words


def _facts(sign_up: SignUp, proofs: list[Proof], trained: int, at: datetime.date) -> BadgeFacts:
    training = [each for each in proofs if is_about_training(each)]
    others = [each for each in proofs if each.requirement.does_unlist and each not in training]
    ends = [each.held_until for each in others if each.held_until not in (None, FOREVER)]
    lasts = [each.held_until for each in training if each.held_until is not None]
    is_trained = bool(training) and all(each.is_held for each in training)
    return BadgeFacts(
        scheme=sign_up.scheme,
        is_hidden=sign_up.hides_badge,
        member_until=min((end for end in ends if end >= at), default=None),
        is_renewing=any(each.state == "in_grace" for each in others),
        asks_for_training=bool(training),
        trained=trained,
        trained_until=min(lasts) if is_trained else None,
    )


def is_about_training(proof: Proof) -> bool:
    kind = find_kind(proof.requirement.evidence)
    return kind is not None and kind.part == Part.TRAINING


def _trained(sign_ups: list[SignUp], at: datetime.date) -> dict[int, int]:
    """How many people are trained, per sign-up id; the fewest if several modules are required."""
    asked = (
        requirements_subquery().of_part(Part.TRAINING).annotate(people=F("at_least") - short_by(at))
    )
    counted = (
        SignUp.objects.filter(pk__in=[each.pk for each in sign_ups])
        .order_by()
        .annotate(people=ArraySubquery(asked.filter(people__isnull=False).values("people")))
    )
    return {pk: min(people, default=0) for pk, people in counted.values_list("pk", "people")}


def _day(day: datetime.date) -> str:
    return date_format(day, "j F Y")
