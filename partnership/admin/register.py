"""The register at the door: a plain page for a telephone, safe to submit twice."""

from dataclasses import dataclass

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from partnership.actions import attendance as attending
from partnership.forms.meetings import HOW, WalkInForm
from partnership.models import Attendance, Meeting
from partnership.models.attendance import CAME
from partnership.rules.meetings import organisations_of, why_no_register

Outcome = Attendance.Outcome


@dataclass(frozen=True)
class DoorRow:
    """One row at the door: ticked or not, and how they came."""

    row: Attendance

    @property
    def is_here(self) -> bool:
        return self.row.outcome in CAME

    @property
    def how(self) -> str:
        """The preselected choice: the tick's, otherwise the reply's."""
        if self.is_here:
            return self.row.outcome
        return Outcome.DEPUTY if self.row.reply == "deputy" else Outcome.PRESENT


class TicksForm(forms.Form):
    """The rows on the page: a tick and a way of coming, or the outcome once closed."""

    def clean(self):
        return {"ticks": list(self._ticks()), "close": "close" in self.data}

    def _ticks(self):
        for key in self.data.getlist("row"):
            if not key.isdecimal():
                continue
            was = self.data.get(f"was_{key}", "")
            if f"outcome_{key}" in self.data:
                now = self.data[f"outcome_{key}"]
            else:
                now = self.data.get(f"how_{key}", "") if f"here_{key}" in self.data else ""
                was = was if was in CAME else ""
            yield attending.Tick(int(key), was, now)


class AtTheDoor(Decision):
    """A decision posted from the register and returning there. Several phones may post at once."""

    permission = "take_attendance"
    checks_version = False

    def back(self, desk, meeting):
        return reverse("admin:meeting_register", args=[meeting.pk])


class TakeAttendance(AtTheDoor):
    """Save the ticks; a second button also closes the register."""

    words = _("Save the register")
    route = "<int:pk>/register/save/"
    form = TicksForm
    template = ""

    def do(self, meeting, *, by, ticks, close):
        attending.take_attendance(meeting, ticks, by=by)
        if close:
            attending.close_register(meeting, by=by)
        return close

    def said(self, meeting, closed):
        return _("The register is closed.") if closed else _("Saved.")

    def after(self, desk, meeting, closed):
        if closed:
            return reverse("admin:partnership_meeting_change", args=[meeting.pk])
        return self.back(desk, meeting)


class CloseMeetingRegister(AtTheDoor):
    words = _("Close the register")
    done = _("The register is closed.")
    action = attending.close_register
    template = ""
    route = "<int:pk>/register/close/"

    def after(self, desk, meeting, outcome):
        return reverse("admin:partnership_meeting_change", args=[meeting.pk])


class AddMeetingWalkIn(AtTheDoor):
    words = _("Somebody who is not on the list")
    done = _("Welcome. They are on the list.")
    action = attending.add_walk_in
    route = "<int:pk>/register/walk-in/"
    form = WalkInForm

    def form_kwargs(self, meeting, user):
        """Offer members and partners of the scheme who are not on the list yet."""
        there = meeting.attendances
        organisations = organisations_of(meeting.scheme).exclude(
            pk__in=there.filter(organisation__isnull=False).values("organisation")
        )
        partners = meeting.scheme.partners.current().exclude(
            pk__in=there.filter(partner__isnull=False).values("partner")
        )
        return {"organisations": organisations, "partners": partners}

    def cleaned(self, form, meeting):
        return form.who()


DOOR = [TakeAttendance, CloseMeetingRegister, AddMeetingWalkIn]


class Register:
    """The register, among the pages of a meeting."""

    @officers_page("<int:pk>/register/", name="meeting_register", permission="take_attendance")
    def register(self, request, meeting):
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
            "form": AddMeetingWalkIn().form_for(meeting, request.user),
        }
        return render(request, "partnership/register.html", page)
