"""Define and queue tasks."""

import datetime
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_tasks import task as engine_task
from django_tasks.base import Task

LETTERS, WORK, IMPORTS = "letters", "work", "imports"
QUEUES = (LETTERS, WORK, IMPORTS)
LONGEST_ID = 64
"""Characters. Ids, slugs and names of duties fit; a letter or a file does not."""


class Gone(Exception):
    """The object of a task was deleted meanwhile. The task ends quietly."""


class TookTooLong(BaseException):
    """Raised inside a task that reaches its time limit.

    Not an `Exception`: a loop that logs one row's error and continues must not swallow it.
    """


class WorkerEnded(Exception):
    """Never raised: recorded for a task whose worker was killed each time it ran."""


@dataclass(frozen=True)
class Terms:
    """How a task runs: its tries and time limit; `words` names it on the page of failed work."""

    words: str | Promise
    tries: int
    limit: datetime.timedelta


ANY = Terms("", tries=3, limit=datetime.timedelta(minutes=10))
_terms: dict[str, Terms] = {}


def terms_of(path: str) -> Terms:
    """The terms of the task with this dotted path; defaults for a task that no longer exists."""
    if path not in _terms:
        # A worker has not imported any tasks when the first one arrives.
        with suppress(ImportError):
            import_string(path)
    return _terms.get(path, ANY)


def task(
    *,
    queue: str,
    words: str | Promise,
    tries: int = 8,
    limit: datetime.timedelta = datetime.timedelta(minutes=10),
) -> Callable[[Callable], Task]:
    """Make a module-level function a task. Its arguments must be ids, and it must be idempotent.

    An exception requeues it with a growing pause until `tries` are used up; `Refused` is final,
    because a retry would get the same answer.
    """

    def define(function: Callable) -> Task:
        @wraps(function)
        def ends_quietly_when_gone(*ids):
            try:
                return function(*ids)
            except Gone:
                return None

        made = engine_task(queue_name=queue)(ends_quietly_when_gone)
        _terms[made.module_path] = Terms(words, tries, limit)
        return made

    return define


def enqueue(task: Task, *ids: int | str, queue: str | None = None) -> None:
    """Queue `task` in the current transaction: rolled back with it, seen by workers after commit.

    Raises TypeError for anything but ids: an argument is stored in plain text for weeks, and may be
    out of date by the time the task runs.
    """
    for each in ids:
        if not isinstance(each, int | str) or len(str(each)) > LONGEST_ID:
            raise TypeError(f"A task takes ids, not {type(each).__name__}: {task.name}")
    task.using(queue_name=queue).enqueue(*ids)
