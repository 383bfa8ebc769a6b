"""What training is made of, and how far people have come. Import from here."""

from .bookings import Booking
from .enrolments import Enrolment
from .interests import Interest
from .modules import Choice, Module, Question, Section
from .sessions import Session

__all__ = [
    "Booking",
    "Choice",
    "Enrolment",
    "Interest",
    "Module",
    "Question",
    "Section",
    "Session",
]
