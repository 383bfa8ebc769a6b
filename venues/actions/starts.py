"""From the start page to a draft: the emailed link, and its single use."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import welcome
from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.letters import url
from venues.links import start_token
from venues.models import Organisation, OrganisationSignUp, Scheme, SignUp, Start

from .organisation_sign_ups import start_for_new_organisation
from .rounds import count_asked
from .sign_ups import start_sign_up


@transaction.atomic
def send_start(*, email: str, scheme: Scheme, postcode: str = "") -> Start:
    """Email the link that starts a sign-up. No account is created until it is used.

    `postcode` is the place's; an organisation that signs up as a whole gives none.
    """
    start = Start.objects.create(email=email.lower(), postcode=postcode, scheme=scheme)
    count_asked(start)
    emails.start_link(start, url("start_sign_up", start_token(start)))
    return start


@transaction.atomic
def use_start(start: Start) -> tuple[User, SignUp | None]:
    """Use the link: create or fetch the account, and start a draft at its postcode.

    Creates no draft for somebody who has other places: they are asked first whether it is one of
    those. The caller must have verified that the user holds the link of a new address, or is logged
    in as its owner.
    """
    user = _spend(start)
    sign_up = begun(user, start)
    if sign_up is None and not SignUp.objects.of_member(user).exists():
        sign_up = start_sign_up(
            scheme=start.scheme, postcode=start.postcode, by=user, asked_at=start.asked_at
        )
    return user, sign_up


@transaction.atomic
def use_start_for_organisation(start: Start) -> tuple[User, OrganisationSignUp | None]:
    """The same for an organisation: no draft for somebody who looks after organisations, who is
    asked first whether it is one of those.
    """
    user = _spend(start)
    managed = Organisation.objects.managed_by(user)
    sign_up = OrganisationSignUp.objects.live().filter(
        organisation__in=managed, scheme=start.scheme
    )
    if found := sign_up.first():
        return user, found
    if managed.exists():
        return user, None
    return user, start_for_new_organisation(start.scheme, by=user)


def _spend(start: Start) -> User:
    """Mark the link as used; returns the account of its address."""
    start = lock(start)
    if start.used_at:
        raise Refused(_("This link has been used already. Sign in to go on."))
    start.used_at = timezone.now()
    start.save(update_fields=["used_at"])
    return welcome(start.email)


def begun(user: User, start: Start) -> SignUp | None:
    """The draft this person already started at this postcode, to continue it."""
    if not user.is_authenticated:
        return None
    return (
        SignUp.objects.managed_by(user)
        .filter(scheme=start.scheme, state="draft", started_by=user)
        .filter(venue__postcode=start.postcode)
        .first()
    )
