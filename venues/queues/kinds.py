"""One queue of sign-ups, on the dashboard and as a filter of the list of sign-ups."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format

from venues.evidence_kinds import Part


@dataclass(frozen=True)
class SignUpQueue:
    """`find(sign_ups, now)` filters a queryset; `rule(sign_up, now)` names the rule that applies.

    `due(sign_up, now)` is the deadline, or None.
    """

    key: str
    title: str
    find: Callable
    rule: Callable
    due: Callable = lambda sign_up, now: None
    part: Part | None = None


def long_day(day: datetime.date) -> str:
    return date_format(day, "j F Y")
