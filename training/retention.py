"""How long training data is kept: rows of `common.retention`."""

import datetime

from django.utils.translation import gettext_lazy as _

from common.retention import Period, keep_for
from training.models import Booking, Interest, SeatRequest


@keep_for(
    "interest",
    Period(months=12),
    _("Interest in training is deleted %(period)s after it was registered."),
)
def delete_old_interest(before: datetime.datetime) -> int:
    """Delete interest registered before then. Returns how many."""
    deleted, __ = Interest.objects.filter(asked_at__lt=before).delete()
    return deleted


@keep_for(
    "seat_requests",
    Period(days=7),
    _("A request for a seat at a session is deleted %(period)s after it was made."),
)
def delete_old_seat_requests(before: datetime.datetime) -> int:
    """Delete requests made before then, booked or not: the booking stays. Returns how many."""
    deleted, __ = SeatRequest.objects.filter(asked_at__lt=before).delete()
    return deleted


@keep_for(
    "guests",
    Period(months=12),
    _("The booking of somebody who booked for themselves is deleted %(period)s after the session."),
)
def delete_old_guests(before: datetime.datetime) -> int:
    """Delete bookings of guests at sessions that started before then. Returns how many."""
    old = Booking.objects.of_guests().filter(session__starts_at__lt=before)
    number = old.count()
    old.delete()
    return number
