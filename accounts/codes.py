"""A signed link opens a mailbox, not an account: the user must sign in too."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused


def sign_in_first(request: HttpRequest, email: str, *, back_to: str) -> HttpResponse | None:
    """Where to send somebody whose link is for the account of `email`; None if they may go on.

    They may if the address has no account yet, or if they are signed in to it. Letters are
    forwarded and mailboxes shared, so a link alone must not open an existing account.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None or request.user == user:
        return None
    if not user.is_active:
        raise Refused(_("This account is closed. Ask the team that runs the scheme."))
    if request.user.is_authenticated:
        raise Refused(
            _("You are signed in with another address. Sign out first, then open the link again.")
        )
    messages.info(
        request,
        _("There is an account for this address. Sign in with a code first, then go on."),
    )
    return redirect_to_login(back_to, "account_request_login_code")
