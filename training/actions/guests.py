"""Seats that people book for themselves, without an account.

Nothing on screen tells whether an address is booked: the letter to that address does.
"""

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training import emails
from training.models import Booking, SeatRequest, Session
from training.rules import booked_with, why_not_ask_for_seat
from venues.models import Event

from .bookings import State, cancel_booking, free_seats


@transaction.atomic
def ask_for_seat(session: Session, *, name: str, email: str) -> None:
    """Write to the address with a link that books the seat; without it nothing is booked.

    Somebody who asks again gets another letter, and somebody who is booked the link to their seat.
    """
    session = lock(session)
    now = timezone.now()
    if reasons := why_not_ask_for_seat(session, now):
        raise Refused(*reasons)
    if booking := booked_with(session, email):
        emails.booked_already(session, booking)
        return
    same = SeatRequest.objects.annotate(lowered=Lower("email")).filter(
        session=session, lowered=email.lower(), booking__isnull=True
    )
    pk = same.values_list("pk", flat=True).first()
    request = SeatRequest.objects.get(pk=pk) if pk else SeatRequest(session=session, email=email)
    request.name, request.asked_at = name, now
    request.save()
    emails.confirm_seat(request)


@transaction.atomic
def confirm_seat(request: SeatRequest) -> Booking:
    """Book the seat, or a place on the waiting list, for whoever pressed the link. Idempotent."""
    session = lock(request.session)
    found = SeatRequest.objects.select_related("booking").filter(pk=request.pk).first()
    if found is None:
        raise Refused(_("This request was deleted. Book again if you still want to come."))
    if found.booking:
        return found.booking
    now = timezone.now()
    if reasons := why_not_ask_for_seat(session, now):
        raise Refused(*reasons)
    if booking := booked_with(session, found.email):
        found.delete()
        return booking
    has_seat = free_seats(session) > 0
    booking = Booking.objects.create(
        session=session,
        name=found.name,
        email=found.email,
        state=State.BOOKED if has_seat else State.WAITING,
        booked_at=now if has_seat else None,
        asked_at=now,
    )
    found.booking = booking
    found.save(update_fields=["booking"])
    Event.objects.record_about("training.booked_for_themselves", booking, by=None)
    emails.places_asked_for(session, [booking])
    return booking


@transaction.atomic
def forget_guest(booking: Booking, *, by: User | None = None) -> None:
    """Delete a guest's booking with their name and address; a seat still to come is given up."""
    if not booking.is_guest:
        raise Refused(_("This seat belongs to a place. Its managers can give it up."))
    session = lock(booking.session)
    upcoming = not session.cancelled_at and session.starts_at > timezone.now()
    if upcoming and not session.register_closed_at:
        booking = cancel_booking(booking, by=by)
    Event.objects.record_about("training.guest_forgotten", session, by=by)
    booking.delete()
