"""One queue of sign-ups, on the dashboard and as a filter of the list of sign-ups."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.formats import date_format

from venues.evidence_kinds import Part
from venues.kept import can_use_proofs
from venues.models import KeptProof
from venues.models.sign_ups import SignUpQuerySet


@dataclass(frozen=True)
class SignUpQueue:
    """`find(sign_ups, now)` filters a queryset; `rule(sign_up, now)` names the rule that applies.

    `due(sign_up, now)` is the deadline, or None. `is_costly`: `find` works out proofs of every
    sign-up, so a list that counts and pages them should do it once (`find_once`); ordered by fields
    of the model only. `kept_as`: the state of the kept proofs that put a sign-up into this queue;
    while they can be used they are read instead (`find_fast`), in the same order and words.
    """

    key: str
    title: str
    find: Callable
    rule: Callable
    due: Callable = lambda sign_up, now: None
    part: Part | None = None
    is_costly: bool = False
    kept_as: str = ""

    def find_fast(self, sign_ups: SignUpQuerySet, now: datetime.datetime) -> SignUpQuerySet:
        """The same rows as `find`, from kept proofs where those can be used."""
        if self.kept_as and can_use_proofs(now):
            return self._find_kept(sign_ups)
        return self.find(sign_ups, now)

    def find_once(self, sign_ups: SignUpQuerySet, now: datetime.datetime) -> SignUpQuerySet:
        """The same rows in the same order as `find`, for a list that counts and pages them.

        A costly queue is worked out here, in a query of its own, and has none of the annotations.
        """
        if self.kept_as and can_use_proofs(now):
            return self._find_kept(sign_ups)
        found = self.find(sign_ups, now)
        if not self.is_costly:
            return found
        keys = list(found.order_by().values_list("pk", flat=True))
        return sign_ups.filter(pk__in=keys).order_by(*found.query.order_by)

    def _find_kept(self, sign_ups):
        kept = KeptProof.objects.filter(sign_up=OuterRef("pk"), state=self.kept_as)
        kept = kept.order_by("requirement__principle", "requirement")  # as `find` has them
        return with_reasons(sign_ups, kept, asked="requirement__")


def with_reasons(sign_ups: SignUpQuerySet, found: QuerySet, asked: str = "") -> SignUpQuerySet:
    """Approved ones with a row in the subquery `found`, by name, with these rows as `reasons`.

    `asked`: the path from a row to its requirement. Each reason is a dict of `evidence`,
    `at_least`, `of_last`, `held_until` and `grace_until`; the dates are text or None.
    """
    facts = JSONObject(
        evidence=f"{asked}evidence",
        at_least=f"{asked}at_least",
        of_last=f"{asked}of_last",
        held_until="held_until",
        grace_until="grace_until",
    )
    return (
        sign_ups.approved()
        .filter(Exists(found))
        .annotate(reasons=ArraySubquery(found.values(facts=facts)))
        .order_by("venue__name", "pk")
    )


def long_day(day: datetime.date) -> str:
    return date_format(day, "j F Y")
