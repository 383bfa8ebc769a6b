"""What happens to a task that failed, or whose worker died."""

import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from common.refusals import Refused
from common.tasks.define import WorkerEnded, terms_of

FIRST_PAUSE = datetime.timedelta(seconds=30)
LONGEST_PAUSE = datetime.timedelta(hours=1)
REFUSED = f"{Refused.__module__}.{Refused.__qualname__}"


def path_of(error: type) -> str:
    return f"{error.__module__}.{error.__qualname__}"


def pause_after(attempts: int) -> datetime.timedelta:
    """How long a task waits after this many attempts: half a minute, doubled each time."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


def is_final(row: DBTaskResult) -> bool:
    """Whether a failed task is left for a person: Refused, or out of tries."""
    return (
        row.exception_class_path == REFUSED or len(row.worker_ids) >= terms_of(row.task_path).tries
    )


def retry(row: DBTaskResult) -> bool:
    """Requeue a failed task with a pause, unless it is final. Returns whether it was requeued."""
    if is_final(row):
        return False
    return _put_back(row, TaskResultStatus.FAILED, pause_after(len(row.worker_ids)))


def retry_failed() -> int:
    """Requeue failed tasks with tries left, whose worker died between failing and retrying."""
    return sum(retry(row) for row in DBTaskResult.objects.failed())


def put_back(row: DBTaskResult) -> bool:
    """Take a task from a dead worker: requeue it, or park it if it is out of tries."""
    if len(row.worker_ids) >= terms_of(row.task_path).tries:
        return _unchanged(row, TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.FAILED,
            finished_at=timezone.now(),
            exception_class_path=path_of(WorkerEnded),
            traceback="",
        )
    pause = pause_after(len(row.worker_ids) - 1) if len(row.worker_ids) > 1 else None
    return _put_back(row, TaskResultStatus.RUNNING, pause)


def parked() -> QuerySet[DBTaskResult]:
    """Tasks that failed for good, newest first."""
    return DBTaskResult.objects.failed().order_by("-finished_at", "-pk")


def try_again(row: DBTaskResult) -> bool:
    """Give a parked task all its tries again; False if somebody else already has."""
    return bool(
        _unchanged(row, TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=[]
        )
    )


def _put_back(row, status, pause):
    run_after = timezone.now() + pause if pause else get_date_max()
    return bool(_unchanged(row, status).update(status=TaskResultStatus.READY, run_after=run_after))


def _unchanged(row, status):
    """Compare and set: does nothing if another worker was quicker."""
    return DBTaskResult.objects.filter(pk=row.pk, status=status, worker_ids=row.worker_ids)
