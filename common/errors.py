"""The pages for when something is wrong. Each carries 999 and needs no database to be drawn."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers

DATABASE_DOWN = (OperationalError, InterfaceError)


def error_page(status: int, template: str = "") -> HttpResponse:
    """The page for `status`, drawn without the request: no session, no user, no database."""
    page = get_template(template or f"{status}.html").render({"status": status})
    response = HttpResponse(page, status=status)
    add_never_cache_headers(response)
    return response


def bad_request(request, exception=None):
    return error_page(400)


def permission_denied(request, exception=None):
    return error_page(403)


def csrf_failure(request, reason=""):
    return error_page(403, "403_csrf.html")


def page_not_found(request, exception=None):
    return error_page(404)


def server_error(request):
    """Django calls this while it handles the exception, so we can see which one it is."""
    if isinstance(sys.exc_info()[1], DATABASE_DOWN):
        return service_unavailable(request)
    return error_page(500)


def too_many_requests(request, retry_after: int = 60) -> HttpResponse:
    response = error_page(429)
    response["Retry-After"] = str(retry_after)
    return response


def service_unavailable(request) -> HttpResponse:
    response = error_page(503)
    response["Retry-After"] = "30"
    return response


class DatabaseDownMiddleware:
    """Answers 503 with the emergency numbers when the database does not answer a view."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, DATABASE_DOWN):
            return service_unavailable(request)
        return None
