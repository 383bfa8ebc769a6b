"""The links by which a venue's people do one thing without an account."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from common import signed_links
from common.refusals import Refused
from venues.letters import notify, url
from venues.models import Invitation, Scheme, SignUp

START = "venues.start_sign_up"
START_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Start:
    """What somebody asked for on the start page."""

    email: str
    postcode: str
    scheme: Scheme


def send_start(*, email: str, postcode: str, scheme: Scheme) -> None:
    """Mail the link that starts a sign-up. The address is in it, as it is on the letter: no
    account is made for somebody who asked and never came."""
    token = signed_links.make(START, [email.lower(), postcode, scheme.pk], lasts=START_LASTS)
    notify("venues.start", [email], scheme=scheme, link=url("start_sign_up", token))


def read_start(token: str) -> Start:
    email, postcode, scheme = signed_links.read(START, token)
    found = Scheme.objects.open().filter(pk=scheme).first()
    if found is None:
        raise Refused(_("This scheme does not take new places at the moment."))
    return Start(email, postcode, found)


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
