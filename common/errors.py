"""Error pages. Each shows 999 and renders without a database."""

import base64
import hashlib
import math
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext

from common.installation import site_words
from common.kept_answers import keep
from common.page_time import is_out_of_time
from common.storage import is_disk_full

SHEET = settings.BASE_DIR / "static" / "build" / "error.css"
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

_known_numbers: list[Callable[[], Sequence[Any]]] = []


def offer_numbers(known: Callable[[], Sequence[Any]]) -> None:
    """`known()` returns the telephone lines to show while the database is unavailable.

    Each has `name`, `words`, `number` and `link`. It must not query the database.
    """
    _known_numbers.append(known)


def is_database_down(error: BaseException | None) -> bool:
    """Whether `error` means the database is unavailable, rather than that our query was wrong.

    psycopg2 raises a plain DatabaseError, without a code, when the server ends a connection in the
    middle of a query.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    cause = getattr(error, "__cause__", None)
    return type(error) is DatabaseError and getattr(cause, "pgcode", "none of psycopg2's") is None


def error_page(status: int, template: str = "", **words) -> HttpResponse:
    """The page for `status`, rendered without the request: no session, user or database."""
    sheet = style_sheet()
    fixed = {"status": status, "style_sheet": mark_safe(sheet), "lines": ()}
    context = {**site_words(), **fixed, **words}
    page = get_template(template or f"{status}.html").render(context)
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    # The policy allows no inline style except this one, by its hash.
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    response._csp_update = {"style-src": [f"'sha256-{digest}'"]}
    return response


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """The error pages' own style sheet, inlined: it needs no other file. Empty if not built.

    Read from the build folder, not through the storage, which may be what is failing.
    """
    try:
        return SHEET.read_text(encoding="utf-8").lstrip("\ufeff").strip()
    except OSError:
        return ""


def bad_request(request, exception=None):
    return request_too_large(request) if isinstance(exception, TOO_LARGE) else error_page(400)


def request_too_large(request):
    return error_page(413)


def permission_denied(request, exception=None):
    return error_page(403)


def csrf_failure(request, reason=""):
    """Usually caused by logging in or out in another tab: return to the form with the input kept.

    A page made for another person is not shown again, nor the input on it.
    """
    if request.method == "POST" and (page := keep(request, "log_in_changed")):
        return redirect(page)
    return error_page(403, "403_csrf.html")


def page_not_found(request, exception=None):
    return error_page(404)


def server_error(request):
    """Django calls this while it handles the exception, so we can see which one it is."""
    return _page_for(sys.exc_info()[1]) or error_page(500)


def too_many_requests(request, retry_after: int | None = None) -> HttpResponse:
    """429, with how long to wait: `retry_after` seconds, or else what `common.limits` noted."""
    seconds = retry_after or getattr(request, "retry_after", 60)
    response = error_page(429, wait=wait_in_words(seconds))
    response["Retry-After"] = str(seconds)
    return response


def wait_in_words(seconds: int) -> str:
    """“1 minute”, “15 minutes”, “2 hours”: rounded up, so that waiting that long is enough."""
    minutes = math.ceil(seconds / 60)
    if minutes <= 90:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def service_unavailable(request) -> HttpResponse:
    return _try_later("503.html", 30)


def takes_too_long(request) -> HttpResponse:
    """The page for a database that gave up on a query, as it does under heavy load."""
    return _try_later("503_slow.html", 10)


def _try_later(template: str, seconds: int) -> HttpResponse:
    lines = [line for known in _known_numbers for line in known()]
    response = error_page(503, template, lines=lines)
    response["Retry-After"] = str(seconds)
    return response


def _page_for(error: BaseException | None) -> HttpResponse | None:
    """The page for a fault outside the software: database unavailable or too slow, or disk full."""
    if is_out_of_time(error):
        return takes_too_long(None)
    if is_database_down(error):
        return service_unavailable(None)
    return error_page(507) if is_disk_full(error) else None


class DatabaseDownMiddleware:
    """Answers with the emergency numbers when a view finds no database or a full disk."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return _page_for(exception)
