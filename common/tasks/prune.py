"""Deleting finished tasks of every queue."""

import datetime

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from common.tasks.models import Beat, Tick

DONE_KEPT = datetime.timedelta(days=3)
PARKED_KEPT = datetime.timedelta(days=60)
TICKS_KEPT = datetime.timedelta(days=40)
BEATS_KEPT = datetime.timedelta(days=1)


def prune_tasks(at: datetime.datetime | None = None) -> int:
    """Delete tasks done three days ago and parked ones after sixty, of all queues. Returns how
    many.

    A parked task is also deleted once the same task has succeeded since: an hourly duty that failed
    at night and works in the morning needs no attention.
    """
    now = at or timezone.now()
    Tick.objects.filter(at__lt=now - TICKS_KEPT).delete()
    Beat.objects.filter(at__lt=now - BEATS_KEPT).delete()
    done = DBTaskResult.objects.successful()
    since = {
        (path, str(arguments)): finished
        for path, arguments, finished in done.order_by("finished_at").values_list(
            "task_path", "args_kwargs", "finished_at"
        )
    }
    overtaken = [
        row.pk
        for row in DBTaskResult.objects.failed()
        if (last := since.get((row.task_path, str(row.args_kwargs)))) and last > row.finished_at
    ]
    finished = [
        DBTaskResult.objects.filter(pk__in=overtaken),
        done.filter(finished_at__lt=now - DONE_KEPT),
        DBTaskResult.objects.filter(
            status=TaskResultStatus.FAILED, finished_at__lt=now - PARKED_KEPT
        ),
    ]
    return sum(rows.delete()[0] for rows in finished)
