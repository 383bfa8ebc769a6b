"""Queues that link to one of the officers' lists."""

import datetime
from collections.abc import Callable

from django.db.models import Model, QuerySet
from django.urls import reverse

from venues.evidence_kinds import Part
from venues.models import Scheme
from venues.work_queue import Queue, Row, register


def register_list(
    key: str,
    order: int,
    title: str,
    find: Callable[[QuerySet, datetime.datetime], QuerySet],
    row: Callable[[Model, datetime.datetime], Row],
    whole: str,
    part: Part | None = None,
) -> Queue:
    """Register a queue of what `find(schemes, now)` returns, one `row(thing, now)` each.

    `whole` is the model whose list shows all of them, with its filter: "issue?state__exact=open".
    """
    name, __, query = whole.partition("?")

    def rows(user, now, most):
        return [row(each, now) for each in find(Scheme.objects.for_officer(user), now)[:most]]

    def whole_url():
        return reverse(f"admin:partnership_{name}_changelist") + (f"?{query}" if query else "")

    return register(Queue(key, order, title, rows, whole_url, part=part))
