import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.backends import ModelBackend

from accounts.models import User

PASSWORD = "copper kettle meadow"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class StubOfficers(ModelBackend):
    """Gives a role to anybody named Officer; the real backend lives in `venues`."""

    def has_perm(self, user_obj, perm, obj=None):
        return perm == "venues.officer" and user_obj.name == "Officer"


def app_code(secret=SECRET, at=None):
    """The code an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def mailed_code(mailoutbox):
    return re.search(r"^[B-Z]{4}-[B-Z]{4}$", mailoutbox[-1].body, re.MULTILINE).group()


def make_person(email="sam@example.org", *, password=PASSWORD, **details):
    user = User.objects.create_user(email, password, **details)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture(autouse=True)
def _land_on_the_account(settings):
    settings.LOGIN_REDIRECT_URL = "your_account"
    settings.ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"


@pytest.fixture
def person(db):
    return make_person()


@pytest.fixture
def officer(db, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    settings.AUTHENTICATION_BACKENDS = [
        "allauth.account.auth_backends.AuthenticationBackend",
        "tests.accounts.conftest.StubOfficers",
    ]
    return make_person("olu@council.example", name="Officer")


@pytest.fixture
def officer_with_app(officer):
    TOTP.activate(officer, SECRET)
    return officer
