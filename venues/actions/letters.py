"""A letter that follows a decision which could not wait for it."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from venues import emails
from venues.models import Event, SignUp


@transaction.atomic
def send_suspension_letter(sign_up: SignUp, *, letter: str, by) -> SignUp:
    """Tell the venue that it is suspended, in the officer's words; never the reason by itself."""
    sign_up = SignUp.objects.select_for_update(of=("self",)).get(pk=sign_up.pk)
    if sign_up.state != SignUp.State.SUSPENDED:
        raise Refused(_("The venue is not suspended."))
    if not letter.strip():
        raise Refused(_("The letter is empty."))
    Event.objects.record("venues.suspension_letter_sent", sign_up=sign_up, by=by)
    emails.letter(sign_up, _("About your membership: %s") % sign_up.venue, letter)
    return sign_up
