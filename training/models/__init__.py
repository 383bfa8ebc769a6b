"""Training content and people's progress. Import from here."""

from .bookings import Booking, SeatRequest
from .enrolments import Enrolment
from .feedback import Answered, Feedback, Ticked
from .interests import Interest
from .modules import Choice, Module, Question, Refresher, Section
from .papers import Fact, OutlineStep, Paper
from .pictures import Picture
from .sessions import Session

__all__ = [
    "Answered",
    "Booking",
    "Choice",
    "Enrolment",
    "Fact",
    "Feedback",
    "Interest",
    "Module",
    "OutlineStep",
    "Paper",
    "Picture",
    "Question",
    "Refresher",
    "SeatRequest",
    "Section",
    "Session",
    "Ticked",
]
