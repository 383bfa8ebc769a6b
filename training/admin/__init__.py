"""Officers' pages about training. One module a noun; the admin's autodiscovery imports them."""

from . import enrolments, interests, modules, questions, sessions

__all__ = ["enrolments", "interests", "modules", "questions", "sessions"]
