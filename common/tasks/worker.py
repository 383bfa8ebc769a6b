"""django-tasks' worker with what it lacks: retries, time limits, a heartbeat, patience."""

import logging
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error as DatabaseError
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as EngineWorker
from django_tasks_db.models import DBTaskResult

from common.tasks.define import TookTooLong, terms_of
from common.tasks.heart import STUCK_AFTER, Heart
from common.tasks.models import Beat
from common.tasks.retries import retry

logger = logging.getLogger(__name__)

LONGEST_WAIT = 15
"""Longest wait in seconds between two attempts to reach the database."""


class Worker(EngineWorker):
    """Runs the tasks of some queues until told to stop; then finishes the current one."""

    def __init__(self, queues: list[str], *, interval: float = 1, batch: bool = False):
        super().__init__(
            queue_names=queues,
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=new_name(),
            excluded_queue_names=[],
        )
        self.heart = Heart(self.worker_id)

    def run(self) -> None:
        self.heart.start()
        wait = 1
        while self.running:
            began = time.monotonic()
            try:
                super().run()
                break
            except (DatabaseError, TookTooLong) as error:
                logger.warning("The worker starts afresh: %s", str(error).strip() or "too slow")
                connection.close()
                # Its current task may stay marked as running. Under a new name the old worker falls
                # silent, and its task is requeued like that of any dead worker.
                self.worker_id = self.heart.worker = new_name()
                wait = 1 if time.monotonic() - began > 60 else min(wait * 2, LONGEST_WAIT)
                self._sleep(wait)
        self.heart.stop()
        Beat.objects.filter(worker=self.worker_id).delete()

    def run_task(self, row: DBTaskResult) -> None:
        limit = terms_of(row.task_path).limit.total_seconds()
        self.heart.deadline = time.monotonic() + limit + STUCK_AFTER
        try:
            with alarm_after(limit):
                super().run_task(row)
        finally:
            self.heart.deadline = None
        if row.status == TaskResultStatus.FAILED:
            retry(row)

    def _sleep(self, seconds):
        until = time.monotonic() + seconds
        while self.running and time.monotonic() < until:
            time.sleep(0.2)


def new_name() -> str:
    return uuid.uuid4().hex


@contextmanager
def alarm_after(seconds: float) -> Iterator[None]:
    """Raise TookTooLong inside after so many seconds. Only works in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*__):
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
