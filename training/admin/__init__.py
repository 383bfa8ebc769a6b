"""Officers' pages about training. One module a noun; the admin's autodiscovery imports them."""

from . import enrolments, modules, questions

__all__ = ["enrolments", "modules", "questions"]
