"""Where a scheme's requirements meet evidence. Ask here; never import the apps that prove it.

`SignUp.objects.with_standing(at)` answers the same for a queryset with the same
`RequirementQuerySet` expressions; tests assert that the two agree.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import FOREVER, EvidenceKind, Part, Stage, find_kind, register
from venues.hours.model import seconds_a_week
from venues.models import Answer, Criterion, OpeningHours, Requirement, SignUp, Sticker, Venue
from venues.models.sign_ups import SignUpQuerySet, proved_requirements_subquery

NEEDED_FOR = {
    Stage.SUBMISSION: [Stage.SUBMISSION],
    Stage.STICKER: [Stage.SUBMISSION, Stage.STICKER],
    Stage.STANDING: [Stage.SUBMISSION, Stage.STICKER, Stage.STANDING],
}
"""What a stage requires: whatever was needed to get there is needed to stay."""

LAPSING_DAYS = 30
LEFT_TO_DO = ("in_grace", "missing", "asked_for")


@dataclass(frozen=True)
class Proof:
    """The state of one requirement for one sign-up on one day.

    "awaited": a venue needs it before it can be listed at all, such as its first sticker.
    """

    requirement: Requirement
    state: str  # "held", "lapsing", "not_yet_due", "awaited", "in_grace", "missing" or "asked_for"
    held_until: datetime.date | None
    grace_until: datetime.date | None
    words: str
    url_name: str

    @property
    def is_held(self) -> bool:
        return self.state in ("held", "lapsing")


def proofs(sign_up: SignUp, stage: Stage, at: datetime.date) -> list[Proof]:
    """Every requirement that `stage` needs, in the order of the kinds, with its state."""
    requirements = (
        Requirement.objects.filter(
            principle__scheme=sign_up.scheme_id, needed_for__in=NEEDED_FOR[stage]
        )
        .select_related("principle__scheme")
        .asked_of(
            sign_up=Value(sign_up.pk),
            venue=Value(sign_up.venue_id),
            organisation=Value(sign_up.venue.organisation_id),
            shares_people=Value(sign_up.shares_people),
            approved_at=Value(sign_up.approved_at, DateTimeField()),
            owed_from=Value(sign_up.owed_from, DateTimeField()),
            # Reload: the caller's copy may predate the listing.
            listed_since=Subquery(SignUp.objects.filter(pk=sign_up.pk).values("listed_since")[:1]),
        )
        .proved(at)
    )
    found = [_proof(requirement, at) for requirement in requirements]
    return sorted(found, key=lambda proof: _order(proof.requirement))


def proofs_by_sign_up(
    sign_ups: Iterable[SignUp], stage: Stage, at: datetime.date
) -> dict[int, list[Proof]]:
    """Proofs per sign-up id, in a constant number of queries."""
    sign_ups = list(sign_ups)
    found = with_facts(SignUp.objects.filter(pk__in=[each.pk for each in sign_ups]), stage, at)
    schemes = {sign_up.scheme_id for sign_up in sign_ups}
    requirements = Requirement.objects.filter(principle__scheme__in=schemes)
    known = requirements.select_related("principle__scheme").in_bulk()
    # Computed once per requirement, not per sign-up: an organisation may have hundreds of places.
    words = {pk: requirement.words for pk, requirement in known.items()}
    order = {pk: _order(requirement) for pk, requirement in known.items()}
    return {
        key: [
            _proof(_as_asked(known[fact["pk"]], fact), at, words[fact["pk"]])
            for fact in sorted(facts, key=lambda fact: order[fact["pk"]])
        ]
        for key, facts in found.values_list("pk", "facts")
    }


def with_facts(sign_ups: SignUpQuerySet, stage: Stage, at: datetime.date) -> SignUpQuerySet:
    """Annotate `facts`, what `proofs_by_sign_up` reads: a JSON object for each requirement."""
    asked = proved_requirements_subquery(at).filter(needed_for__in=NEEDED_FOR[stage])
    facts = JSONObject(
        pk="pk",
        due="due",
        held_until="held_until",
        grace_until="grace_until",
        beyond_grace="beyond_grace",
        the_listed_since="the_listed_since",
    )
    return sign_ups.order_by().annotate(facts=ArraySubquery(asked.values(fact=facts)))


def _as_asked(requirement, fact):
    """A copy of the requirement for one sign-up, with the annotations of `proved()`."""
    # `copy` would go through pickling, which is slow hundreds of times per page.
    one = Requirement.__new__(Requirement)
    one.__dict__ = dict(requirement.__dict__)
    one.due, one.beyond_grace = fact["due"], fact["beyond_grace"]
    for name in ("held_until", "grace_until", "the_listed_since"):
        setattr(one, name, parse_date(fact[name]) if fact[name] else None)
    return one


def outstanding(sign_up: SignUp, stage: Stage, at: datetime.date) -> list[Proof]:
    """What is unmet for `stage` on `at`, in order and in words; empty if nothing is.

    This one list drives the portal's task list, disables the officer's button, refuses the action
    and explains the refusal.
    """
    if stage == Stage.STANDING:
        return [proof for proof in proofs(sign_up, stage, at) if proof.state in LEFT_TO_DO]
    return [
        proof
        for proof in proofs(sign_up, stage, at)
        if not proof.is_held and proof.requirement.due and _counts_for(stage, proof.requirement)
    ]


def _counts_for(stage, requirement):
    """As `that_hold_a_sticker_back`: what was required before the decision and unlists nobody was
    for the officer to decide.
    """
    decided = stage == Stage.STICKER and requirement.needed_for == Stage.SUBMISSION
    return requirement.does_unlist if decided else True


def _order(requirement):
    kind = find_kind(requirement.evidence)
    return (kind.order if kind else 1000, requirement.pk)


def _proof(requirement, at, words=None):
    kind = find_kind(requirement.evidence)
    until, grace = requirement.held_until, None
    if until is not None and until >= at:
        state = "lapsing" if (until - at).days <= LAPSING_DAYS else "held"
    elif not requirement.due:
        state = "not_yet_due"
    elif not requirement.does_unlist:
        state = "asked_for"  # missing, but without consequence: somebody follows up by telephone
    else:
        grace = requirement.grace_until
        never_there = until is None and requirement.the_listed_since is None
        if not requirement.beyond_grace:
            state = "not_yet_due" if never_there else "in_grace"
        elif kind and kind.gives_no_grace_on_approval and never_there:
            state = "awaited"
        else:
            state = "missing"
    return Proof(
        requirement=requirement,
        state=state,
        held_until=until,
        grace_until=grace,
        words=requirement.words if words is None else words,
        url_name=kind.url_name if kind else "",
    )


def _when(condition):
    """FOREVER if the condition holds, NULL otherwise."""
    return Case(When(condition, then=Value(FOREVER)), default=None, output_field=DateField())


register(
    EvidenceKind(
        key="opening_hours",
        order=10,
        words=_("The opening hours are filled in."),
        url_name="edit_hours",
        button=_("Write your opening hours"),
        held_until=lambda at: _when(
            Exists(OpeningHours.objects.current(at).filter(venue=OuterRef("the_venue")))
        ),
    )
)
register(
    EvidenceKind(
        key="open_hours_a_week",
        order=15,
        words=_("Open at least %(at_least)s hours in an ordinary week."),
        url_name="edit_hours",
        button=_("Correct your opening hours"),
        most=24 * 7,
        held_until=lambda at: _when(
            GreaterThanOrEqual(
                Coalesce(seconds_a_week(OuterRef("the_venue"), at), 0.0),
                F("at_least") * 3600.0,
            )
        ),
    )
)
register(
    EvidenceKind(
        key="online_presence",
        order=20,
        words=_("The place can be found online."),
        url_name="edit_contact",
        button=_("Write your website"),
        # A website is no measure of a safe place: a church hall may have none for months.
        may_follow_approval=True,
        held_until=lambda at: _when(
            Exists(Venue.objects.filter(pk=OuterRef("the_venue")).exclude(website=""))
        ),
    )
)
register(
    EvidenceKind(
        key="insurance_until",
        order=25,
        words=_("Insurance is in date, and the team knows until when."),
        url_name="edit_policies",
        button=_("Give the date of your insurance"),
        # The subject is the short name of a question that organisations answer with a date.
        held_until=lambda at: Subquery(
            Answer.objects.filter(
                criterion__slug=OuterRef("subject"),
                organisation=OuterRef("the_organisation"),
            ).values("day")[:1]
        ),
        subjects=lambda scheme: list(
            Criterion.objects.asked_by(scheme)
            .filter(about=Criterion.About.ORGANISATION, answer_kind=Criterion.Kind.DATE)
            .values_list("slug", "question")
        ),
    )
)
register(
    EvidenceKind(
        key="current_sticker",
        order=45,
        words=_("A window sticker is issued and has not run out."),
        url_name="portal_sticker",
        button=_("See the sticker"),
        held_until=lambda at: Subquery(
            Sticker.objects.live().filter(sign_up=OuterRef("the_sign_up")).values("expires_on")[:1]
        ),
        gives_no_grace_on_approval=True,
        only_for_standing=True,
        part=Part.STICKERS,
    )
)
register(
    EvidenceKind(
        key="sticker_displayed",
        order=50,
        only_for_standing=True,
        part=Part.STICKERS,
        words=_("The sticker is up in the window."),
        url_name="portal_sticker",
        button=_("See the sticker"),
        held_until=lambda at: Subquery(
            Sticker.objects.live()
            .filter(sign_up=OuterRef("the_sign_up"), displayed_at__isnull=False)
            .values("expires_on")[:1]
        ),
        # Due only after the scheme's days of grace from sending, for a renewal too:
        # nobody can put up a sticker that is still in the post.
        is_due=lambda at: Exists(
            Sticker.objects.live().filter(
                sign_up=OuterRef("the_sign_up"),
                sent_at__date__lt=ExpressionWrapper(
                    Value(at) - OuterRef("principle__scheme__grace_days"),
                    output_field=DateField(),
                ),
            )
        ),
    )
)
