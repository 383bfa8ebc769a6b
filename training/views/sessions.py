"""A manager's session pages: browse, book, name, give up, register interest."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.booking_messages import booking_outcome_message
from training.calendar import calendar_file
from training.forms import BookForm, InterestForm, NameForm
from training.models import Booking, Interest, Session
from training.rules import bookable_people, sessions_for, why_not_take_bookings
from venues.evidence_kinds import Part
from venues.models import Scheme, SignUp
from venues.models.sign_ups import ENDED
from venues.views.fetching import demand_part, managed


@require_safe
def training_sessions(request, sign_up_id):
    """Upcoming sessions that suit this venue, and its bookings."""
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    now = timezone.now()
    page = {
        "sign_up": sign_up,
        "sessions": sessions_for(sign_up, now),
        "bookings": _bookings(sign_up).filter(session__starts_at__gt=now).live(),
        "interests": sign_up.training_interests.open().select_related("module"),
    }
    return render(request, "training/sessions.html", page)


@require_safe
def book_session(request, session_id):
    """From the shared page to the user's venue: straight there if they have only one."""
    session = get_object_or_404(
        Session.objects.filter(scheme__in=Scheme.objects.shown()), pk=session_id
    )
    sign_ups = SignUp.objects.managed_by(request.user).filter(scheme=session.scheme_id)
    sign_ups = list(sign_ups.exclude(state__in=ENDED).select_related("venue", "scheme"))
    if len(sign_ups) == 1:
        return redirect("training_session", sign_ups[0].pk, session.pk)
    return render(request, "training/book_session.html", {"session": session, "sign_ups": sign_ups})


@never_cache
@require_safe
def training_session(request, sign_up_id, session_id):
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    session = _session(sign_up, session_id)
    return _session_page(request, sign_up, session, None)


@require_POST
def book_seats(request, sign_up_id, session_id):
    """Book as many seats as there are; the rest join the waiting list."""
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    session = _session(sign_up, session_id)
    form = BookForm(request.POST, people=bookable_people(session, sign_up, timezone.now(), True))
    if not form.is_valid():
        return _session_page(request, sign_up, session, form)
    with refusals_as_messages(request):
        bookings = actions.book(session, sign_up, by=request.user, **form.cleaned_data)
        messages.success(request, booking_outcome_message(bookings))
    return redirect("training_session", sign_up.pk, session.pk)


@require_POST
def name_person(request, sign_up_id, booking_id):
    sign_up, booking = _booking(request, sign_up_id, booking_id)
    people = bookable_people(booking.session, sign_up, timezone.now())
    form = NameForm(request.POST, people=people, prefix=f"booking-{booking.pk}")
    if not form.is_valid():
        session = _session(sign_up, booking.session_id)
        return _session_page(request, sign_up, session, None, name_form=form)
    with refusals_as_messages(request, _("Noted who comes.")):
        actions.name_person(booking, form.cleaned_data["person"], by=request.user)
    return redirect("training_session", sign_up.pk, booking.session_id)


@require_POST
def cancel_booking(request, sign_up_id, booking_id):
    sign_up, booking = _booking(request, sign_up_id, booking_id)
    with refusals_as_messages(request, _("The seat is given up.")):
        actions.cancel_booking(booking, by=request.user)
    return redirect("training_session", sign_up.pk, booking.session_id)


@require_POST
def accept_offer(request, sign_up_id, booking_id):
    sign_up, booking = _booking(request, sign_up_id, booking_id)
    with refusals_as_messages(request, _("The seat is booked.")):
        actions.accept_offer(booking, by=request.user)
    return redirect("training_session", sign_up.pk, booking.session_id)


@require_POST
def decline_offer(request, sign_up_id, booking_id):
    sign_up, booking = _booking(request, sign_up_id, booking_id)
    with refusals_as_messages(request, _("The seat goes to the next person.")):
        actions.decline_offer(booking, by=request.user)
    return redirect("training_session", sign_up.pk, booking.session_id)


@require_safe
def session_calendar(request, sign_up_id, session_id):
    """The calendar file, for a venue that has a booking."""
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    session = _session(sign_up, session_id)
    get_object_or_404(_bookings(sign_up).filter(session=session, state="booked")[:1])
    return calendar_response(calendar_file(session, whose=f"venue-{sign_up.pk}"))


def calendar_response(content):
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="training.ics"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def interest(request, sign_up_id):
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    return _interest_page(request, sign_up, InterestForm(scheme=sign_up.scheme))


@require_POST
def register_interest(request, sign_up_id):
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    form = InterestForm(request.POST, scheme=sign_up.scheme)
    if not form.is_valid():
        return _interest_page(request, sign_up, form)
    with refusals_as_messages(request, _("Noted. We write to you when there is a session.")):
        actions.register_interest(
            sign_up.scheme, sign_up=sign_up, by=request.user, **form.cleaned_data
        )
    return redirect("training_sessions", sign_up.pk)


@require_POST
def withdraw_interest(request, sign_up_id, interest_id):
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    found = get_object_or_404(Interest.objects.filter(sign_up=sign_up).open(), pk=interest_id)
    with refusals_as_messages(request, _("Taken off the list.")):
        actions.withdraw_interest(found)
    return redirect("training_sessions", sign_up.pk)


def _session(sign_up, pk):
    sessions = Session.objects.filter(scheme=sign_up.scheme_id).with_seats()
    return get_object_or_404(sessions.select_related("module", "venue", "scheme"), pk=pk)


def _bookings(sign_up):
    return Booking.objects.filter(sign_up=sign_up).select_related(
        "session__module", "session__venue", "staff_member"
    )


def _booking(request, sign_up_id, booking_id):
    sign_up = demand_part(managed(request, sign_up_id), Part.TRAINING)
    return sign_up, get_object_or_404(_bookings(sign_up), pk=booking_id)


def _session_page(request, sign_up, session, form, name_form=None):
    now = timezone.now()
    people = bookable_people(session, sign_up, now)
    book_form = form.offer_only(people) if form else BookForm(people=people)
    bookings = list(_bookings(sign_up).filter(session=session).live().with_position())
    page = {
        "sign_up": sign_up,
        "session": session,
        "why_not": why_not_take_bookings(session, now),
        "rows": [(each, _name_form(each, people, name_form)) for each in bookings],
        "has_place": any(each.state == Booking.State.BOOKED for each in bookings),
        "form": form or name_form or book_form,
        "book_form": book_form,
    }
    return render(request, "training/session.html", page)


def _name_form(booking, people, bound):
    prefix = f"booking-{booking.pk}"
    if bound is not None and bound.prefix == prefix:
        return bound
    return NameForm(people=people, prefix=prefix) if people else None


def _interest_page(request, sign_up, form):
    return render(request, "training/interest.html", {"sign_up": sign_up, "form": form})
