"""Attendance at the door: a plain page for a telephone, which may be sent twice without harm."""

from dataclasses import dataclass

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import complain, refusals_as_messages
from partnership.actions import attendance as attending
from partnership.forms.meetings import HOW, WalkInForm
from partnership.models import Attendance, Meeting
from partnership.models.attendance import CAME
from partnership.rules.meetings import organisations_of, why_no_register

Outcome = Attendance.Outcome


@dataclass(frozen=True)
class DoorRow:
    """One line at the door: ticked or not, and how."""

    row: Attendance

    @property
    def is_here(self) -> bool:
        return self.row.outcome in CAME

    @property
    def how(self) -> str:
        """What is chosen beforehand: what was ticked, else what was replied."""
        if self.is_here:
            return self.row.outcome
        return Outcome.DEPUTY if self.row.reply == "deputy" else Outcome.PRESENT


class Register:
    """The pages of the register, beside the others of a meeting."""

    def register_pages(self):
        return [
            ("<int:pk>/register/", self.register, "meeting_register"),
            ("<int:pk>/register/save/", self.take_attendance, "take_attendance"),
            ("<int:pk>/register/close/", self.close_register, "close_meeting_register"),
            ("<int:pk>/register/walk-in/", self.add_walk_in, "add_meeting_walk_in"),
        ]

    @method_decorator([never_cache, require_safe])
    def register(self, request, pk):
        meeting = self.own(request, pk, "take_attendance")
        return self._register_page(request, meeting, None)

    @method_decorator(require_POST)
    def take_attendance(self, request, pk):
        """Save the ticks; a second button closes the register with the same press."""
        meeting = self.own(request, pk, "take_attendance")
        closing = "close" in request.POST
        with refusals_as_messages(request, "" if closing else _("Saved.")):
            attending.take_attendance(meeting, _ticks(request.POST), by=request.user)
            if closing:
                return self.close_register(request, pk)
        return redirect("admin:meeting_register", pk)

    @method_decorator(require_POST)
    def close_register(self, request, pk):
        meeting = self.own(request, pk, "take_attendance")
        with refusals_as_messages(request, _("The register is closed.")):
            attending.close_register(meeting, by=request.user)
            return redirect("admin:partnership_meeting_change", pk)
        return redirect("admin:meeting_register", pk)

    @method_decorator(require_POST)
    def add_walk_in(self, request, pk):
        meeting = self.own(request, pk, "take_attendance")
        form = _walk_in_form(meeting, request.POST)
        if not form.is_valid():
            complain(request, form)
            return self._register_page(request, meeting, form)
        with refusals_as_messages(request, _("Welcome. They are on the list.")):
            attending.add_walk_in(meeting, by=request.user, **form.who())
        return redirect("admin:meeting_register", pk)

    def _register_page(self, request, meeting, form):
        rows = list(meeting.attendances.select_related("organisation", "partner"))
        page = {
            "meeting": meeting,
            "series": meeting.scheme.series,
            "rows": [DoorRow(row) for row in sorted(rows, key=lambda row: str(row.who).lower())],
            "here": sum(row.outcome in CAME for row in rows),
            "how": HOW,
            "outcomes": Outcome.choices,
            "is_held": meeting.state == Meeting.State.HELD,
            "closed": why_no_register(meeting, timezone.now()),
            "form": form or _walk_in_form(meeting),
        }
        return render(request, "partnership/register.html", page)


def _walk_in_form(meeting, data=None):
    """Whoever is in the scheme and not on the list yet."""
    there = meeting.attendances
    organisations = organisations_of(meeting.scheme).exclude(
        pk__in=there.filter(organisation__isnull=False).values("organisation")
    )
    partners = meeting.scheme.partners.current().exclude(
        pk__in=there.filter(partner__isnull=False).values("partner")
    )
    return WalkInForm(data, organisations=organisations, partners=partners)


def _ticks(sent):
    """What the form says of each row that it showed: at the door a tick and a way, afterwards the
    outcome itself."""
    for key in sent.getlist("row"):
        if not key.isdecimal():
            continue
        was = sent.get(f"was_{key}", "")
        if f"outcome_{key}" in sent:
            now = sent[f"outcome_{key}"]
        else:
            now = sent.get(f"how_{key}", "") if f"here_{key}" in sent else ""
            was = was if was in CAME else ""
        yield attending.Tick(int(key), was, now)
