"""State transitions of stored runs (imports, print runs): begin, stop, end and progress."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from common.deciding import lock, move
from common.progress import heard_by
from common.refusals import Refused
from common.tasks import Gone
from common.tasks.once import only_one
from venues.models.runs import Run

TELL_EVERY = 0.5
"""Seconds between two progress reports."""
REFUSED, STOPPED = "refused", "stopped"


class AnotherIsAtIt(Exception):
    """A worker presumed dead is still alive. This one retries later."""


class StopAsked(Exception):
    """Somebody pressed "Stop it"."""


R = TypeVar("R", bound=Run)


@dataclass(frozen=True)
class Course(Generic[R]):
    """The state machine of one kind of run.

    `begins`: the state a waiting run moves to. `at_end(run)` returns the field changes made
    whenever a run ends, and may delete what it needed; `at_refusal(refusal)` returns the changes to
    save beside the reasons.
    """

    model: type[R]
    begins: Mapping[str, str]
    at_end: Callable[[R], dict[str, object]]
    at_refusal: Callable[[Refused], dict[str, object]] = lambda refusal: {}

    def work_on(self, pk: int, do: Callable[[R], None]) -> None:
        """Begin the run and `do` it, or resume after a killed worker; does nothing if it has ended.

        For a task's body. Raises AnotherIsAtIt if another worker has it, and Gone if it was
        deleted.
        """
        with self.only_one(pk) as mine:
            if not mine:
                raise AnotherIsAtIt
            run = self._begin(pk)
            if run is None:
                return
            try:
                with heard_by(Teller(self.model, pk)):
                    do(run)
            except StopAsked:
                self.end(run, STOPPED)
            except Refused as refusal:
                reasons = [str(reason) for reason in refusal.reasons]
                self.end(run, REFUSED, said=reasons, **self.at_refusal(refusal))

    def stop(self, run: R) -> R:
        """End a locked run, or ask the worker that is on it to stop. Nothing is kept."""
        if run.state in self.begins.values():
            with self.only_one(run.pk) as mine:
                if not mine:
                    run.stop_asked_at = timezone.now()
                    run.save(update_fields=["stop_asked_at"])
                    return run
        # No worker is on it: it is waiting, or the worker was killed or gave up. So nothing would
        # react to a stop request.
        self.end(run, STOPPED)
        return run

    def still(self, pk: int) -> R:
        """The run, locked, for its worker. Raises Gone if it was deleted, StopAsked if it should
        stop.
        """
        run = self._locked(pk)
        if run.stop_asked_at and run.is_under_way:
            raise StopAsked
        return run

    @transaction.atomic
    def end(self, run: R, state: str, **changes: object) -> None:
        changes = {**self.at_end(run), **changes}
        move(run, state, finished_at=timezone.now(), **changes)

    def only_one(self, pk: int) -> AbstractContextManager[bool]:
        return only_one(f"{self.model._meta.model_name} {pk}")

    def _locked(self, pk: int) -> R:
        run = self.model()
        run.pk = pk
        try:
            return lock(run)
        except self.model.DoesNotExist:
            raise Gone from None

    @transaction.atomic
    def _begin(self, pk: int) -> R | None:
        """The run, now in progress; None if there is nothing to do for it."""
        run = self._locked(pk)
        if run.state in self.begins:
            move(run, self.begins[run.state])
        return run if run.state in self.begins.values() else None


class Teller:
    """Reports progress outside the run's transaction, and learns there that it should stop."""

    def __init__(self, model: type[Run], pk: int) -> None:
        self.table = connection.ops.quote_name(model._meta.db_table)
        self.pk = pk
        self.told_at = 0.0

    def __call__(self, row: int, of: int) -> None:
        now = time.monotonic()
        if now - self.told_at < TELL_EVERY:
            return
        self.told_at = now
        own = connection.copy()
        try:
            with own.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {self.table} SET row = %s, rows = %s WHERE id = %s"
                    " RETURNING stop_asked_at",
                    [row, of, self.pk],
                )
                found = cursor.fetchone()
        finally:
            own.close()
        if found and found[0]:
            raise StopAsked
