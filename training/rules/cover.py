"""Who covers a venue, and until when."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from training.models import Enrolment, Module
from venues.evidence import Proof, proofs
from venues.evidence_kinds import Stage
from venues.models import Requirement, SignUp
from venues.models.sign_ups import ENDED

EVIDENCE = "trained_people"


@dataclass(frozen=True)
class Cover:
    """How many trained people a venue needs for one module, and until when it has them."""

    module: Module
    at_least: int
    people: dict[int, datetime.date]  # staff member id -> covers until

    def until(self, without: int | None = None) -> datetime.date | None:
        """The last day with enough people; `without` leaves out one who may leave."""
        days = sorted(
            (day for person, day in self.people.items() if person != without), reverse=True
        )
        return days[self.at_least - 1] if len(days) >= self.at_least else None


def cover(sign_up: SignUp, module: Module, at: datetime.date) -> Cover:
    """Who covers the sign-up's venue: the same people as the evidence counts."""
    needed = (
        Requirement.objects.filter(
            principle__scheme=sign_up.scheme_id, evidence=EVIDENCE, subject=module.slug
        )
        .order_by("-at_least")
        .values_list("at_least", flat=True)
        .first()
    )
    rows = (
        Enrolment.objects.filter(module=module)
        .counting_for(scheme=sign_up.scheme_id, shares_people=sign_up.shares_people)
        .covering(sign_up.venue_id, sign_up.venue.organisation_id, at)
    )
    return Cover(module, needed or 1, {row["staff_member"]: row["until"] for row in rows})


def what_withdrawal_changes(enrolment: Enrolment, on: datetime.date) -> list[str]:
    """What withdrawing this completion costs each venue of the scheme, a sentence each.

    The change is made, the real rules are asked and the transaction is rolled back, so the preview
    cannot disagree with them.
    """
    sign_ups = list(
        SignUp.objects.filter(
            scheme=enrolment.scheme_id,
            venue__in=enrolment.staff_member.posts.current(on).values("venue"),
        )
        .exclude(state__in=ENDED)
        .select_related("venue", "scheme")
    )
    before = [_standing(sign_up, enrolment.module, on) for sign_up in sign_ups]
    listed = [
        sign_up.pk
        for sign_up, (_proof, is_listed) in zip(sign_ups, before, strict=True)
        if is_listed
    ]
    with transaction.atomic():
        # As the action does: a listed venue keeps its listing until its grace period is over.
        SignUp.objects.filter(pk__in=listed, listed_since__isnull=True).update(listed_since=on)
        Enrolment.objects.filter(pk=enrolment.pk).update(
            withdrawn_at=timezone.now(), withdrawn_by=enrolment.enrolled_by_id, withdrawn_reason="?"
        )
        after = [_standing(sign_up, enrolment.module, on) for sign_up in sign_ups]
        transaction.set_rollback(True)
    said = [
        _what_it_loses(sign_up, was, then, on)
        for sign_up, was, then in zip(sign_ups, before, after, strict=True)
    ]
    return said + _what_others_lose(enrolment, on)


def _what_others_lose(enrolment: Enrolment, on: datetime.date) -> list[str]:
    """Mention that another scheme counts the training, but not how the venue stands there."""
    asking = Requirement.objects.filter(evidence=EVIDENCE, subject=enrolment.module.slug)
    others = (
        SignUp.objects.sharing_people()
        .filter(
            venue__in=enrolment.staff_member.posts.current(on).values("venue"),
            scheme__in=asking.values("principle__scheme"),
        )
        .exclude(scheme=enrolment.scheme_id)
    )
    if not others.exists():
        return []
    return [_("Another scheme counts this training too, and it ends there as well.")]


def _standing(sign_up: SignUp, module: Module, on: datetime.date) -> tuple[Proof | None, bool]:
    """The proof by this module that ends first, if any, and whether the venue is listed."""
    asked = [
        proof
        for proof in proofs(sign_up, Stage.STANDING, on)
        if proof.requirement.evidence == EVIDENCE and proof.requirement.subject == module.slug
    ]
    listed = SignUp.objects.listed(on).filter(pk=sign_up.pk).exists()
    return min(asked, key=lambda proof: proof.held_until or on.min, default=None), listed


def _what_it_loses(
    sign_up: SignUp,
    was: tuple[Proof | None, bool],
    then: tuple[Proof | None, bool],
    on: datetime.date,
) -> str:
    (proof_was, _listed), (proof, listed) = was, then
    words = {"venue": str(sign_up.venue)}
    if proof is None or proof_was is None:
        return _("%(venue)s loses nothing: its scheme does not ask for this training.") % words
    if proof.held_until == proof_was.held_until:
        return _("%(venue)s has enough trained people without this person.") % words
    if proof.is_held and proof.held_until is not None:
        words["left"] = date_format(proof.held_until)
        return _("%(venue)s has enough trained people only until %(left)s.") % words
    said = _("%(venue)s has too few trained people from now on.") % words
    if not proof_was.is_held:
        return said
    if listed and proof.grace_until:
        more = _(
            "Its sticker counts and the public finds it until %(day)s, and after that only if "
            "somebody else is trained."
        ) % {"day": date_format(proof.grace_until)}
    else:
        more = _("It gets no sticker until somebody else is trained.")
    return f"{said} {more}"
