"""A trainer's pages at the door: small, without JavaScript, and safe to send twice."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.forms import CorrectionForm, DoorNameForm, PlaceForm, WalkInForm
from training.models import Session
from training.rules import (
    people_of,
    register,
    sign_ups_to_train,
    what_closing_does,
    what_correction_changes,
    why_no_register,
    why_not_close,
)


@never_cache
@require_safe
def session_register(request, session_pk):
    """Who is on the list, with a big tick for each; after closing, what it says of each."""
    session = _session(request, session_pk, "take_register")
    page = {
        "session": session,
        "drawn_at": timezone.now().isoformat(),  # before the list is read
        "register": register(session),
        "why_no_register": why_no_register(session, timezone.now()),
        "why_not_close": why_not_close(session, timezone.now()),
    }
    return render(request, "admin/training/register.html", page)


@require_POST
def take_register(request, session_pk):
    """Save the ticks; asked to close, go on to what closing does."""
    session = _session(request, session_pk, "take_register")
    with refusals_as_messages(request):
        left = actions.take_register(
            session,
            by=request.user,
            was=_numbers(request, "was"),
            came=_numbers(request, "came"),
            shown=_numbers(request, "shown"),
            drawn_at=_drawn_at(request),
        )
        if left:
            names = get_text_list([str(booking.staff_member) for booking in left], _("and"))
            words = _("Changed on another telephone since, and left as it is: %(names)s.")
            messages.error(request, words % {"names": names})
        else:
            messages.success(request, _("Saved."))
        if "close" in request.POST and not left:
            return redirect("close_register", session.pk)
    return redirect("session_register", session.pk)


@require_safe
def walk_in(request, session_pk):
    """Somebody who is not on the list: first the place, then the people who work there."""
    session = _session(request, session_pk, "add_walk_in")
    if "sign_up" not in request.GET:
        return _walk_in_page(request, session, PlaceForm(schemes=[session.scheme]))
    form = PlaceForm(request.GET, schemes=[session.scheme])
    if not form.is_valid():
        return _walk_in_page(request, session, form)
    sign_up = form.cleaned_data["sign_up"]
    return _walk_in_page(request, session, _walk_in_form(session, sign_up), sign_up)


@require_POST
def add_walk_in(request, session_pk, sign_up_pk):
    session = _session(request, session_pk, "add_walk_in")
    sign_up = get_object_or_404(sign_ups_to_train([session.scheme]), pk=sign_up_pk)
    form = _walk_in_form(session, sign_up, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_as_messages(request, _("On the list, and ticked.")):
            actions.add_walk_ins(
                session,
                sign_up,
                by=request.user,
                people=given.get("people", []),
                first_name=given["first_name"],
                email=given["email"],
                asked_with=given["token"],
                reason=given.get("reason", ""),
            )
            return redirect("session_register", session.pk)
    return _walk_in_page(request, session, form, sign_up)


def _walk_in_form(session, sign_up, data=None):
    listed = session.bookings.live().filter(attended=True, staff_member__isnull=False)
    people = people_of(sign_up, timezone.localdate()).exclude(pk__in=listed.values("staff_member"))
    if data is not None:  # sent twice, the person is on the list by now
        people = people_of(sign_up, timezone.localdate())
    return WalkInForm(data, people=people, is_closed=bool(session.register_closed_at))


def _walk_in_page(request, session, form, sign_up=None):
    page = {"session": session, "form": form, "sign_up": sign_up}
    return render(request, "admin/training/walk_in.html", page)


@require_POST
def let_in(request, session_pk, booking_pk):
    session = _session(request, session_pk, "let_in")
    booking = get_object_or_404(session.bookings.select_related("staff_member"), pk=booking_pk)
    words = _("%(name)s is on the list, and ticked.") % {"name": booking.staff_member}
    with refusals_as_messages(request, words):
        actions.let_in(booking, by=request.user)
    return redirect("session_register", session.pk)


@require_safe
def name_place(request, session_pk, booking_pk):
    """Who came on a place that was booked without a name."""
    session, booking = _unnamed(request, session_pk, booking_pk)
    return _name_page(request, session, booking, _name_form(session, booking))


@require_POST
def name_at_door(request, session_pk, booking_pk):
    session, booking = _unnamed(request, session_pk, booking_pk)
    form = _name_form(session, booking, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals_as_messages(request, _("On the list, and ticked.")):
            actions.name_at_door(
                booking,
                by=request.user,
                person=None if given["first_name"] else given.get("person"),
                first_name=given["first_name"],
                email=given["email"],
            )
            return redirect("session_register", session.pk)
    return _name_page(request, session, booking, form)


def _unnamed(request, session_pk, booking_pk):
    session = _session(request, session_pk, "name_at_door")
    bookings = session.bookings.filter(sign_up__isnull=False)
    return session, get_object_or_404(
        bookings.select_related("sign_up__venue__organisation", "staff_member"), pk=booking_pk
    )


def _name_form(session, booking, data=None):
    people = people_of(booking.sign_up, timezone.localdate())
    if data is None:
        listed = session.bookings.live().filter(staff_member__isnull=False)
        people = people.exclude(pk__in=listed.values("staff_member"))
    return DoorNameForm(data, people=people)


def _name_page(request, session, booking, form):
    page = {"session": session, "booking": booking, "form": form}
    return render(request, "admin/training/name_place.html", page)


@never_cache
@require_safe
def close_register(request, session_pk):
    """Before the button: how many complete it, who was not there, who is written to."""
    session = _session(request, session_pk, "close_register")
    if session.register_closed_at:
        return redirect("session_register", session.pk)
    page = {
        "session": session,
        "register": register(session),
        "sentences": what_closing_does(session),
        "why_not_close": why_not_close(session, timezone.now()),
    }
    return render(request, "admin/training/close_register.html", page)


@require_POST
def close_register_now(request, session_pk):
    session = _session(request, session_pk, "close_register")
    with refusals_as_messages(request, _("The register is closed.")):
        actions.close_register(session, by=request.user)
    return redirect("session_register", session.pk)


@never_cache
@require_safe
def correct_attendance(request, session_pk, booking_pk):
    """Before a correction: what it undoes, or brings, and why."""
    session, booking = _closed(request, session_pk, booking_pk)
    return _correction_page(request, session, booking, CorrectionForm())


@require_POST
def correct_register(request, session_pk, booking_pk):
    session, booking = _closed(request, session_pk, booking_pk)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _correction_page(request, session, booking, form)
    with refusals_as_messages(request, _("The register is corrected.")):
        actions.correct_register(
            booking,
            attended="came" in request.POST,
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    return redirect("session_register", session.pk)


def _closed(request, session_pk, booking_pk):
    session = _session(request, session_pk, "correct_register")
    bookings = session.bookings.filter(staff_member__isnull=False, attended__isnull=False)
    booking = get_object_or_404(
        bookings.select_related("staff_member", "sign_up__venue"), pk=booking_pk
    )
    booking.session = session
    return session, booking


def _correction_page(request, session, booking, form):
    page = {
        "session": session,
        "booking": booking,
        "form": form,
        "changes": what_correction_changes(booking, timezone.localdate()),
    }
    return render(request, "admin/training/correct_attendance.html", page)


def _session(request, pk, permission):
    """The session, if it is of a scheme of this officer (else 404) who may do this (else 403)."""
    sessions = Session.objects.for_officer(request.user).select_related("module", "scheme", "venue")
    session = get_object_or_404(sessions, pk=pk)
    if not request.user.has_perm(f"training.{permission}", session):
        raise PermissionDenied
    return session


def _numbers(request, name):
    return {int(each) for each in request.POST.getlist(name) if each.isdecimal()}


def _drawn_at(request) -> datetime.datetime:
    """When the page was drawn; long ago, when it does not say so in a way that can be read."""
    try:
        drawn_at = parse_datetime(request.POST.get("drawn_at", ""))
    except ValueError:
        drawn_at = None
    long_ago = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return drawn_at if drawn_at and timezone.is_aware(drawn_at) else long_ago
