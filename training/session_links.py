"""The way to one place at a session without an account: a signed link that carries its key."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import signed_links
from common.refusals import Refused
from common.retention import period_of
from training.models import Booking, Interest
from training.rules import why_no_feedback_on_session

PURPOSE = "training.booking"
FEEDBACK = "training.feedback"
INTEREST = "training.interest"
AFTER_THE_SESSION = datetime.timedelta(days=30)


def booking_token(booking: Booking) -> str:
    """Works until a month after the session, however far away that is; and for as long as the
    person who is named now keeps the place."""
    left = max(booking.session.ends_at - timezone.now(), datetime.timedelta())
    data = [booking.pk, booking.staff_member_id]
    return signed_links.make(PURPOSE, data, lasts=left + AFTER_THE_SESSION)


def booking_link(booking: Booking) -> str:
    return settings.SITE_URL + reverse("training_booking", args=[booking_token(booking)])


def read_booking(token: str) -> Booking:
    """The booking behind a link, or Refused in words."""
    pk, person = signed_links.read(PURPOSE, token)
    booking = (
        Booking.objects.select_related(
            "session__scheme",
            "session__module",
            "session__venue",
            "sign_up__venue__organisation",
            "staff_member",
        )
        .filter(pk=pk)
        .first()
    )
    if booking is None:
        raise Refused(_("This place was taken off the list."))
    if person and person != booking.staff_member_id:
        raise Refused(_("This place is not yours any more: somebody else is to come."))
    return booking


def feedback_link(booking: Booking) -> str:
    """Where somebody who came to a session says how it was; it works once, for a month."""
    token = signed_links.make(FEEDBACK, booking.pk, lasts=AFTER_THE_SESSION)
    return settings.SITE_URL + reverse("session_feedback", args=[token])


def read_feedback(token: str) -> Booking:
    """The booking of somebody who may still say how the session was, or Refused in words."""
    booking = (
        Booking.objects.select_related("session__module", "session__scheme")
        .filter(pk=signed_links.read(FEEDBACK, token))
        .first()
    )
    if booking is None:
        raise Refused(_("This place was taken off the list."))
    if reasons := why_no_feedback_on_session(booking):
        raise Refused(*reasons)
    return booking


def interest_link(interest: Interest) -> str:
    """The way out of the list for somebody who registered without an account."""
    token = signed_links.make(INTEREST, interest.pk, lasts=period_of("interest").longest)
    return settings.SITE_URL + reverse("leave_interest", args=[token])


def read_interest(token: str) -> Interest:
    interest = Interest.objects.filter(pk=signed_links.read(INTEREST, token)).first()
    if interest is None:
        raise Refused(_("It is deleted already. There is nothing left to do."))
    return interest
