"""An officer's dashboard: the registry of what waits for a decision.

An app with things that wait has a `queues.py` that calls `register(Queue(...))`;
`VenuesConfig.ready` loads them all, so the page names no app.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from venues.evidence_kinds import Part
from venues.roles import parts_of

ROWS = 8
"""How many rows of each queue the page shows."""


@dataclass(frozen=True)
class Row:
    """One waiting item. `rule` is the sentence saying why; `due` may have passed.

    `owner` is who handles it; empty if it is any officer of the scheme.
    """

    title: str
    scheme: str
    url: str
    rule: str
    due: datetime.date | None = None
    owner: str = ""


@dataclass(frozen=True)
class Queue:
    """`rows(user, now, most)` returns the first `most` rows of the user's own schemes, most
    urgent first, in a constant number of queries. `whole_url()` lists all of them. `order`
    places the queue on the page. `is_for(user)`: who has this queue at all. `part`: shown
    only to officers of a scheme that has this part.
    """

    key: str
    order: int
    title: str
    rows: Callable[[User, datetime.datetime, int], Iterable[Row]]
    whole_url: Callable[[], str]
    is_for: Callable[[User], bool] = lambda user: True
    part: Part | None = None


@dataclass(frozen=True)
class Waiting:
    """One queue as shown; `more_url` leads to the rest of a longer one."""

    key: str
    title: str
    rows: list[Row]
    count: str
    more_url: str


_queues: dict[str, Queue] = {}


def register(queue: Queue) -> Queue:
    """Register `queue`. Raises ValueError if its key or position on the page is taken."""
    if queue.key in _queues:
        raise ValueError(f"The queue {queue.key} is registered twice.")
    for other in _queues.values():
        if other.order == queue.order:
            raise ValueError(f"The queues {queue.key} and {other.key} have the same order.")
    _queues[queue.key] = queue
    return queue


def queues() -> list[Queue]:
    """Every queue, in the order of an officer's morning."""
    return sorted(_queues.values(), key=lambda queue: queue.order)


def work_queue(user: User, now: datetime.datetime | None = None) -> list[Waiting]:
    """Every queue of this officer's schemes, in a constant number of queries."""
    now, parts = now or timezone.now(), parts_of(user)
    return [
        _shown(queue, user, now)
        for queue in queues()
        if queue.is_for(user) and (queue.part is None or queue.part in parts)
    ]


def _shown(queue, user, now):
    rows = list(queue.rows(user, now, ROWS + 1))[: ROWS + 1]
    more = len(rows) > ROWS
    count = _("more than %(rows)s") % {"rows": ROWS} if more else str(len(rows))
    return Waiting(queue.key, queue.title, rows[:ROWS], count, queue.whole_url() if more else "")
