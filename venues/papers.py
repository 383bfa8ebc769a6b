"""The registry of printable papers. Apps register theirs in `printing.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from venues.models import PrintRun, Scheme


@dataclass(frozen=True)
class Pages:
    """One part as a PDF; None if nothing is left to print. `said`: what was left out."""

    pdf: bytes | None
    said: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    `parts(run)` are the run's parts in order, each a list of items to print. They depend only on
    `run.options`, so they are the same after a worker was killed. `draw(run, part)` makes the pages
    of one part. `page(run)` is the URL for requesting it again.
    """

    key: str
    permission: str
    parts: Callable[[PrintRun], list[list]]
    draw: Callable[[PrintRun, list], Pages]
    page: Callable[[PrintRun], str]

    def may(self, user: User, scheme: Scheme) -> bool:
        return user.has_perm(self.permission, scheme)


_papers: dict[str, Paper] = {}


def register(paper: Paper) -> None:
    _papers[paper.key] = paper


def paper_of(run: PrintRun) -> Paper:
    return _papers[run.kind]


def paper_called(key: str) -> Paper:
    return _papers[key]
