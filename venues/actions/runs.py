"""Moving stored runs: imports, print runs. How they begin, stop, end, and say how far they are."""

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
"""Seconds between two notes of how far it is."""
REFUSED, STOPPED = "refused", "stopped"


class AnotherIsAtIt(Exception):
    """A worker that was taken for dead lives. This one comes back later and looks again."""


class StopAsked(Exception):
    """Somebody pressed "Stop it"."""


R = TypeVar("R", bound=Run)


@dataclass(frozen=True)
class Course(Generic[R]):
    """The course of one kind of run.

    `begins`: the state that a worker makes of one that waits. `at_end(run)` returns what changes
    whenever a run ends, and may delete what it needed; `at_refusal(refusal)` what changes beside
    the reasons.
    """

    model: type[R]
    begins: Mapping[str, str]
    at_end: Callable[[R], dict[str, object]]
    at_refusal: Callable[[Refused], dict[str, object]] = lambda refusal: {}

    def work_on(self, pk: int, do: Callable[[R], None]) -> None:
        """Begin the run and `do` it, or go on where a killed worker was; nothing when it ended.

        For a task's body. Raises AnotherIsAtIt when another worker has it, Gone when it was
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
        """End a locked run, or ask the worker that is at it to. Nothing of it is kept."""
        if run.state in self.begins.values():
            with self.only_one(run.pk) as mine:
                if not mine:
                    run.stop_asked_at = timezone.now()
                    run.save(update_fields=["stop_asked_at"])
                    return run
        # Nobody is at it: it waits, or the worker was killed or gave up. Nobody would hear.
        self.end(run, STOPPED)
        return run

    def still(self, pk: int) -> R:
        """The run, locked, for its worker. Raises Gone when it was deleted, StopAsked when asked
        to stop."""
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
        """The run, under way; None when there is nothing to do for it."""
        run = self._locked(pk)
        if run.state in self.begins:
            move(run, self.begins[run.state])
        return run if run.state in self.begins.values() else None


class Teller:
    """Notes how far a run is, outside its transaction, and hears there that it is to stop."""

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
