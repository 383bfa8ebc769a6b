"""What is done without anybody asking: coverage is kept at each quarter's end."""

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
    """Keep the coverage of the quarter that is over, for each scheme that was open then; how many.

    A scheme without an area or without people in it has nothing to keep, until both are imported.
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
