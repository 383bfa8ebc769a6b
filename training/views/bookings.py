"""Public session pages, seats and interest without an account, and one seat by its link."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from common.durations import in_words
from common.errors import too_many_requests
from common.limits import limit, may_mail
from common.refusals import Refused, refusals_as_messages
from training import actions
from training.calendar import calendar_file
from training.forms import PublicInterestForm, SeatForm
from training.links.sessions import booking_token, read_booking, read_interest, read_seat
from training.models import Booking, Session
from training.rules import LINK_LASTS, shown_sessions, why_not_ask_for_seat, why_not_take_bookings
from training.views.sessions import calendar_response
from venues.models import Scheme


@login_not_required
@require_safe
def sessions(request):
    """Upcoming sessions and events of every public scheme. Trainers are not named."""
    found = list(shown_sessions(timezone.now()))
    page = {"sessions": found, "has_events": any(each.module is None for each in found)}
    return render(request, "training/public_sessions.html", page)


@login_not_required
@require_safe
def session(request, session_id):
    """A page to share, with how to book. It shows neither attendees nor the joining link."""
    found = _shared(session_id)
    page = {"session": found, "why_not": why_not_take_bookings(found, timezone.now())}
    return render(request, "training/public_session.html", page)


def _shared(session_id):
    shared = Session.objects.filter(scheme__in=Scheme.objects.shown()).with_seats()
    return get_object_or_404(shared.select_related("module", "venue", "scheme"), pk=session_id)


# A seat for oneself


@login_not_required
@require_safe
def book_for_yourself(request, session_id):
    return _seat_page(request, _shared(session_id), SeatForm())


@login_not_required
@csrf_exempt  # no user state changes, and a CSRF token would need a cookie
@require_POST
def ask_for_seat(request, session_id):
    """Send the link that books; the response never reveals whether the address is known."""
    found = _shared(session_id)
    if not limit(request, "book"):
        return too_many_requests(request)
    form = SeatForm(request.POST)
    if why_not_ask_for_seat(found, timezone.now()) or not form.is_valid():
        return _seat_page(request, found, form)
    try:
        if may_mail(request, form.cleaned_data["email"], "book"):
            actions.ask_for_seat(found, **form.cleaned_data)
    except Refused:  # It was cancelled, or has begun, a moment ago: the page says which.
        return _seat_page(request, _shared(session_id), form)
    return redirect("seat_sent", found.pk)


@login_not_required
@require_safe
def seat_link_sent(request, session_id):
    page = {"session": _shared(session_id), "lasts": in_words(LINK_LASTS)}
    return render(request, "training/seat_sent.html", page)


def _seat_page(request, found, form):
    page = {"session": found, "form": form, "why_not": why_not_ask_for_seat(found, timezone.now())}
    return render(request, "training/book_place.html", page)


@login_not_required
@require_safe
def interest_for_all(request):
    wanted = {"module": request.GET.get("module", "")} if "module" in request.GET else {}
    return _interest_page(request, PublicInterestForm(initial=wanted))


@login_not_required
@csrf_exempt  # no user state changes, and a CSRF token would need a cookie
@require_POST
def register_interest_for_all(request):
    if not limit(request, "interest"):
        return too_many_requests(request)
    form = PublicInterestForm(request.POST)
    if not form.is_valid():
        return _interest_page(request, form)
    actions.register_interest(**form.cleaned_data)
    return redirect("interest_registered")


@login_not_required
@require_safe
def interest_registered(request):
    return render(request, "training/interest_registered.html")


def _interest_page(request, form):
    page = {"form": form, "is_open": Scheme.objects.shown().exists()}
    return render(request, "training/public_interest.html", page)


# One seat, by its signed link


def _opened_by_link(read):
    """Decorator: open a page to anybody whose link `read` accepts; a bad link explains itself."""

    def decorator(view):
        @wraps(view)
        @login_not_required
        @never_cache
        def wrapper(request, token):
            try:
                thing = read(token)
            except Refused as refusal:
                return _refused(request, refusal)
            return view(request, token, thing)

        return wrapper

    return decorator


booking_page = _opened_by_link(read_booking)
interest_page = _opened_by_link(read_interest)
seat_page = _opened_by_link(read_seat)


@require_safe
@seat_page
def confirm_seat(request, token, seat):
    """One button: mail scanners open links, so only pressing it books."""
    if seat.booking:
        return redirect("training_booking", booking_token(seat.booking))
    found = Session.objects.with_seats().select_related("module", "venue", "scheme")
    session = found.get(pk=seat.session_id)
    page = {
        "token": token,
        "seat": seat,
        "session": session,
        "why_not": why_not_ask_for_seat(session, timezone.now()),
        "hide_links": True,
    }
    return render(request, "training/confirm_seat.html", page)


@require_POST
@seat_page
def confirm_seat_now(request, token, seat):
    with refusals_as_messages(request):
        booking = actions.confirm_seat(seat)
        return redirect("training_booking", booking_token(booking))
    return redirect("confirm_seat", token)


@require_safe
@booking_page
def training_booking(request, token, booking):
    """When, where, and the buttons. GET changes nothing, because mail scanners open links."""
    now = timezone.now()
    why_not = why_not_take_bookings(booking.session, now)
    waits = booking.state == Booking.State.WAITING
    page = {
        "token": token,
        "booking": booking,
        "session": booking.session,
        "why_not": why_not,
        "can_join": not booking.session.cancelled_at and now <= booking.session.ends_at,
        "position": Booking.objects.with_position().get(pk=booking.pk).position if waits else None,
        "offer_is_over": bool(booking.offer_until and booking.offer_until < now),
        "hide_links": True,
    }
    return render(request, "training/booking.html", page)


@require_POST
@booking_page
def accept_by_link(request, token, booking):
    with refusals_as_messages(request, _("The seat is booked.")):
        actions.accept_offer(booking)
    return redirect("training_booking", token)


@require_POST
@booking_page
def decline_by_link(request, token, booking):
    with refusals_as_messages(request, _("Thank you. The seat goes to the next person.")):
        actions.decline_offer(booking)
    return redirect("training_booking", token)


@require_POST
@booking_page
def give_up_by_link(request, token, booking):
    with refusals_as_messages(request, _("Thank you for telling us. The seat is given up.")):
        actions.cancel_booking(booking)
    return redirect("training_booking", token)


@require_POST
@booking_page
def forget_by_link(request, token, booking):
    """Delete the booking with the guest's name and address."""
    with refusals_as_messages(request):
        actions.forget_guest(booking)
        return render(request, "training/guest_forgotten.html", {"hide_links": True})
    return redirect("training_booking", token)


@require_safe
@booking_page
def calendar_by_link(request, token, booking):
    if booking.state != Booking.State.BOOKED and not booking.booked_at:
        return _refused(request, Refused(_("The calendar file is for those who have a place.")))
    is_off = booking.state == Booking.State.CANCELLED
    entry = calendar_file(booking.session, whose=f"booking-{booking.pk}", is_off=is_off)
    return calendar_response(entry)


# Deleting an interest


@require_safe
@interest_page
def leave_interest(request, token, interest):
    page = {"token": token, "interest": interest, "hide_links": True}
    return render(request, "training/leave_interest.html", page)


@require_POST
@interest_page
def delete_interest(request, token, interest):
    with refusals_as_messages(request):
        actions.withdraw_interest(interest)
    return render(request, "training/interest_deleted.html", {"hide_links": True})


def _refused(request, refusal):
    return render(request, "training/booking_refused.html", {"refusal": refusal}, status=403)
