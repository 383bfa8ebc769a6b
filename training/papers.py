"""A module on paper: Easy Read, the handout, and the outline for a trainer."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from common.pdf import make_pdf
from training.models import Module, OutlineStep, Paper
from venues.models import Scheme, SchemeContact, Venue

OUTLINE = "outline"
FOR_LEARNERS = list(Paper.Kind)
FOR_TEAMS = [*Paper.Kind, OUTLINE]
"""Kinds in the order in which they are offered. Teams may lead a session; a learner does not need
the outline.
"""


@dataclass(frozen=True)
class Printed:
    """One paper of one version, ready for a page or a PDF.

    `venues` are the places it is for, `scheme` the scheme whose numbers it shows; without both, as
    for a reviewer, it shows neither numbers nor helplines.
    """

    module: Module
    version: int
    kind: str
    body: str
    steps: list[tuple[str, OutlineStep]]  # with its start, as in 1:05
    scheme: Scheme | None
    venues: QuerySet[Venue] | None

    @property
    def title(self) -> str:
        return title_of(self.kind)

    @property
    def is_reviewed(self) -> bool:
        return self.module.reviewed_version == self.version

    @property
    def contacts(self) -> QuerySet[SchemeContact] | None:
        if self.scheme is None or self.venues is None:
            return None
        return SchemeContact.objects.for_members(self.scheme, self.venues)

    @property
    def minutes(self) -> int:
        return sum(step.minutes for __, step in self.steps)


def title_of(kind: str) -> str:
    return _("Outline for a session in a room") if kind == OUTLINE else str(Paper.Kind(kind).label)


def kinds_of(module: Module, version: int | None, kinds: list[str]) -> list[tuple[str, str]]:
    """(kind, title) of those `kinds` that this version has."""
    there = set(module.papers.of_version(version).values_list("kind", flat=True))
    if OUTLINE in kinds and module.outline.of_version(version).exists():
        there.add(OUTLINE)
    return [(str(kind), title_of(kind)) for kind in kinds if kind in there]


def paper_or_404(
    module: Module,
    version: int | None,
    kind: str,
    *,
    kinds: list[str],
    scheme: Scheme | None = None,
    venues: QuerySet[Venue] | None = None,
) -> Printed:
    """The paper of this kind; Http404 if the version has none, or `kinds` does not name it."""
    body, steps = "", []
    if version is not None and kind in kinds:
        if kind == OUTLINE:
            steps = list(_with_starts(list(module.outline.of_version(version))))
        elif paper := module.papers.of_version(version).filter(kind=kind).first():
            body = paper.body
    if version is None or not (body or steps):
        raise Http404
    return Printed(module, version, kind, body, steps, scheme, venues)


def _with_starts(steps: list[OutlineStep]) -> Iterator[tuple[str, OutlineStep]]:
    starts = accumulate((step.minutes for step in steps), initial=0)
    for start, step in zip(starts, steps, strict=False):
        yield f"{start // 60}:{start % 60:02}", step


def paper_pdf(paper: Printed) -> bytes:
    """A4 pages in portrait; a handout of about 250 words fits on one."""
    return make_pdf(
        "training/paper_print.html",
        {"paper": paper},
        style="css/training_paper.css",
        identifier=f"{paper.module.slug}-{paper.version}-{paper.kind}".encode(),
        is_tagged=True,
    )
