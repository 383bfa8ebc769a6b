"""Recording a quarter's coverage."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from coverage.models import Snapshot
from coverage.models.snapshots import last_day
from coverage.snapshots import figures_of
from venues.models import Event, Scheme


@transaction.atomic
def keep_snapshot(
    scheme: Scheme,
    year: int,
    quarter: int,
    *,
    at: datetime.datetime | None = None,
    by: User | None = None,
) -> Snapshot:
    """Store the coverage at the end of a past quarter, once; Refused if stored or not yet over."""
    now = at or timezone.now()
    scheme = lock(scheme)
    snapshot = Snapshot(scheme=scheme, year=year, quarter=quarter, kept_at=now)
    if last_day(year, quarter) >= timezone.localdate(now):
        raise Refused(_("%(quarter)s is not over yet.") % {"quarter": snapshot})
    if Snapshot.objects.filter(scheme=scheme, year=year, quarter=quarter).exists():
        raise Refused(_("The coverage of %(quarter)s is kept already.") % {"quarter": snapshot})
    snapshot.figures = figures_of(scheme, last_day(year, quarter))
    snapshot.save()
    Event.objects.record(
        "coverage.snapshot_kept", scheme=scheme, by=by, about=snapshot, quarter=str(snapshot)
    )
    return snapshot
