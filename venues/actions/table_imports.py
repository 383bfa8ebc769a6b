"""Bringing in a table: tried, confirmed and written by a worker, never in the request.

Trying and writing are each one transaction that is run whole again after its worker was killed.
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
    """Keep the table and have it tried. `options` are what the importer of this kind reads.

    `organisation` is whose branches it holds, where its head office gives it.
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
    """Have what was tried written, in the name of whoever confirms."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, stored.organisation, by)
    move(stored, State.TO_WRITE, by=by, row=0)
    enqueue(run_import, stored.pk)
    return stored


@transaction.atomic
def stop_import(stored: Import, *, by: User) -> Import:
    """Stop it. What is under way notices within a second, and nothing of it is kept."""
    stored = lock(stored)
    _may(importer_of(stored), stored.scheme, stored.organisation, by)
    return COURSE.stop(stored)


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
    COURSE.work_on(pk, _go_on)


def _go_on(stored: Import) -> None:
    _try(stored) if stored.state == State.TRYING else _write(stored)


def _try(stored: Import) -> None:
    with transaction.atomic():
        outcome = importer_of(stored).run(stored, dry_run=True)
        move(stored, State.TRIED, **_shown(outcome))


def _write(stored: Import) -> None:
    # In one transaction with what is written: after a kill there is either all of it and "done",
    # or nothing of it and another try.
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
