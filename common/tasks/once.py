"""Things that must happen once, however many hosts and workers there are."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from common.tasks.define import enqueue
from common.tasks.models import Tick

UNFINISHED = [TaskResultStatus.READY, TaskResultStatus.RUNNING]


@transaction.atomic
def enqueue_once(slot: str, task: Task, name: str, *, queue: str | None = None) -> bool:
    """Enqueue `task` for `name` unless this time slot is taken; returns whether we did.

    Nothing is enqueued while the previous run still waits: after a day without workers there is one
    task of each name, not twenty-four.
    """
    __, first = Tick.objects.get_or_create(name=name, slot=slot)
    if not first or _unfinished(task, name):
        return False
    enqueue(task, name, queue=queue)
    return True


def _unfinished(task: Task, name: str) -> bool:
    return DBTaskResult.objects.filter(
        task_path=task.module_path, args_kwargs__args=[name], status__in=UNFINISHED
    ).exists()


def lock_number(name: str) -> int:
    """The number that identifies `name` for PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Yield whether we hold the lock for this name, across hosts.

    The advisory lock belongs to a transaction on its own connection, so the work inside may commit
    freely, and transaction-mode poolers work. PostgreSQL releases it when this process dies.
    """
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(name)])
            mine = cursor.fetchone()[0]
        yield mine
    finally:
        if own.connection is not None and not own.connection.closed:
            own.rollback()  # releases the lock before anybody asks again; closing alone may lag
        own.close()
