"""How allauth behaves and rate-limits here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import keep_former_address, sign_out_everywhere
from accounts.devices import device_of, is_known_device
from accounts.links import BACK_LASTS, take_back_link
from accounts.rules import is_officer
from common.errors import wait_in_words
from common.limits import address, count_failure, may_mail, may_try

WRONG_CODE = _("That code is not right. Check it and type it again.")
# The page that follows says these better.
UNSAID = {
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmation_sent.txt",
    "mfa/messages/recovery_codes_generated.txt",
}
# Somebody who has just typed the code we sent does not need an email saying so.
UNSENT = {"account/email/email_confirm"}
# Only emails a stranger could trigger by typing somebody's address; account news is always sent.
ASKED_FOR = {
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
    "account/email/unknown_account",
}


class AccountAdapter(DefaultAccountAdapter):
    """Mail is queued by EMAIL_BACKEND; no answer tells whether an address has an account."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail address or the password is not right. "
            "You can ask for a code by e-mail instead."
        ),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That password is not right."),
        "enter_current_password": _("That is not your password now."),
        "invalid_login": _("Type an e-mail address, like name@example.org."),
        "invalid_password_reset": _("That code has been used already or is too old."),
        "same_as_current": _("That is the address you have already."),
        "duplicate_email": _("That is the address you have already."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def get_client_ip(self, request):
        """The client's network for IPv6, as in the rate limits, without its prefix length."""
        return address(request).partition("/")[0] or super().get_client_ip(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count attempts per account and device or address, so that a stranger's wrong passwords
        lock out the stranger and not the owner.
        """
        return f"{credentials.get('email', '').lower()}:{device_of(request, **credentials)}"

    def pre_authenticate(self, request, **credentials):
        email = credentials.get("email", "").lower()
        if not is_known_device(request, email) and not may_try(request, "password", who=email):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials):
        email = credentials.get("email", "").lower()
        if not is_known_device(request, email):
            count_failure(request, "password", who=email)
        super().authentication_failed(request, **credentials)

    def send_mail(self, template_prefix, email, context):
        """Send each mailbox only a few letters an hour; the page says when the limit is reached.

        The response is the same for an address without an account.
        """
        if template_prefix in ASKED_FOR:
            own = "known" if is_known_device(self.request, email) else ""
            if not may_mail(self.request, email, "account", own=own):
                wait = wait_in_words(self.request.retry_after)
                messages.warning(
                    self.request,
                    gettext(
                        "No new letter was sent: this address had several within the hour. Wait "
                        "%(wait)s, then ask again."
                    )
                    % {"wait": wait},
                )
                return
        super().send_mail(template_prefix, email, context)

    def get_login_redirect_url(self, request):
        if is_officer(request.user):
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("your_account")

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        if template_prefix in UNSENT:
            return
        if template_prefix == "account/email/email_changed":
            former = keep_former_address(user, email)
            sign_out_everywhere(user, but=self.request.session.session_key)
            context = {**context, "link": take_back_link(former), "days": BACK_LASTS.days}
        super().send_notification_mail(template_prefix, user, context, email)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first, then set up the app."),
    }
