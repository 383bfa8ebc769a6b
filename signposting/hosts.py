"""Schemes with their own host name: public pages only, starting with the scheme's own page."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from venues.models import Scheme

MAIN_HOST_ONLY = {"accounts", "admin", "portal", "join", "invitation", "agreement", "health"}
"""First parts of paths, after any language prefix, of pages for people who sign in or sign up."""


class SchemeHostMiddleware:
    """On a host in SCHEME_HOSTS, redirect everything that depends on the user to the main host.

    So no cookie is ever set on a scheme's host, and people sign in on one host only. Must come
    before any middleware that reads the session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        host = request.get_host().partition(":")[0].lower()
        if host not in settings.SCHEME_HOSTS:
            return None
        if _is_private(request, view, kwargs):
            if request.method not in ("GET", "HEAD"):  # our forms never post here
                raise Http404
            return HttpResponseRedirect(settings.SITE_URL + request.get_full_path())
        is_first_page = request.path_info == "/" and request.method in ("GET", "HEAD")
        page = _page_of(host) if is_first_page else ""
        return HttpResponseRedirect(page) if page else None


def _is_private(request, view, kwargs) -> bool:
    parts = request.path_info.strip("/").split("/")
    if parts[0] in dict(settings.LANGUAGES):
        parts = parts[1:] or [""]
    needs_log_in = getattr(view, "login_required", True)
    return needs_log_in or "token" in kwargs or parts[0] in MAIN_HOST_ONLY


def _page_of(host: str) -> str:
    """The path of the scheme's page for this host; empty if no scheme has the host."""
    scheme = Scheme.objects.shown().filter(host=host).first()
    try:
        return reverse("scheme_page", args=[scheme.slug]) if scheme else ""
    except NoReverseMatch:
        return ""
