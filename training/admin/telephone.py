"""A venue rings: the trainer books for it, or takes for it the place that came free."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.booking_messages import booking_outcome_message
from training.forms import BookForm, PlaceForm
from training.models import Session
from training.rules import bookable_people, sign_ups_to_train, why_not_take_bookings


@never_cache
@require_safe
def book_by_telephone(request, session_pk):
    """First which place rings, then who comes from it."""
    session = _session(request, session_pk)
    if "sign_up" not in request.GET:
        return _page(request, session, PlaceForm(schemes=[session.scheme]))
    form = PlaceForm(request.GET, schemes=[session.scheme])
    if not form.is_valid():
        return _page(request, session, form)
    sign_up = form.cleaned_data["sign_up"]
    people = bookable_people(session, sign_up, timezone.now())
    return _page(request, session, BookForm(people=people), sign_up)


@require_POST
def book_for_venue(request, session_pk, sign_up_pk):
    """Book as its manager would; the letters go to the venue."""
    session = _session(request, session_pk)
    sign_up = get_object_or_404(sign_ups_to_train([session.scheme]), pk=sign_up_pk)
    people = bookable_people(session, sign_up, timezone.now(), True)
    form = BookForm(request.POST, people=people)
    if form.is_valid():
        with refusals_as_messages(request):
            bookings = actions.book(session, sign_up, by=request.user, **form.cleaned_data)
            messages.success(request, booking_outcome_message(bookings))
            return redirect("admin:training_session_change", session.pk)
    left = bookable_people(session, sign_up, timezone.now())
    return _page(request, session, form.offer_only(left), sign_up)


@require_POST
def accept_for_venue(request, session_pk, booking_pk):
    """Say yes for it to the place that came free."""
    session = _session(request, session_pk)
    booking = get_object_or_404(session.bookings, pk=booking_pk)
    with refusals_as_messages(request, _("The place is booked.")):
        actions.accept_offer(booking, by=request.user)
    return redirect("admin:training_session_change", session.pk)


def _page(request, session, form, sign_up=None):
    page = {
        "session": session,
        "form": form,
        "sign_up": sign_up,
        "why_not": why_not_take_bookings(session, timezone.now()),
    }
    return render(request, "admin/training/book_by_telephone.html", page)


def _session(request, pk):
    """The session, if it is of a scheme of this officer (else 404) who may book (else 403)."""
    sessions = Session.objects.for_officer(request.user).with_places()
    session = get_object_or_404(sessions.select_related("module", "scheme", "venue"), pk=pk)
    if not request.user.has_perm("training.book", session):
        raise PermissionDenied
    return session
