"""A trainer's pages at the door: small, without JavaScript, and safe to submit twice."""

import datetime
from dataclasses import dataclass

from django import forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, Office, officers_page
from training import actions
from training.forms import CorrectionForm, DoorNameForm, VenueForm, WalkInForm
from training.models import Session
from training.rules import (
    people_shown,
    register,
    sign_ups_to_train,
    what_closing_does,
    what_correction_changes,
    why_no_register,
    why_not_close,
)
from venues.models import SignUp

LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class AtSession:
    """A venue whose people are added to a session's list."""

    session: Session
    sign_up: SignUp

    @classmethod
    def of(cls, session: Session, sign_up_pk: int) -> "AtSession":
        return cls(session, get_object_or_404(sign_ups_to_train([session.scheme]), pk=sign_up_pk))


class AtTheDoor(Decision):
    """A decision posted from the register's pages and returning there. Idempotent."""

    site = ""
    checks_version = False
    shows_errors = True


class TicksForm(forms.Form):
    """The register as drawn and as ticked; unreadable values are ignored."""

    def clean(self):
        numbers = {name: self._numbers(name) for name in ("was", "came", "shown")}
        return {**numbers, "drawn_at": self._drawn_at(), "close": "close" in self.data}

    def _numbers(self, name):
        return {int(each) for each in self.data.getlist(name) if each.isdecimal()}

    def _drawn_at(self) -> datetime.datetime:
        """When the page was drawn; the distant past if unreadable, so that newer ticks win."""
        try:
            drawn_at = parse_datetime(self.data.get("drawn_at", ""))
        except ValueError:
            return LONG_AGO
        return drawn_at if drawn_at and timezone.is_aware(drawn_at) else LONG_AGO


class TakeRegister(AtTheDoor):
    """Save the ticks; if asked to close, show what closing will do."""

    words = _("Save the ticks")
    route = "take/"
    form = TicksForm
    template = ""

    def do(self, session, *, by, close, **ticks):
        left = actions.take_register(session, by=by, **ticks)
        return left, close and not left

    def complaint(self, session, outcome):
        left, _close = outcome
        if not left:
            return ""
        names = get_text_list([booking.who for booking in left], _("and"))
        words = _("Changed on another telephone since, and left as it is: %(names)s.")
        return words % {"names": names}

    def said(self, session, outcome):
        return _("Saved.")

    def after(self, desk, session, outcome):
        _left, close = outcome
        return reverse("close_register", args=[session.pk]) if close else self.back(desk, session)


class AddWalkIn(AtTheDoor):
    """Add somebody who is not on the list: first the venue, then its people."""

    words = _("Put on the list")
    done = _("On the list, and ticked.")
    route = "walk-in/<int:sign_up_pk>/"
    template = "admin/training/walk_in.html"

    def part(self, session, user, sign_up_pk):
        return AtSession.of(session, sign_up_pk), {}

    def form_for(self, at, user, data=None, files=None):
        people = people_shown(at.sign_up, timezone.localdate())
        if data is None:  # a resent form finds the person already listed
            there = at.session.bookings.live().filter(attended=True, staff_member__isnull=False)
            people = people.exclude(pk__in=there.values("staff_member"))
        return WalkInForm(data, people=people, is_closed=bool(at.session.register_closed_at))

    def do(self, at, *, by, first_name, email, token, people=(), reason=""):
        return actions.add_walk_ins(
            at.session,
            at.sign_up,
            by=by,
            people=people,
            first_name=first_name,
            email=email,
            asked_with=token,
            reason=reason,
        )

    def context(self, desk, request, at):
        return {"session": at.session, "sign_up": at.sign_up}


class OfBooking(AtTheDoor):
    """A decision about one booking of the session."""

    def bookings(self, session):
        return session.bookings.all()

    def part(self, session, user, booking_pk):
        found = self.bookings(session).select_related(
            "staff_member", "sign_up__venue__organisation"
        )
        booking = get_object_or_404(found, pk=booking_pk)
        booking.session = session
        return booking, {}

    def context(self, desk, request, booking):
        return {"session": booking.session, "booking": booking}


