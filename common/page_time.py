"""How long one public page may keep the database busy (docs/decisions/time-of-a-page.md)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

CANCELED = "57014"
"""PostgreSQL's code for a statement that ran out of time."""


class OutOfTime(OperationalError):
    """The page had used up its time before this statement."""


def is_out_of_time(error: BaseException | None) -> bool:
    """Whether `error` means that the database gave up, rather than being unavailable."""
    cause = getattr(error, "__cause__", None)
    return isinstance(error, OutOfTime) or getattr(cause, "pgcode", None) == CANCELED


def reads_only(view: Callable) -> Callable:
    """Marks a view whose POST changes nothing: its time is limited like that of a GET."""
    view.reads_only = True
    return view


class DatabaseTime:
    """Wraps each statement of a request; `seconds` is what is left, None while nothing is limited.

    `SET LOCAL` travels in the same message as the statement, so it costs no round trip; the two
    are one transaction to the server, so nothing of it stays on a connection that a pooler passes
    on. Time spent in Python does not count.
    """

    def __init__(self) -> None:
        self.seconds: float | None = None

    def __call__(self, execute, sql, params, many, context):
        if self.seconds is None or many or _is_named(context["cursor"]):
            return execute(sql, params, many, context)
        if self.seconds < 0.001:
            raise OutOfTime("This page has used up its time in the database.")
        limit = f"SET LOCAL statement_timeout = {round(self.seconds * 1000)}; "
        began = time.monotonic()
        try:
            return execute(limit + sql, params, many, context)
        finally:
            self.seconds -= time.monotonic() - began


def _is_named(cursor) -> bool:
    """A cursor on the server: it cannot be declared together with another statement."""
    return getattr(cursor.cursor, "name", None) is not None


class PageTimeMiddleware:
    """Limits the database time of pages that anybody may read to PUBLIC_READ_SECONDS.

    Before every middleware that reads the database. Inside a transaction that began before the
    request nothing is limited: the limit would outlive the request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.in_atomic_block:
            return self.get_response(request)
        request.database_time = DatabaseTime()
        with connection.execute_wrapper(request.database_time):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        reads = request.method in ("GET", "HEAD") or getattr(view, "reads_only", False)
        if (
            reads
            and not getattr(view, "login_required", True)
            and hasattr(request, "database_time")
        ):
            request.database_time.seconds = settings.PUBLIC_READ_SECONDS
