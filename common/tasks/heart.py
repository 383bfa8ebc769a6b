"""A worker's heartbeat, and its monitoring of other workers."""

import logging
import os
import socket
import threading
import time

from django.db import close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from common.tasks.models import Beat
from common.tasks.retries import put_back, retry_failed

logger = logging.getLogger(__name__)

EVERY = 3
"""Seconds between two beats."""
SILENT_FOR = 20
"""Seconds without a beat after which a worker counts as dead."""
STUCK_AFTER = 60
"""Seconds that a task may exceed its limit before its worker is ended from outside."""


class Watch:
    """Tracks how long each worker has been silent, by this process's monotonic clock.

    It never compares wall clocks, its own or another host's. After a database outage it starts
    afresh, since nobody could beat meanwhile.
    """

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self._seen: dict[str, tuple[int | None, float]] = {}

    def is_dead(self, worker: str, count: int | None) -> bool:
        """Whether `worker`, whose count is now this (None: it has no row), has stopped beating."""
        before, since = self._seen.get(worker, (None, None))
        if since is None or count != before:
            self._seen[worker] = (count, self.clock())
            return False
        return self.clock() - since >= SILENT_FOR

    def forget(self) -> None:
        self._seen.clear()


class Heart(threading.Thread):
    """Beats in a thread beside the task, on its own database connection."""

    def __init__(self, worker: str):
        super().__init__(name="heart", daemon=True)
        self.worker = worker
        self.watch = Watch()
        self.deadline: float | None = None
        self._stopped = threading.Event()

    def run(self):
        while True:
            try:
                close_old_connections()
                self.beat()
                put_back_tasks_of_dead_workers(self.watch)
                retry_failed()
            except Exception as error:
                logger.warning("No heartbeat: %s", error)
                self.watch.forget()
                connection.close()
            if self._stopped.wait(EVERY):
                break
            if self.deadline is not None and time.monotonic() > self.deadline:
                logger.critical("A task is stuck beyond its time limit: the worker ends itself.")
                os._exit(70)
        connection.close()

    def beat(self) -> None:
        alive = Beat.objects.filter(worker=self.worker)
        if not alive.update(count=F("count") + 1, at=timezone.now()):
            Beat.objects.create(worker=self.worker, host=socket.gethostname())

    def stop(self) -> None:
        self._stopped.set()
        self.join(timeout=10)


def put_back_tasks_of_dead_workers(watch: Watch) -> int:
    """Requeue tasks marked as running whose worker is dead; returns how many."""
    running = list(DBTaskResult.objects.running())
    if not running:
        return 0
    counts = dict(Beat.objects.values_list("worker", "count"))
    dead = [
        row for row in running if watch.is_dead(row.worker_ids[-1], counts.get(row.worker_ids[-1]))
    ]
    for row in dead:
        logger.warning("The worker of the task %s is gone: it is put back.", row.task_path)
    return sum(bool(put_back(row)) for row in dead)
