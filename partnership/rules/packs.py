"""Whose meeting pack wants making; no writes."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from partnership.models import QuarterFigures
from partnership.quarters import Quarter
from venues.models import Scheme

from .returns import last_ended


@dataclass(frozen=True)
class Wanted:
    """A scheme whose last quarter is over, with returns that no figures were made of yet."""

    scheme: Scheme
    quarter: Quarter
    returns: int


def packs_to_make(user: User, at: datetime.date) -> list[Wanted]:
    """Of the schemes in which this officer may make figures, on the date `at`."""
    quarter = last_ended(at)
    made = QuarterFigures.objects.filter(scheme=OuterRef("pk")).of(quarter)
    sent = Count(
        "sign_ups__usage_returns",
        filter=Q(
            sign_ups__usage_returns__year=quarter.year,
            sign_ups__usage_returns__number=quarter.number,
        ),
    )
    schemes = (
        Scheme.objects.filter(pk__in=Scheme.objects.for_officer(user))
        .exclude(Exists(made))
        .annotate(returns=sent)
        .filter(returns__gt=0)
    )
    return [
        Wanted(scheme, quarter, scheme.returns)
        for scheme in schemes
        if user.has_perm("partnership.make_figures", scheme)
    ]
