"""Which listed venues a rule change would unlist, and when: shown before it is saved."""

import datetime
from dataclasses import dataclass

from django.db.models import Subquery

from venues.models import Scheme, SignUp
from venues.models.sign_ups import unmet_requirements_subquery

Days = dict[int, datetime.date]
"""Sign-up -> the last day on which it is listed if nothing changes."""


@dataclass(frozen=True)
class Leaving:
    """Venues that would be unlisted on one day."""

    day: datetime.date  # the first day on which the public no longer finds them
    venues: list[str]


def last_days(scheme: Scheme, at: datetime.date) -> Days:
    """Those listed on `at` with something missing, and the last day of their grace."""
    unmet = unmet_requirements_subquery(at).that_unlist().proved(at).order_by("grace_until")
    rows = (
        SignUp.objects.listed(at)
        .filter(scheme=scheme)
        .annotate(last_day=Subquery(unmet.values("grace_until")[:1]))
        .filter(last_day__isnull=False)
    )
    return dict(rows.values_list("pk", "last_day"))


def effects(before: Days, after: Days) -> list[Leaving]:
    """Venues that leave because of the change: only with it, or earlier than without it."""
    never = datetime.date.max
    earlier = {pk: day for pk, day in after.items() if day < before.get(pk, never)}
    names = dict(SignUp.objects.filter(pk__in=earlier).values_list("pk", "venue__name"))
    one_day = datetime.timedelta(days=1)
    return [
        Leaving(day + one_day, sorted(names[pk] for pk, last in earlier.items() if last == day))
        for day in sorted(set(earlier.values()))
    ]
