"""Table imports: dry run, confirmation and write, all by a worker and never in the request.

The dry run and the write are each one transaction, rerun from the start if the worker is killed.
"""

import datetime

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from common.tasks import IMPORTS, enqueue, task
from venues.importers import Importer, Outcome, importer_called, importer_of
from venues.models import Import, Organisation, Scheme

from .runs import Course

State = Import.State
COURSE = Course(
    Import,
    begins={State.TO_TRY: State.TRYING, State.TO_WRITE: State.WRITING},
    at_end=lambda stored: {"file": None},
    at_refusal=lambda refusal: {"to_put_right": getattr(refusal, "to_put_right", None)},
)


@transaction.atomic
def ask_for_import(
    kind: str,
    scheme: Scheme,
    file: File,
    options: dict,
    *,
    by: User,
    organisation: Organisation | None = None,
) -> Import:
    """Store the table and queue its dry run. `options` are for the importer of this kind.

    `organisation` is set when its head office imports its own branches.
    """
    _may(importer_called(kind), scheme, organisation, by)
    stored = Import.objects.create(
        kind=kind,
        scheme=scheme,
        organisation=organisation,
        by=by,
        file_name=(file.name or "")[:255],
        file=file.read(),
        options=options,
    )
    enqueue(run_import, stored.pk)
    return stored


@transaction.atomic
def confirm_import(stored: Import, *, by: User) -> Import:
    """Queue the write of a dry-run import, in the name of whoever confirms."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, stored.organisation, by)
    move(stored, State.TO_WRITE, by=by, row=0)
    enqueue(run_import, stored.pk)
    return stored


@transaction.atomic
def stop_import(stored: Import, *, by: User) -> Import:
    """Stop an import. A running one notices within a second, and nothing is kept."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, stored.organisation, by)
    return COURSE.stop(stored)


def forget_unconfirmed_imports(before: datetime.datetime) -> int:
    """Delete unconfirmed imports uploaded before then; returns how many."""
    deleted, __ = Import.objects.filter(state=State.TRIED, asked_at__lt=before).delete()
    return deleted


def forget_ended_imports(before: datetime.datetime) -> int:
    """Delete imports that ended before then; returns how many."""
    deleted, __ = Import.objects.filter(finished_at__lt=before).delete()
    return deleted


@task(
    queue=IMPORTS,
    words=gettext_lazy("Import of a table"),
    tries=4,
    limit=datetime.timedelta(hours=1),
)
def run_import(pk: int) -> None:
    """Run the import's next stage, dry run or write. Safe to rerun; ends quietly if already
    done.
    """
    COURSE.work_on(pk, _go_on)


def _go_on(stored: Import) -> None:
    _try(stored) if stored.state == State.TRYING else _write(stored)


def _try(stored: Import) -> None:
    with transaction.atomic():
        outcome = importer_of(stored).run(stored, dry_run=True)
        move(stored, State.TRIED, **_shown(outcome))


def _write(stored: Import) -> None:
    # In the same transaction as the write: after a kill there is either all of it and "done",
    # or nothing and a retry.
    with transaction.atomic():
        outcome = importer_of(stored).run(stored, dry_run=False)
        COURSE.end(stored, State.DONE, **_shown(outcome))


def _shown(outcome: Outcome) -> dict[str, object]:
    return {
        "said": [str(sentence) for sentence in outcome.sentences],
        "lines": [str(line) for line in outcome.lines],
        "to_put_right": outcome.to_put_right,
    }


def _may(importer: Importer, scheme: Scheme, organisation: Organisation | None, by: User) -> None:
    if not importer.may(by, scheme, organisation):
        raise Refused(
            _("%(person)s may not bring in this table for %(scheme)s.")
            % {"person": by, "scheme": scheme}
        )
