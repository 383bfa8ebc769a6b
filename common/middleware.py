"""Checks on every request before any view or form reads it."""

import hashlib

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError

from common.errors import bad_request, page_not_found, request_too_large, too_many_requests
from common.limits import limit_link

NUL = ("\x00", "%00")


class HeadersMiddleware:
    """Security headers beyond Django's own, on every response, files included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", settings.CROSS_ORIGIN_RESOURCE_POLICY)
        return response


class RequestGuardMiddleware:
    """Refuses requests that are too large, too frequent behind a signed link, or hold impossible
    values.

    Must come before the CSRF middleware, which is the first to read the request body.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if any(nul in request.path_info or nul in request.META["QUERY_STRING"] for nul in NUL):
            return page_not_found(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in ("GET", "HEAD"):
            return None
        is_public = not getattr(view, "login_required", True)
        if refusal := self._refuse_body(request, is_public):
            return refusal
        presses = is_public and "token" in kwargs and not getattr(view, "limits_itself", False)
        if presses and not self._may_press(request, kwargs["token"]):
            return too_many_requests(request)
        return None

    def process_exception(self, request, exception):
        """A URL with a number or date outside the database's range is a 404."""
        # Django's admin resolves `?_to_field=` with an empty value and does not catch the
        # exception.
        is_odd = isinstance(exception, FieldDoesNotExist) and "_to_field" in request.GET
        if is_odd or isinstance(exception, DataError | OverflowError):
            is_read = request.method in ("GET", "HEAD")
            return page_not_found(request) if is_read else bad_request(request)
        return None

    def _refuse_body(self, request, is_public):
        size = _body_size(request)
        if size <= settings.MOST_BYTES_FROM_ANYBODY:
            return None
        if is_public:
            return request_too_large(request)
        # The session has ended meanwhile: the body is not read.
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        is_upload = request.content_type == "multipart/form-data"
        most = settings.MOST_BYTES_OF_UPLOAD if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return request_too_large(request) if size > most else None

    def _may_press(self, request, token):
        link = hashlib.sha256(token.encode()).hexdigest()[:16]
        return limit_link(request, link)


def _body_size(request) -> int:
    """The declared length in bytes; 0 without one, because Django then reads nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