class LetIn(OfBooking):
    words = _("Let in")
    action = actions.let_in
    route = "<int:booking_pk>/let-in/"
    template = ""

    def said(self, booking, outcome):
        return _("%(name)s is on the list, and ticked.") % {"name": booking.who}


class NameAtDoor(OfBooking):
    """Name the person on an unnamed seat."""

    words = _("Put on the list")
    done = _("On the list, and ticked.")
    route = "<int:booking_pk>/name/write/"
    asked_at = ("<int:booking_pk>/name/", "name_seat")
    template = "admin/training/name_seat.html"

    def bookings(self, session):
        return session.bookings.filter(sign_up__isnull=False)

    def form_for(self, booking, user, data=None, files=None):
        people = people_shown(booking.sign_up, timezone.localdate())
        if data is None:
            listed = booking.session.bookings.live().filter(staff_member__isnull=False)
            people = people.exclude(pk__in=listed.values("staff_member"))
        return DoorNameForm(data, people=people)

    def do(self, booking, *, by, first_name, email, person=None):
        person = None if first_name else person
        return actions.name_at_door(
            booking, by=by, person=person, first_name=first_name, email=email
        )


class CloseRegisterNow(AtTheDoor):
    """Confirm closing: how many complete the training, who is absent, who gets a letter."""

    words = _("Close the register")
    done = _("The register is closed.")
    action = actions.close_register
    permission = "close_register"
    route = "close/now/"
    asked_at = ("close/", "close_register")
    template = "admin/training/close_register.html"

    def possible(self, session, user):
        return not session.register_closed_at

    def context(self, desk, request, session):
        return {
            "session": session,
            "register": register(session),
            "sentences": what_closing_does(session),
            "why_not_close": why_not_close(session, timezone.now()),
        }


class CorrectRegister(OfBooking):
    """Correct the register after showing what the correction undoes or grants."""

    words = _("Correct the register")
    done = _("The register is corrected.")
    action = actions.correct_register
    form = CorrectionForm
    route = "<int:booking_pk>/correct/now/"
    asked_at = ("<int:booking_pk>/correct/", "correct_attendance")
    template = "admin/training/correct_attendance.html"
    checks_version = True

    def bookings(self, session):
        return session.bookings.with_a_person().filter(attended__isnull=False)

    def form_for(self, booking, user, data=None, files=None):
        return CorrectionForm(data)

    def cleaned(self, form, booking):
        return {**form.cleaned_data, "attended": "came" in form.data}

    def context(self, desk, request, booking):
        changes = what_correction_changes(booking, timezone.localdate())
        return {**super().context(desk, request, booking), "changes": changes}


class Register(Office):
    """One session's register and the decisions made from it."""

    base = "admin/training/session/<int:session_pk>/register/"
    key = "session_pk"
    in_admin = False
    decisions = [TakeRegister, AddWalkIn, LetIn, NameAtDoor, CloseRegisterNow, CorrectRegister]

    def things(self, request):
        sessions = Session.objects.for_officer(request.user)
        return sessions.select_related("module", "scheme", "venue")

    def home(self, session, goes_to=""):
        return reverse("session_register", args=[session.pk])

    @officers_page("", permission="take_register")
    def session_register(self, request, session):
        """The list with a large tick box each; once closed, what the register recorded."""
        page = {
            "session": session,
            # Taken before the list is read, so that a tick made in between counts as newer.
            "drawn_at": timezone.now().isoformat(),
            "register": register(session),
            "why_no_register": why_no_register(session, timezone.now()),
            "why_not_close": why_not_close(session, timezone.now()),
        }
        return render(request, "admin/training/register.html", page)

    @officers_page("walk-in/", permission="add_walk_in")
    def walk_in(self, request, session):
        form = VenueForm.asked_by(request, [session.scheme])
        if not form.is_valid():
            page = {"session": session, "form": form}
            return render(request, "admin/training/walk_in.html", page)
        at = AtSession(session, form.cleaned_data["sign_up"])
        return self.decide(request, "add_walk_in", session, at.sign_up.pk, part=at)
