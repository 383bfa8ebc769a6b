"""The only code that changes a user, apart from allauth (email, password, second factor)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import FormerAddress, User
from common.deciding import lock
from common.refusals import Refused


@transaction.atomic
def change_details(user: User, *, name: str, phone: str) -> User:
    user = lock(user)
    user.name, user.phone = name, phone
    user.save(update_fields=["name", "phone"])
    return user


@transaction.atomic
def anonymise(user: User, *, by: User) -> User:
    """Empty the row and close the account. The row itself stays: the history refers to it."""
    user = lock(user)
    if user.anonymised_at:
        raise Refused(_("This person was made anonymous already."))
    if user.pk == by.pk:
        raise Refused(_("You cannot make yourself anonymous. Ask somebody else to do it."))
    user.email = f"person-{user.pk}@anonymous.invalid"
    user.name = user.phone = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.anonymised_at = timezone.now()
    # Also ends every session, since sessions carry a hash of the password.
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    FormerAddress.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    return user


@transaction.atomic
def keep_former_address(user: User, email: str) -> FormerAddress:
    """Keep the address that a change of email replaced, so that its owner can undo the change."""
    return FormerAddress.objects.create(user=user, email=email)


@transaction.atomic
def take_back_address(former: FormerAddress) -> User:
    """Undo a change of email: the old address signs in again, and all sessions end.

    The password is removed too, because whoever changed the address may know or have set it. So is
    an authenticator app added since.
    """
    former = lock(former)
    user = User.objects.select_for_update().get(pk=former.user_id)
    if former.used_at:
        raise Refused(_("The address was taken back already. Sign in with a code."))
    if not user.is_active:
        raise Refused(_("This account is closed. Ask the team that runs the scheme."))
    if User.objects.filter(email__iexact=former.email).exclude(pk=user.pk).exists():
        raise Refused(_("There is another account with this address now. Tell your council."))
    FormerAddress.objects.filter(user=user, changed_at__gte=former.changed_at).update(
        used_at=timezone.now()
    )
    user.email = former.email
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    Authenticator.objects.filter(user=user, created_at__gte=former.changed_at).delete()
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=former.email, verified=True, primary=True)
    sign_out_everywhere(user)
    return user


def sign_out_everywhere(user: User, *, but: str = "") -> None:
    """End all of this person's sessions, except the one with the session key `but`."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()


@transaction.atomic
def welcome(email: str) -> User:
    """The user whose mailbox has just been proved; created if there is none yet.

    Only call this behind a signed link that was sent to `email` and to nowhere else.
    """
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    if not user.is_active:
        raise Refused(_("This account is closed. Ask the team that runs the scheme."))
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user
