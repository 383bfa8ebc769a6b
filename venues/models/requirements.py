"""What a principle requires, and how a sign-up stands on it."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.compiled import compiled
from venues.evidence_kinds import (
    Part,
    Stage,
    evidence_choices,
    find_kind,
    held_until,
    is_due,
    kept_for_days,
    kinds_needed_to_be_listed,
    kinds_of_part,
    kinds_that_never_unlist,
)

from .grace import Lapse
from .parts import CADENCE_OF, Cadence

BOUND: dict[str, models.Field] = {
    "the_sign_up": models.BigIntegerField(),
    "the_venue": models.BigIntegerField(),
    "the_organisation": models.BigIntegerField(),
    "the_shares_people": models.BooleanField(),
    "approved_on": DateField(),
    "owed_on": DateField(),
    "the_listed_since": DateField(),
}
"""What `asked_of()` annotates."""


class RequirementQuerySet(models.QuerySet):
    def asked_of(
        self, *, sign_up, venue, organisation, shares_people, approved_at, owed_from, listed_since
    ):
        """Bind the requirements to a sign-up, whose proofs are then evaluated.

        The keyword arguments are expressions (`Value(3)`, or `OuterRef("pk")` in a subquery), so
        one rule serves a single sign-up and a queryset. Annotates `approved_on`, `owed_on` (from
        when returns and meetings count) and `the_listed_since`, each a date or NULL, and what
        evidence kinds need: the ids, and `the_shares_people` (bool), whether the scheme may count
        the place's people from other schemes.
        """
        whole = models.BigIntegerField()
        return self.of_parts_there_are().annotate(
            the_sign_up=ExpressionWrapper(sign_up, output_field=whole),
            the_venue=ExpressionWrapper(venue, output_field=whole),
            the_organisation=ExpressionWrapper(organisation, output_field=whole),
            the_shares_people=ExpressionWrapper(shares_people, output_field=models.BooleanField()),
            approved_on=TruncDate(
                ExpressionWrapper(approved_at, output_field=models.DateTimeField())
            ),
            owed_on=TruncDate(ExpressionWrapper(owed_from, output_field=models.DateTimeField())),
            the_listed_since=ExpressionWrapper(listed_since, output_field=DateField()),
        )

    def proved(self, at):
        """Annotate the state of each on the date `at`. Requires `asked_of()`.

        `held_until` (date or NULL), `due` (bool), `grace_until` (the last day of grace, as
        announced or as a letter would announce it; NULL if there is none) and `beyond_grace`
        (bool): missing, and the venue is unlisted because of it.
        """
        return self.annotate(
            held_until=_held_until(at),
            due=_is_due(at),
            grace_until=_grace_until(at),
            beyond_grace=_beyond_grace(at),
        )

    def unmet(self, at):
        """Those due and not held on `at`. Requires `asked_of()`."""
        return self.filter(_is_unmet(at))

    def of_parts_there_are(self):
        """Without requirements about meetings or returns in a scheme that has none."""
        rows = self
        for part, cadence in CADENCE_OF.items():
            never = Q(**{f"principle__scheme__{cadence}": Cadence.NONE})
            rows = rows.exclude(never, evidence__in=kinds_of_part(part))
        return rows

    def of_part(self, part: Part):
        """Those that give their scheme stickers, or training."""
        for_sticker = Q(needed_for=Stage.STICKER) if part == Part.STICKERS else Q(pk__in=[])
        return self.filter(for_sticker | Q(evidence__in=kinds_of_part(part)))

    def that_unlist(self):
        """Those that unlist a venue; the row's own setting overrides its kind's."""
        return self.filter(_unlists())

    def that_hold_a_sticker_back(self):
        """Those for the sticker, and those for submission that the scheme insists on: an officer
        may have approved without the others.
        """
        return self.filter(
            Q(needed_for=Stage.STICKER) | (Q(needed_for=Stage.SUBMISSION) & _unlists())
        )

    def with_grace_began(self, at):
        """Annotate `grace_began`, the day grace counts from. Requires `asked_of()`."""
        return self.annotate(grace_began=_grace_began(_held_until(at), at))

    def unmet_beyond_grace(self, at):
        """Those because of which the venue is unlisted. Requires `asked_of()`."""
        return self.that_unlist().filter(_beyond_grace(at))


def _unlists():
    as_usual = Q(unlists__isnull=True) & ~Q(evidence__in=kinds_that_never_unlist())
    return Q(unlists=True) | as_usual


def _written(expression, **more):
    """`expression` over requirements bound by `asked_of()`, with precompiled SQL."""
    return compiled(expression, Requirement.objects.all(), BOUND | more)


@kept_for_days
def _held_until(at):
    """By evidence or by the scheme's earlier records, whichever lasts longer."""
    return _written(Greatest(held_until(at), _earlier_record()))


@kept_for_days
def _is_due(at):
    return _written(is_due(at))


def _grace_began(held, at):
    """The day grace counts from: the lapse, the approval or the creation of the rule.

    `held` is until when the requirement was held, or NULL. What was missing at approval gets its
    grace from approval, unless the kind gives none. Once listed, a proof without an expiry date
    counts as lost on the day it is found missing.
    """
    not_listed_yet = Q(the_listed_since__isnull=True)
    no_grace = not_listed_yet & Q(evidence__in=kinds_needed_to_be_listed())
    day = DateField()
    return Greatest(
        Coalesce(
            held,
            Case(When(not_listed_yet, then=None), default=Value(at), output_field=day),
        ),
        Case(When(no_grace, then=None), default=F("approved_on"), output_field=day),
        Case(When(no_grace, then=None), default=F("asked_since"), output_field=day),
    )


