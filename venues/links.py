"""Signed links that let a venue's people do one thing without an account."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from common import signed_links
from common.refusals import Refused
from venues.models import DutyLink, Invitation, Scheme, SignUp, Start

START = "venues.start_sign_up"
START_LASTS = timedelta(days=3)
DUTY = "venues.duty"


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


def read_invitation(token: str) -> Invitation:
    """The invitation behind a link, or Refused in words."""
    pk = signed_links.read("invitation", token)
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk)
    found = invitation.first()
    if found is None:
        raise Refused(_("This invitation was taken back."))
    if found.accepted_at:
        raise Refused(_("This invitation has been used already. You can sign in."))
    return found


def read_agreement(token: str) -> SignUp:
    """The sign-up whose venue is asked to confirm what an officer entered."""
    pk = signed_links.read("confirm_agreement", token)
    return SignUp.objects.select_related("venue__organisation", "scheme").get(pk=pk)


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
