"""Giving and removing officers' roles."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.models import Event, Officer, Scheme


@transaction.atomic
def give_role(scheme: Scheme, *, email: str, role: str, by: User) -> Officer:
    """Make the person with this address an officer of the scheme, or change their role.

    A new user logs in with a code sent to the address, so there is no password to hand over.
    """
    if role not in Officer.Role.values:
        raise Refused(_("There is no such role."))
    scheme = lock(scheme)
    people = get_user_model().objects
    person = people.filter(email__iexact=email.strip()).first() or people.create_user(email)
    officer = Officer.objects.filter(scheme=scheme, user=person).first()
    if officer and officer.role == role:
        raise Refused(_("This person has this role already."))
    if officer:
        _refuse_to_lose_the_last_administrator(officer)
        officer.role = role
        officer.save(update_fields=["role"])
    else:
        officer = Officer.objects.create(scheme=scheme, user=person, role=role)
    Event.objects.record(
        "venues.role_given", scheme=scheme, by=by, about=officer, role=str(officer.role)
    )
    return officer


@transaction.atomic
def take_role(officer: Officer, *, by: User) -> None:
    """Remove a person's role in the scheme; what they did stays in the history."""
    # Lock the scheme, so that two administrators removing each other cannot leave it with none.
    lock(officer.scheme)
    officer = Officer.objects.get(pk=officer.pk)
    _refuse_to_lose_the_last_administrator(officer)
    Event.objects.record(
        "venues.role_taken",
        scheme=officer.scheme,
        by=by,
        role=str(officer.role),
        user=officer.user_id,
    )
    officer.delete()


def _refuse_to_lose_the_last_administrator(officer: Officer) -> None:
    administrators = Officer.objects.filter(
        scheme=officer.scheme_id, role=Officer.Role.ADMINISTRATOR
    )
    if officer.role == Officer.Role.ADMINISTRATOR and administrators.count() == 1:
        raise Refused(_("A scheme needs an administrator: name another one first."))
