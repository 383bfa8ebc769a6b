"""Why a task failed, in words for whoever looks after the installation."""

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from common.tasks.define import TookTooLong, WorkerEnded, terms_of
from common.tasks.retries import REFUSED, path_of

LONGEST = 200
"""Characters shown of a program's own message."""
DATABASE_AWAY = {path_of(OperationalError), path_of(InterfaceError)}


def words_of(row: DBTaskResult) -> str:
    """What the task is about: "Hourly duty: warn of lapses"."""
    words = str(terms_of(row.task_path).words) or row.task_path.rpartition(".")[2]
    about = ", ".join(str(each).replace("_", " ") for each in row.args_kwargs["args"])
    return f"{words}: {about}" if about else words


def reason_of(row: DBTaskResult) -> str:
    """Why it last failed, as a sentence; empty if it has not."""
    path = row.exception_class_path
    if not path:
        return ""
    said = _message(row)
    if path == REFUSED:
        return said
    if path == path_of(TookTooLong):
        minutes = terms_of(row.task_path).limit.total_seconds() // 60
        return _("It took longer than the %(minutes)d minutes it may take.") % {"minutes": minutes}
    if path == path_of(WorkerEnded):
        return _(
            "The program that did it was ended each time (%(tries)s times): perhaps there is too "
            "little memory."
        ) % {"tries": len(row.worker_ids)}
    if path in DATABASE_AWAY:
        return _("The database did not answer: %(said)s") % {"said": said}
    name = path.removeprefix("builtins.").rpartition(".")[2]
    return _("An error in the program: %(name)s: %(said)s") % {"name": name, "said": said}


def latest_about(task: Task, *ids: int | str) -> DBTaskResult | None:
    """The newest run of `task` with these ids, whatever its outcome."""
    return (
        DBTaskResult.objects.filter(task_path=task.module_path, args_kwargs__args=list(ids))
        .order_by("-enqueued_at")
        .first()
    )


def is_parked(row: DBTaskResult) -> bool:
    return row.status == TaskResultStatus.FAILED


def _message(row):
    """The first line of the exception's message. What PostgreSQL adds below it (DETAIL) quotes the
    values of a row, which may be somebody's name."""
    names = (row.exception_class_path, row.exception_class_path.rpartition(".")[2])
    for line in reversed(row.traceback.splitlines()):
        name, _colon, said = line.partition(": ")
        if name in names:
            return said[:LONGEST]
    return ""
