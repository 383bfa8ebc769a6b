"""Scheduled work: recording coverage at each quarter's end."""

import datetime
from contextlib import suppress

from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.refusals import Refused
from common.tasks.each import each_by_itself
from coverage.actions import keep_snapshot
from coverage.models import Snapshot
from coverage.models.snapshots import last_day, quarter_before
from venues.models import Scheme


def keep_snapshots(at: datetime.datetime | None = None) -> int:
    """Record coverage of the last quarter for each scheme that was open then. Returns how many.

    A scheme without an area or population has nothing to record until both are imported.
    """
    now = at or timezone.now()
    year, quarter = quarter_before(timezone.localdate(now))
    there = Snapshot.objects.filter(scheme=OuterRef("pk"), year=year, quarter=quarter)
    waiting = Scheme.objects.filter(
        ~Exists(there), area__isnull=False, opened_at__date__lte=last_day(year, quarter)
    )

    def keep(scheme):
        with suppress(Refused):
            keep_snapshot(scheme, year, quarter, at=now)
            return 1
        return 0

    return sum(each_by_itself(waiting, keep))
