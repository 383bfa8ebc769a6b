"""The only code that changes a person, besides allauth (e-mail, password, second factor)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused


@transaction.atomic
def change_details(user: User, *, name: str, phone: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.phone = name, phone
    user.save(update_fields=["name", "phone"])
    return user


@transaction.atomic
def anonymise(user: User, *, by: User) -> User:
    """Empty the row and close it; the row itself stays, because the history points at it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.anonymised_at:
        raise Refused(_("This person was made anonymous already."))
    if user.pk == by.pk:
        raise Refused(_("You cannot make yourself anonymous. Ask somebody else to do it."))
    user.email = f"person-{user.pk}@anonymous.invalid"
    user.name = user.phone = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.anonymised_at = timezone.now()
    user.set_unusable_password()  # ends every session too: they carry a hash of the password
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    return user


@transaction.atomic
def welcome(email: str) -> User:
    """The user of an address whose mailbox somebody has just opened; made when there is none yet.

    Only call this behind a signed link that was sent to `email` and to nowhere else.
    """
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    if not user.is_active:
        raise Refused(_("This account is closed. Ask the team that runs the scheme."))
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user
