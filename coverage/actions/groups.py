"""The groups that a scheme looks at first."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from common.deciding import lock
from coverage.models import PriorityGroup
from geography.models import PopulationBase
from venues.models import Event, Scheme


@transaction.atomic
def set_priority_groups(scheme: Scheme, *, bases: Collection[PopulationBase], by: User) -> Scheme:
    """Choose the scheme's priority groups; idempotent."""
    scheme = lock(scheme)
    wanted = {base.pk for base in bases}
    known = set(scheme.priority_groups.values_list("base", flat=True))
    if wanted == known:
        return scheme
    scheme.priority_groups.exclude(base__in=wanted).delete()
    PriorityGroup.objects.bulk_create(
        PriorityGroup(scheme=scheme, base_id=pk) for pk in sorted(wanted - known)
    )
    Event.objects.record("coverage.priority_groups_set", scheme=scheme, by=by, count=len(wanted))
    return scheme
