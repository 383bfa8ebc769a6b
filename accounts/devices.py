"""Browsers used to sign in before, so that strangers' failed attempts do not lock them out.

The cookie opens nothing. It only counts attempts from an account's own devices apart from everybody
else's, and holds keyed hashes, not addresses.
"""

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from common.limits import address

SALT = "accounts.devices"
KEPT_SECONDS = 180 * 24 * 3600
MOST_PEOPLE = 5  # sharing one browser


def is_known_device(request: HttpRequest, email: str) -> bool:
    """Whether somebody has signed in to the account of `email` in this browser before."""
    return _mark(email) in _marks(request)


def device_of(request: HttpRequest, email: str = "", **_credentials) -> str:
    """A key for the caller: a browser known to this account, otherwise the IP address."""
    return f"device:{_mark(email)}" if is_known_device(request, email) else address(request)


@receiver(user_logged_in)
def note_device(request, user, **kwargs):
    if request is not None:
        request.signed_in_email = user.email


class KnownDeviceMiddleware:
    """Set the cookie after signing in; public pages never set it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if email := getattr(request, "signed_in_email", ""):
            mark = _mark(email)
            marks = [mark, *(each for each in _marks(request) if each != mark)]
            response.set_signed_cookie(
                settings.DEVICE_COOKIE_NAME,
                ".".join(marks[:MOST_PEOPLE]),
                salt=SALT,
                max_age=KEPT_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _marks(request) -> list[str]:
    kept = request.get_signed_cookie(
        settings.DEVICE_COOKIE_NAME, "", salt=SALT, max_age=KEPT_SECONDS
    )
    return kept.split(".") if kept else []


def _mark(email) -> str:
    return salted_hmac(SALT, email.strip().lower()).hexdigest()[:20]
