"""How allauth speaks and counts here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rules import is_officer
from common.limits import address

WRONG_CODE = _("That code is not right. Check it and type it again.")
# The page that follows says these better.
UNSAID = {
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmation_sent.txt",
    "mfa/messages/recovery_codes_generated.txt",
}
# Whoever has just typed the code that we sent need not be told by e-mail that they did.
UNSENT = {"account/email/email_confirm"}


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
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def get_client_ip(self, request):
        return address(request) or super().get_client_ip(request)

    def get_login_redirect_url(self, request):
        if is_officer(request.user):
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("your_account")

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix, *args, **kwargs):
        if template_prefix not in UNSENT:
            super().send_notification_mail(template_prefix, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first, then set up the app."),
    }
