"""Which meeting packs still have to be made; read-only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from partnership.models import PeriodFigures, UsageReturn
from partnership.periods import Period
from venues.models import Scheme

from .periods import last_ended


@dataclass(frozen=True)
class Wanted:
    """A scheme whose last period has ended, with returns but no figures yet."""

    scheme: Scheme
    period: Period
    returns: int


def packs_to_make(user: User, at: datetime.date) -> list[Wanted]:
    """Packs due on `at` in the schemes where this officer may make figures."""
    schemes = list(Scheme.objects.for_officer(user))
    ended = {scheme.pk: last_ended(scheme, at) for scheme in schemes}
    last = {pk: period for pk, period in ended.items() if period is not None}
    periods = set(last.values())
    figures = PeriodFigures.objects.of(*periods).filter(scheme__in=schemes)
    made = {(each.scheme_id, each.period) for each in figures}
    found = (
        UsageReturn.objects.of(*periods)
        .filter(sign_up__scheme__in=schemes)
        .order_by()
        .values_list("sign_up__scheme", "length", "year", "number")
        .annotate(Count("pk"))
    )
    sent = {(scheme, Period(*period)): number for scheme, *period, number in found}
    return [
        Wanted(scheme, period, returns)
        for scheme in schemes
        for period in [last.get(scheme.pk)]
        if period is not None
        for returns in [sent.get((scheme.pk, period), 0)]
        if returns
        and (scheme.pk, period) not in made
        and user.has_perm("partnership.make_figures", scheme)
    ]
