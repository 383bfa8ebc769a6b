"""Messages about the seats just requested at a session."""

from collections.abc import Collection

from django.utils.translation import ngettext

from training.models import Booking


def booking_outcome_message(bookings: Collection[Booking]) -> str:
    """How many of the seats just requested are booked, and how many are waiting."""
    waiting = [each for each in bookings if each.state == Booking.State.WAITING]
    booked = len(bookings) - len(waiting)
    said = []
    if booked:
        said.append(
            ngettext("%(count)s seat is booked.", "%(count)s seats are booked.", booked)
            % {"count": booked}
        )
    if waiting:
        said.append(
            ngettext(
                "Every seat is taken now: %(count)s person is on the waiting list.",
                "Every seat is taken now: %(count)s people are on the waiting list.",
                len(waiting),
            )
            % {"count": len(waiting)}
        )
    return " ".join(said)
