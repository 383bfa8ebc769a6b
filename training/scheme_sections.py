"""The upcoming sessions on a scheme's public page."""

import datetime
from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.models import Session
from training.rules import shown_sessions
from venues.models import Scheme
from venues.scheme_sections import Line, Section, register

SHOWN = 5


def _sessions(scheme: Scheme, at: datetime.datetime) -> Iterable[Line]:
    if not scheme.has_training:
        return
    for session in shown_sessions(at).filter(scheme=scheme)[:SHOWN]:
        seats = {"session": session, "left": session.left}
        left = " ".join(render_to_string("training/_seats_left.html", seats).split())
        for_anybody = session.is_for_anybody and session.left
        yield Line(
            session.topic,
            reverse("session", args=[session.pk]),
            f"{_when(session)}, {_where(session)}",
            _("%(left)s: anybody can book") % {"left": left} if for_anybody else left,
        )
    yield Line(_("All sessions, or tell us what you want to learn"), reverse("sessions"))


def _when(session: Session) -> str:
    return date_format(timezone.localtime(session.starts_at), "D j F, H:i")


def _where(session: Session) -> str:
    if session.is_online:
        return _("by video")
    return session.public_place or _("in a room")


register(Section(gettext_lazy("Training"), _sessions, order=10))
