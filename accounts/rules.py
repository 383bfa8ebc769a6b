"""Rules about people who sign in. Roles live in `venues`, whose backend answers for them."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

SECOND_FACTOR_GIVEN = "accounts_second_factor_given"


def is_officer(user: User) -> bool:
    """Whether this person has a role in any scheme or looks after the server."""
    return user.is_active and (user.is_staff or user.has_perm(settings.OFFICER_PERMISSION))


def needs_second_factor(user: User) -> bool:
    """Whether they need a second factor: officers see people's details, so a password or a mailbox
    alone is not enough.
    """
    return settings.OFFICERS_NEED_SECOND_FACTOR and is_officer(user)


def has_second_factor(user: User) -> bool:
    return get_adapter().is_mfa_enabled(user)


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether the second factor was given in this session; having set one up is not enough."""
    if request.session.get(SECOND_FACTOR_GIVEN) == request.user.pk:
        return True
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)
