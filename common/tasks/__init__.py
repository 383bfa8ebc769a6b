"""Work outside the request: tasks, their retries, the workers' heartbeat, the timer, the outbox.

django-tasks is the engine and PostgreSQL its queue (docs/decisions/work-outside-requests.md). An
app defines a task with `task`; an action enqueues it with `enqueue` in the transaction that causes
it; and a task whose worker dies is requeued. So a task must be idempotent: if run again, it
continues where it was.
"""

from .define import IMPORTS, LETTERS, QUEUES, WORK, Gone, TookTooLong, WorkerEnded, enqueue, task

__all__ = [
    "IMPORTS",
    "LETTERS",
    "QUEUES",
    "WORK",
    "Gone",
    "TookTooLong",
    "WorkerEnded",
    "enqueue",
    "task",
]
