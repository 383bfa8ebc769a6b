"""Bringing in a table: tried, confirmed and written by a worker, never in the request.

Trying and writing are each one transaction that is run whole again after its worker was killed.
How far it is goes over a connection of its own, so that a page can show it meanwhile.
"""

import datetime
import time

from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.deciding import lock, move
from common.progress import heard_by
from common.refusals import Refused
from common.tasks import IMPORTS, Gone, enqueue, task
from common.tasks.once import only_one
from venues.importers import Outcome, importer_called, importer_of
from venues.models import Import, Scheme

State = Import.State
BEGINS = {State.TO_TRY: State.TRYING, State.TO_WRITE: State.WRITING}
TELL_EVERY = 0.5
"""Seconds between two notes of how far it is."""


class AnotherIsAtIt(Exception):
    """A worker that was taken for dead lives. This one comes back later and looks again."""


class StopAsked(Exception):
    """Somebody pressed "Stop it"."""


@transaction.atomic
def ask_for_import(kind: str, scheme: Scheme, file: File, options: dict, *, by: User) -> Import:
    """Keep the table and have it tried. `options` are what the importer of this kind reads."""
    _may(importer_called(kind), scheme, by)
    stored = Import.objects.create(
        kind=kind,
        scheme=scheme,
        by=by,
        file_name=file.name[:255],
        file=file.read(),
        options=options,
    )
    enqueue(run_import, stored.pk)
    return stored


@transaction.atomic
def confirm_import(stored: Import, *, by: User) -> Import:
    """Have what was tried written, in the name of whoever confirms."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, by)
    move(stored, State.TO_WRITE, by=by, row=0)
    enqueue(run_import, stored.pk)
    return stored


@transaction.atomic
def stop_import(stored: Import, *, by: User) -> Import:
    """Stop it. What is under way notices within a second, and nothing of it is kept."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, by)
    if stored.state in BEGINS.values():
        stored.stop_asked_at = timezone.now()
        stored.save(update_fields=["stop_asked_at"])
    else:
        _end(stored, State.STOPPED)
    return stored


def forget_unconfirmed_imports(before: datetime.datetime) -> int:
    """Delete imports asked for before then that nobody has confirmed; how many."""
    deleted, __ = Import.objects.filter(state=State.TRIED, asked_at__lt=before).delete()
    return deleted


def forget_ended_imports(before: datetime.datetime) -> int:
    """Delete imports that ended before then; how many."""
    deleted, __ = Import.objects.filter(finished_at__lt=before).delete()
    return deleted


@task(
    queue=IMPORTS,
    words=gettext_lazy("Import of a table"),
    tries=4,
    limit=datetime.timedelta(hours=1),
)
def run_import(pk: int) -> None:
    """Try or write the import, whichever is next. Again after a kill; ends quietly when done."""
    with only_one(f"import {pk}") as mine:
        if not mine:
            raise AnotherIsAtIt
        stored = _begin(pk)
        if stored is None:
            return
        try:
            with heard_by(_Teller(pk)):
                _try(stored) if stored.state == State.TRYING else _write(stored)
        except StopAsked:
            _end(stored, State.STOPPED)
        except Refused as refusal:
            _end(
                stored,
                State.REFUSED,
                said=[str(reason) for reason in refusal.reasons],
                to_put_right=getattr(refusal, "to_put_right", None),
            )


@transaction.atomic
def _begin(pk):
    """The import, under way; None when there is nothing to do for it."""
    try:
        stored = lock(Import(pk=pk))
    except Import.DoesNotExist:
        raise Gone from None
    if stored.state in BEGINS:
        move(stored, BEGINS[stored.state])
    return stored if stored.state in BEGINS.values() else None


def _try(stored):
    with transaction.atomic():
        outcome = importer_of(stored).run(stored, dry_run=True)
        move(stored, State.TRIED, **_shown(outcome))


def _write(stored):
    # In one transaction with what is written: after a kill there is either all of it and "done",
    # or nothing of it and another try.
    with transaction.atomic():
        outcome = importer_of(stored).run(stored, dry_run=False)
        _end(stored, State.DONE, **_shown(outcome))


def _shown(outcome: Outcome):
    return {
        "said": [str(sentence) for sentence in outcome.sentences],
        "lines": [str(line) for line in outcome.lines],
        "to_put_right": outcome.to_put_right,
    }


class _Teller:
    """Notes how far an import is, outside its transaction, and hears there that it is to stop."""

    def __init__(self, pk):
        self.pk = pk
        self.told_at = 0.0

    def __call__(self, row, of):
        now = time.monotonic()
        if now - self.told_at < TELL_EVERY:
            return
        self.told_at = now
        own = connection.copy()
        try:
            with own.cursor() as cursor:
                cursor.execute(
                    "UPDATE venues_import SET row = %s, rows = %s WHERE id = %s"
                    " RETURNING stop_asked_at",
                    [row, of, self.pk],
                )
                found = cursor.fetchone()
        finally:
            own.close()
        if found and found[0]:
            raise StopAsked


def _end(stored, state, **changes):
    move(stored, state, file=None, finished_at=timezone.now(), **changes)


def _may(importer, scheme, by):
    if not importer.may(by, scheme):
        raise Refused(
            _("%(person)s may not bring in this table for %(scheme)s.")
            % {"person": by, "scheme": scheme}
        )
