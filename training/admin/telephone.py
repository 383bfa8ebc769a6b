"""Bookings by telephone: the trainer books, or accepts an offered seat, for a venue."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, Office, officers_page
from training import actions
from training.booking_messages import booking_outcome_message
from training.forms import BookForm, VenueForm
from training.models import Session
from training.rules import bookable_people, people_shown, why_not_take_bookings

from .registers import AtSession

PAGE = "admin/training/book_by_telephone.html"


class OnTheTelephone(Decision):
    site = ""
    checks_version = False
    permission = "book"


class BookForVenue(OnTheTelephone):
    """Book as the venue's manager would; the letters go to the venue."""

    words = _("Book")
    route = "<int:sign_up_pk>/"
    template = PAGE
    shows_errors = True

    def part(self, session, user, sign_up_pk):
        return AtSession.of(session, sign_up_pk), {}

    def form_for(self, at, user, data=None, files=None):
        return BookForm(data, people=self._people(at, data is not None))

    def _people(self, at, is_sent=False):
        """People the trainer may book; the venue itself books those it does not share."""
        now = timezone.now()
        people = bookable_people(at.session, at.sign_up, now, is_sent)
        return people_shown(at.sign_up, timezone.localdate(now), people)

    def do(self, at, *, by, **given):
        return actions.book(at.session, at.sign_up, by=by, **given)

    def said(self, at, bookings):
        return booking_outcome_message(bookings)

    def context(self, desk, request, at):
        why_not = why_not_take_bookings(at.session, timezone.now())
        return {"session": at.session, "sign_up": at.sign_up, "why_not": why_not}

    def shown_again(self, form, at):
        return form.offer_only(self._people(at))


class AcceptForVenue(OnTheTelephone):
    """Accept an offered seat for the venue."""

    words = _("Take the seat")
    done = _("The seat is booked.")
    action = actions.accept_offer
    route = "accept/<int:booking_pk>/"
    template = ""

    def part(self, session, user, booking_pk):
        return get_object_or_404(session.bookings, pk=booking_pk), {}


class Telephone(Office):
    base = "admin/training/session/<int:session_pk>/book/"
    key = "session_pk"
    in_admin = False
    decisions = [BookForVenue, AcceptForVenue]

    def things(self, request):
        sessions = Session.objects.for_officer(request.user).with_seats()
        return sessions.select_related("module", "scheme", "venue")

    def home(self, session, goes_to=""):
        return reverse("admin:training_session_change", args=[session.pk])

    @officers_page("", permission="book")
    def book_by_telephone(self, request, session):
        """Choose the venue that is ringing, then who comes from it."""
        form = VenueForm.asked_by(request, [session.scheme])
        if form.is_valid():
            at = AtSession(session, form.cleaned_data["sign_up"])
            return self.decide(request, "book_for_venue", session, at.sign_up.pk, part=at)
        why_not = why_not_take_bookings(session, timezone.now())
        return render(request, PAGE, {"session": session, "form": form, "why_not": why_not})
