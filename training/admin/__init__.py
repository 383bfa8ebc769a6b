"""Officers' training pages, one module per noun; autodiscovery imports them."""

from . import enrolments, interests, modules, questions, sessions

__all__ = ["enrolments", "interests", "modules", "questions", "sessions"]