@kept_for_days
def _grace_until(at):
    """The last day of grace; needs `held_until` annotated."""
    kept = (
        Lapse.objects.open(at)
        .filter(sign_up=OuterRef("the_sign_up"), requirement=OuterRef("pk"))
        .with_last_day(at)
        .values("last_day")[:1]
    )
    ends = ExpressionWrapper(
        _grace_began(F("held_until"), at) + F("principle__scheme__grace_days"),
        output_field=DateField(),
    )
    until = Coalesce(Subquery(kept), Least(ends, Value(datetime.date.max)))
    return _written(until, held_until=DateField())


@kept_for_days
def _beyond_grace(at):
    """Once listed, a venue is unlisted only by a lapse whose announced grace is over.

    A CASE, so that the database checks the few recorded lapses first and evaluates the proofs only
    where one is over.
    """
    over = Lapse.objects.over(at).filter(
        sign_up=OuterRef("the_sign_up"), requirement=OuterRef("pk")
    )
    not_listed_yet = Q(the_listed_since__isnull=True)
    days_ago = ExpressionWrapper(
        Value(at) - F("principle__scheme__grace_days"), output_field=DateField()
    )
    # Each proof appears once here, because this is part of every public search.
    limit = Case(When(not_listed_yet, then=days_ago), default=Value(at), output_field=DateField())
    first_grace_runs = (
        not_listed_yet
        & ~Q(evidence__in=kinds_needed_to_be_listed())
        & ~Q(_before(F("approved_on"), days_ago), _before(F("asked_since"), days_ago))
    )
    missing = Q(is_due(at), _before(held_until(at), limit), _before(_earlier_record(), limit))
    return _written(
        Case(
            When(~not_listed_yet & ~Exists(over), then=Value(False)),
            When(first_grace_runs, then=Value(False)),
            default=ExpressionWrapper(missing, output_field=models.BooleanField()),
            output_field=models.BooleanField(),
        )
    )


@kept_for_days
def _is_unmet(at):
    """Due and not held."""
    unmet = Q(is_due(at), _before(held_until(at), at), _before(_earlier_record(), at))
    return _written(ExpressionWrapper(unmet, output_field=models.BooleanField()))


def _earlier_record():
    """Until when a scheme's earlier records prove a requirement; NULL if they do not."""
    return Subquery(
        EvidenceRecord.objects.filter(
            sign_up=OuterRef("the_sign_up"),
            evidence=OuterRef("evidence"),
            subject=OuterRef("subject"),
        )
        .order_by("-valid_until")
        .values("valid_until")[:1]
    )


def _before(day, limit):
    """Whether a date is NULL or before `limit`."""
    limit = limit if hasattr(limit, "resolve_expression") else Value(limit)
    return LessThan(Coalesce(day, Value(datetime.date.min)), limit)


class Requirement(models.Model):
    """The evidence a principle needs, and for which stage."""

    principle = models.ForeignKey(
        "venues.Principle", on_delete=models.CASCADE, related_name="requirements"
    )
    evidence = models.CharField(_("proof"), max_length=40, choices=evidence_choices)
    needed_for = models.CharField(_("needed for"), max_length=12, choices=Stage)
    at_least = models.PositiveSmallIntegerField(_("at least"), default=1)
    of_last = models.PositiveSmallIntegerField(_("of the last"), null=True, blank=True)
    subject = models.CharField(
        _("subject"),
        max_length=60,
        blank=True,
        help_text=_("For training: which module."),
    )
    asked_since = models.DateField(
        _("asked since"),
        default=timezone.localdate,
        editable=False,
        help_text=_("When it was made, raised or given a new subject: grace counts from then."),
    )

    unlists = models.BooleanField(
        _("the public no longer finds a place without it once its grace has ended"),
        null=True,
        blank=True,
        choices=[(None, _("As usual for this proof")), (True, _("Yes")), (False, _("No"))],
        help_text=_("Usually yes. For meetings and returns usually no: we ring instead."),
    )

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["principle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["principle", "evidence", "needed_for", "subject"],
                name="requirement_said_once",
            ),
            models.CheckConstraint(name="requirement_at_least_one", condition=Q(at_least__gte=1)),
        ]

    def __str__(self):
        return f"{self.get_evidence_display()} ({self.get_needed_for_display()})"

    def clean(self):
        kind = find_kind(self.evidence)
        if kind and kind.most is not None and (self.at_least or 0) > kind.most:
            words = gettext("More than %(most)s is not possible.") % {"most": kind.most}
            raise ValidationError({"at_least": words})

    @property
    def words(self) -> str:
        """What is required, as one sentence for people."""
        kind = find_kind(self.evidence)
        if kind is None:
            return gettext("A proof called “%(key)s”, which this software does not know.") % {
                "key": self.evidence
            }
        return str(kind.words) % {"at_least": self.at_least, "of_last": self.of_last}

    @property
    def does_unlist(self) -> bool:
        """The same rule as RequirementQuerySet.that_unlist()."""
        if self.unlists is not None:
            return self.unlists
        return self.evidence not in kinds_that_never_unlist()


class EvidenceRecord(models.Model):
    """Proof from a scheme's earlier records: what, recorded by whom, and valid until when."""

    sign_up = models.ForeignKey("venues.SignUp", on_delete=models.PROTECT, related_name="records")
    evidence = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    valid_until = models.DateField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sign_up", "evidence"]

    def __str__(self):
        return f"{self.evidence} until {self.valid_until}"
