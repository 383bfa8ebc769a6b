"""Letters, queued in the transaction that causes them. One module per noun."""

from .enrolments import (
    invited_to_training,
    refresher,
    training_link,
    training_of_people_ends,
    you_passed,
    your_training_ends,
)
from .registers import attendance_withdrawn, register_closed
from .sessions import (
    booked_already,
    booking_ended,
    confirm_seat,
    name_needed,
    person_named,
    place_offered,
    places_asked_for,
    places_booked,
    reminder,
    session_cancelled,
    session_moved,
    session_planned,
)

__all__ = [
    "attendance_withdrawn",
    "booked_already",
    "booking_ended",
    "confirm_seat",
    "invited_to_training",
    "name_needed",
    "person_named",
    "place_offered",
    "places_asked_for",
    "places_booked",
    "refresher",
    "register_closed",
    "reminder",
    "session_cancelled",
    "session_moved",
    "session_planned",
    "training_link",
    "training_of_people_ends",
    "you_passed",
    "your_training_ends",
]
