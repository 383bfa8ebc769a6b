"""Signed links to one seat at a session, without an account."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import signed_links
from common.refusals import Refused
from common.retention import period_of
from training.models import Booking, Interest, SeatRequest
from training.rules import LINK_LASTS, why_no_feedback_on_session

PURPOSE = "training.booking"
FEEDBACK = "training.feedback"
INTEREST = "training.interest"
SEAT = "training.seat"
AFTER_THE_SESSION = datetime.timedelta(days=30)


def booking_token(booking: Booking) -> str:
    """A token valid until a month after the session, while the same person holds the seat."""
    left = max(booking.session.ends_at - timezone.now(), datetime.timedelta())
    data = [booking.pk, booking.staff_member_id]
    return signed_links.make(PURPOSE, data, lasts=left + AFTER_THE_SESSION)


def booking_link(booking: Booking) -> str:
    return settings.SITE_URL + reverse("training_booking", args=[booking_token(booking)])


def read_booking(token: str) -> Booking:
    """The booking behind a token; else Refused."""
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


def seat_token(request: SeatRequest) -> str:
    return signed_links.make(SEAT, request.pk, lasts=LINK_LASTS)


def confirm_seat_link(request: SeatRequest) -> str:
    """The link, sent to the address of a request, that books the seat."""
    return settings.SITE_URL + reverse("confirm_seat", args=[seat_token(request)])


def read_seat(token: str) -> SeatRequest:
    """The request behind a token; else Refused."""
    requests = SeatRequest.objects.select_related(
        "session__scheme", "session__module", "session__venue", "booking__session"
    )
    request = requests.filter(pk=signed_links.read(SEAT, token)).first()
    if request is None:
        raise Refused(_("This request was deleted. Book again if you still want to come."))
    return request


def feedback_link(booking: Booking) -> str:
    """The link to give feedback on a session attended; works once, for a month."""
    token = signed_links.make(FEEDBACK, booking.pk, lasts=AFTER_THE_SESSION)
    return settings.SITE_URL + reverse("session_feedback", args=[token])


def read_feedback(token: str) -> Booking:
    """The booking of somebody who may still give feedback; else Refused."""
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
    """The link to delete an interest registered without an account."""
    token = signed_links.make(INTEREST, interest.pk, lasts=period_of("interest").longest)
    return settings.SITE_URL + reverse("leave_interest", args=[token])


def read_interest(token: str) -> Interest:
    interest = Interest.objects.filter(pk=signed_links.read(INTEREST, token)).first()
    if interest is None:
        raise Refused(_("It is deleted already. There is nothing left to do."))
    return interest
