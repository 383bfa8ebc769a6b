"""allauth's forms in plain words, and the form for a person's own details.

Placeholders are removed, because they vanish while typing and are too pale to read; hints stay.
"""

import datetime

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.devices import device_of
from accounts.models import User
from common.durations import in_words
from common.limits import limit

SHORTEST_PASSWORD = MinimumLengthValidator().min_length
EMAIL = (_("E-mail address"), "")
PASSWORD = (_("Password"), "")
NEW_PASSWORD = (
    _("New password"),
    format_lazy(
        _("At least {least} characters. Three words that nobody would put together work well."),
        least=SHORTEST_PASSWORD,
    ),
)
NEW_PASSWORD_AGAIN = (_("New password again"), "")
MAILED_CODE = (
    _("Code"),
    _("Eight letters, like BCDF-GHJK. Capital or small, with the dash or without."),
)
APP_CODE = (_("Code from your app"), _("Six digits, like 123456."))


class PlainWords:
    """Takes labels and hints from `words` and removes placeholders."""

    words: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
            if name == "code":
                field.widget.attrs.update(spellcheck="false", autocapitalize="characters")


class SignupForm(PlainWords, account.SignupForm):
    words = {
        "email": (_("E-mail address"), _("We send a code to it, to see that it is yours.")),
        "password1": (
            _("Password"),
            format_lazy(
                _(
                    "At least {least} characters. Leave it empty and we e-mail you a code each "
                    "time you sign in."
                ),
                least=SHORTEST_PASSWORD,
            ),
        ),
    }

    def try_save(self, request):
        """Hash a password for a known address too, so that both cases take equally long."""
        if self.account_already_exists and self.cleaned_data.get("password1"):
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


def _remember_label():
    lasts = datetime.timedelta(seconds=settings.ACCOUNT_SESSION_COOKIE_AGE)
    return gettext("Keep me signed in on this device for %(period)s") % {"period": in_words(lasts)}


remember_label = lazy(_remember_label, str)


class LoginForm(PlainWords, account.LoginForm):
    words = {
        "login": EMAIL,
        "password": PASSWORD,
        "remember": (remember_label(), ""),
    }


class AskedByOneCaller:
    """Limits one caller's requests for one account (rate `ask`); others may still ask for it."""

    def clean_email(self):
        email = super().clean_email()
        if email:
            caller = f"{email.lower()} {device_of(context.request, email)}"
            if not limit(context.request, "ask", who=caller):
                raise get_adapter().validation_error("rate_limited")
        return email


class RequestLoginCodeForm(PlainWords, AskedByOneCaller, account.RequestLoginCodeForm):
    words = {"email": EMAIL}


class ConfirmLoginCodeForm(PlainWords, account.ConfirmLoginCodeForm):
    words = {"code": MAILED_CODE}


class ConfirmEmailVerificationCodeForm(PlainWords, account.ConfirmEmailVerificationCodeForm):
    words = {"code": MAILED_CODE}


class ConfirmPasswordResetCodeForm(PlainWords, account.ConfirmPasswordResetCodeForm):
    words = {"code": MAILED_CODE}


class ResetPasswordForm(PlainWords, AskedByOneCaller, account.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Password now"), ""),
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD_AGAIN,
    }


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    words = {"password": PASSWORD}


class AddEmailForm(PlainWords, account.AddEmailForm):
    words = {"email": (_("New e-mail address"), _("We send a code to it."))}


class SecondFactorForm(PlainWords, mfa.AuthenticateForm):
    words = {"code": (APP_CODE[0], _("Six digits, or one of your recovery codes."))}


class SecondFactorAgainForm(PlainWords, mfa.ReauthenticateForm):
    words = SecondFactorForm.words


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    words = {"code": APP_CODE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def key_in_fours(self):
        """Groups of four, so that a narrow screen can break the line; copying it adds no spaces."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


class DetailsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "phone"]
        labels = {"name": _("Your name"), "phone": _("Telephone number")}
        help_texts = {"name": _("As the people you work with know you.")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }
