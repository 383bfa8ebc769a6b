"""Closed by default: pages need a log-in, and officers a second factor as well."""

from urllib.parse import urlencode

from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts.rules import (
    SECOND_FACTOR_GIVEN,
    gave_second_factor,
    has_second_factor,
    needs_second_factor,
)
from common.kept_answers import keep

TO_SET_UP = {
    "account_logout",
    "account_reauthenticate",
    "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
    "mfa_index",
    "mfa_activate_totp",
}
TO_GIVE = {"account_logout", "mfa_reauthenticate"}


@receiver(authenticator_added)
def setting_it_up_is_giving_it(request, user, **kwargs):
    """Treat setting up an app as giving its code: they typed one just now, so do not ask again."""
    request.session[SECOND_FACTOR_GIVEN] = user.pk


class LoginUnlessPublicMiddleware(LoginRequiredMiddleware):
    """Like Django's, but does not load the user for public pages: loading reads the session, which
    would make pages vary by cookie and need the database.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        request.needs_log_in = True
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        """After signing in, return somebody who was filling in a form to it, with what they
        typed.
        """
        if request.method == "POST" and (page := keep(request, "logged_out")):
            return redirect_to_login(page, resolve_url(self.get_login_url(view_func)))
        return super().handle_no_permission(request, view_func)

    def process_response(self, request, response):
        """Forbid caching of pages behind a log-in: a venue's computer has many users."""
        if getattr(request, "needs_log_in", False) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SecondFactorMiddleware:
    """Sends officers without an authenticator app to the page that sets one up.

    A session from before it was set up is asked for a code. Public pages stay open: an officer is
    no worse off than a stranger.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not needs_second_factor(request.user):
            return None
        page = request.resolver_match.view_name
        if not has_second_factor(request.user):
            return None if page in TO_SET_UP else self._set_up(request)
        if gave_second_factor(request) or page in TO_GIVE:
            return None
        page = keep(request, "logged_out") if request.method == "POST" else request.get_full_path()
        query = urlencode({"next": page} if page else {})
        return redirect(f"{reverse('mfa_reauthenticate')}?{query}")

    def _set_up(self, request):
        messages.warning(
            request,
            _(
                "You can see other people’s details, so you need an authenticator app. "
                "Set it up now, then carry on."
            ),
        )
        return redirect("mfa_activate_totp")
