"""One queue of sign-ups, on the dashboard and as a filter of the list of sign-ups."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format

from venues.evidence_kinds import Part
from venues.models.sign_ups import SignUpQuerySet


@dataclass(frozen=True)
class SignUpQueue:
    """`find(sign_ups, now)` filters a queryset; `rule(sign_up, now)` names the rule that applies.

    `due(sign_up, now)` is the deadline, or None. `is_costly`: `find` works out proofs of every
    sign-up, so a list that counts and pages them should do it once (`find_once`); ordered by fields
    of the model only.
    """

    key: str
    title: str
    find: Callable
    rule: Callable
    due: Callable = lambda sign_up, now: None
    part: Part | None = None
    is_costly: bool = False

    def find_once(self, sign_ups: SignUpQuerySet, now: datetime.datetime) -> SignUpQuerySet:
        """The same rows in the same order as `find`, for a list that counts and pages them.

        A costly queue is worked out here, in a query of its own, and has none of the annotations.
        """
        found = self.find(sign_ups, now)
        if not self.is_costly:
            return found
        keys = list(found.order_by().values_list("pk", flat=True))
        return sign_ups.filter(pk__in=keys).order_by(*found.query.order_by)


def long_day(day: datetime.date) -> str:
    return date_format(day, "j F Y")
