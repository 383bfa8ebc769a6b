"""Printing by a worker: each part is saved as it is made, and they are joined at the end."""

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.deciding import lock
from common.pdf import join_pdfs
from common.refusals import Refused
from common.tasks import WORK, enqueue, task
from venues.models import PrintPart, PrintRun, Scheme
from venues.papers import Paper, paper_called, paper_of

from .runs import Course

State = PrintRun.State


def _forget_parts(run: PrintRun) -> dict[str, object]:
    run.parts.all().delete()
    return {}


COURSE = Course(PrintRun, begins={State.WAITING: State.MAKING}, at_end=_forget_parts)


@transaction.atomic
def ask_for_print_run(
    kind: str, scheme: Scheme, options: dict, *, title: str, file_name: str, by: User
) -> PrintRun:
    """Queue a print run of this kind. An identical request reuses the run already waiting."""
    _may(paper_called(kind), scheme, by)
    # Lock first, so that a double press finds the first press's run.
    lock(scheme)
    asked = PrintRun.objects.filter(
        kind=kind, scheme=scheme, by=by, options=options, state=State.WAITING
    ).first()
    if asked:
        return asked
    run = PrintRun.objects.create(
        kind=kind,
        scheme=scheme,
        by=by,
        options=options,
        title=title[:200],
        file_name=file_name[:100],
    )
    run.rows = sum(len(part) for part in paper_of(run).parts(run))
    run.save(update_fields=["rows"])
    enqueue(make_print_run, run.pk)
    return run


@transaction.atomic
def stop_print_run(run: PrintRun, *, by: User) -> PrintRun:
    """Stop a run. A running one ends after its current part; nothing is kept."""
    run = lock(run)
    _may(paper_of(run), run.scheme, by)
    return COURSE.stop(run)


def forget_ended_print_runs(before: datetime.datetime) -> int:
    """Delete print runs that ended before then, with their files; returns how many."""
    return _delete(PrintRun.objects.filter(finished_at__lt=before))


def forget_unfinished_print_runs(before: datetime.datetime) -> int:
    """Delete unfinished print runs requested before then, with their parts; returns how many."""
    return _delete(PrintRun.objects.filter(finished_at=None, asked_at__lt=before))


@transaction.atomic
def _delete(runs: QuerySet[PrintRun]) -> int:
    keys = list(runs.values_list("pk", flat=True))
    PrintRun.objects.filter(pk__in=keys).delete()
    return len(keys)


@task(
    queue=WORK,
    words=gettext_lazy("Print run"),
    tries=4,
    limit=datetime.timedelta(minutes=30),
)
def make_print_run(pk: int) -> None:
    """Make the remaining parts and join them. Ends quietly if the run has ended."""
    COURSE.work_on(pk, _make)


def _make(run: PrintRun) -> None:
    paper = paper_of(run)
    made = set(run.parts.values_list("number", flat=True))
    for number, part in enumerate(paper.parts(run)):
        if number not in made:
            _make_part(run, paper, number, part)
    _join(run)


def _make_part(run: PrintRun, paper: Paper, number: int, part: list) -> None:
    pages = paper.draw(run, part)
    with transaction.atomic():
        run = COURSE.still(run.pk)
        PrintPart.objects.create(run=run, number=number, file=pages.pdf, said=list(pages.said))
        run.row += len(part)
        run.save(update_fields=["row"])


def _join(run: PrintRun) -> None:
    parts = list(run.parts.order_by("number"))
    files = [bytes(part.file) for part in parts if part.file]
    said = [sentence for part in parts for sentence in part.said]
    if not files:
        raise Refused(_("Nothing is left to print."), *said)
    file = join_pdfs(files)
    with transaction.atomic():
        COURSE.end(COURSE.still(run.pk), State.DONE, file=file, said=said)


def _may(paper: Paper, scheme: Scheme, by: User) -> None:
    if not paper.may(by, scheme):
        raise Refused(
            _("%(person)s may not print this for %(scheme)s.") % {"person": by, "scheme": scheme}
        )
