"""What training is made of, and how far people have come. Import from here."""

from .enrolments import Enrolment
from .modules import Choice, Module, Question, Section

__all__ = ["Choice", "Enrolment", "Module", "Question", "Section"]
