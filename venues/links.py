"""Signed links that let a venue's people do one thing without an account."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from common import signed_links
from common.refusals import Refused
from venues.letters import confirming_addresses, venue_addresses
from venues.models import (
    DutyLink,
    Invitation,
    Organisation,
    OrganisationSignUp,
    Scheme,
    SignUp,
    Start,
    Waiting,
)

START = "venues.start_sign_up"
START_LASTS = timedelta(days=3)
DUTY = "venues.duty"
ORGANISATION_AGREEMENT = "confirm_organisation_agreement"
WAITING = "venues.waiting"
WAITING_LASTS = timedelta(days=400)
"""Longer than an address is kept: who wants to be taken off can, as long as it is there."""


def start_token(start: Start) -> str:
    return signed_links.make(START, start.pk, lasts=START_LASTS)


def read_start(token: str) -> Start:
    """The request behind a link, even if already used; otherwise Refused, in words."""
    pk = signed_links.read(START, token)
    found = Start.objects.select_related("scheme").filter(pk=pk) if isinstance(pk, int) else ()
    start = next(iter(found), None)
    if start is None:
        raise Refused(_("This link has run out. Ask for a new one."))
    if not Scheme.objects.open().filter(pk=start.scheme_id).exists():
        raise Refused(_("This scheme does not take new places at the moment."))
    return start


def waiting_token(waiting: Waiting) -> str:
    """For the address itself: to confirm that it wants to be told, and to be taken off."""
    return signed_links.make(WAITING, waiting.pk, lasts=WAITING_LASTS)


def read_waiting(token: str) -> Waiting:
    """The address behind a link; Refused, in words, once it was deleted."""
    pk = signed_links.read(WAITING, token)
    found = Waiting.objects.select_related("scheme").filter(pk=pk).first()
    if found is None:
        raise Refused(_("This address is not on the list, or not any more."))
    return found


def read_invitation(token: str) -> Invitation:
    """The invitation behind a link, or Refused in words."""
    pk = signed_links.read("invitation", token)
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk)
    found = invitation.first()
    if found is None:
        raise Refused(_("This invitation was taken back."))
    if found.accepted_at:
        raise Refused(_("This invitation has been used already. You can sign in."))
    if not _may_invite(found):
        raise Refused(
            _("Whoever invited you no longer looks after %(organisation)s. Ask for a new one.")
            % {"organisation": found.organisation}
        )
    return found


def _may_invite(invitation: Invitation) -> bool:
    """Whether its sender is still a manager there, or an officer of one of its schemes.

    Otherwise a manager could invite another address of theirs before being removed.
    """
    by, organisation = invitation.invited_by, invitation.organisation
    if organisation.memberships.managers().of(by).exists():
        return True
    return Organisation.objects.for_officer(by).filter(pk=organisation.pk).exists()


def agreement_token(sign_up: SignUp, to: Iterable[str], *, lasts: timedelta) -> str:
    """A token for the letter to `to`; it works while all of them look after the place."""
    return signed_links.make(
        "confirm_agreement", [sign_up.pk, *signed_links.marks_of(to)], lasts=lasts
    )


def read_agreement(token: str) -> SignUp:
    """The sign-up whose venue is asked to confirm what an officer entered."""
    data = signed_links.read("confirm_agreement", token)
    pk, *marks = data if isinstance(data, list) else [data]  # a number alone: an older letter
    sign_up = SignUp.objects.select_related("venue__organisation", "scheme").get(pk=pk)
    if marks:
        signed_links.refuse_unless_reached(marks, venue_addresses(sign_up.venue))
    return sign_up


def organisation_agreement_token(
    sign_up: OrganisationSignUp, to: Iterable[str], *, lasts: timedelta
) -> str:
    """A token for the letter to `to`; it works while all of them look after the organisation, or
    are invited to.
    """
    return signed_links.make(
        ORGANISATION_AGREEMENT, [sign_up.pk, *signed_links.marks_of(to)], lasts=lasts
    )


def read_organisation_agreement(token: str) -> OrganisationSignUp:
    """The sign-up whose organisation is asked to confirm what an officer entered."""
    pk, *marks = signed_links.read(ORGANISATION_AGREEMENT, token)
    sign_up = OrganisationSignUp.objects.select_related("organisation", "scheme").get(pk=pk)
    signed_links.refuse_unless_reached(marks, confirming_addresses(sign_up.organisation))
    return sign_up


def duty_token(link: DutyLink) -> str:
    """A token valid until the end of the link's last day."""
    lasts = link.ends_on + timedelta(days=2) - timezone.localdate()
    return signed_links.make(DUTY, link.pk, lasts=lasts)


def read_duty_link(token: str) -> DutyLink:
    """The duty link, even if used or revoked; Refused in words for any other token."""
    pk = signed_links.read(DUTY, token)
    links = DutyLink.objects.select_related("scheme", "suspension__venue")
    link = links.filter(pk=pk).first() if isinstance(pk, int) else None
    if link is None:
        raise Refused(_("This link has run out. Ask for a new one."))
    return link
