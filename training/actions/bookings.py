"""Bookings: seats requested, waited for, offered, booked and given up.

Lock order: every action locks the session's row first and its bookings only after it. Concurrent
requests therefore run one at a time, no seat is given twice, and they cannot deadlock.
"""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from training import emails
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet
from training.rules import (
    offer_until,
    why_not_answer,
    why_not_book,
    why_not_come,
    why_not_take_bookings,
)
from venues.models import Event, Post, SignUp, StaffMember

State, Ended = Booking.State, Booking.Ended


@transaction.atomic
def book(
    session: Session,
    sign_up: SignUp,
    *,
    by: User,
    people: Iterable[StaffMember] = (),
    names_later: int = 0,
    asked_with: UUID | None = None,
) -> list[Booking]:
    """Book seats, some of them without a name yet; beyond the capacity they join the waiting list.

    Idempotent per form: the same `asked_with` returns the bookings already made.
    """
    session = lock(session)
    if asked_with and (known := list(_asked_with(session, sign_up, asked_with))):
        return known
    now = timezone.now()
    sign_up = SignUp.objects.select_related("venue__organisation", "scheme").get(pk=sign_up.pk)
    people = list(dict.fromkeys(people))
    if reasons := why_not_book(session, sign_up, people, names_later, now):
        raise Refused(*reasons)
    free = free_seats(session)
    made = []
    for number, person in enumerate([*people, *[None] * names_later]):
        got_it = number < free
        made.append(
            Booking.objects.create(
                session=session,
                sign_up=sign_up,
                staff_member=person,
                state=State.BOOKED if got_it else State.WAITING,
                booked_at=now if got_it else None,
                asked_at=now,
                asked_by=by,
                asked_with=asked_with,
            )
        )
    waiting = sum(booking.state == State.WAITING for booking in made)
    Event.objects.record_about(
        "training.places_asked_for", made[0], by=by, count=len(made), waiting=waiting
    )
    emails.places_asked_for(session, made)
    return made


@transaction.atomic
def name_person(booking: Booking, person: StaffMember, *, by: User) -> Booking:
    """Name the person on a booking, or replace them."""
    session, booking = _lock_session_of(booking)
    reasons = why_not_take_bookings(session, timezone.now())
    if booking.state == State.CANCELLED:
        reasons.append(_("This seat was given up."))
    if booking.staff_member_id == person.pk:
        return booking
    reasons += why_not_come(session, sign_up_of(booking), person, timezone.now())
    if reasons:
        raise Refused(*reasons)
    booking.staff_member = person
    booking.save(update_fields=["staff_member"])
    Event.objects.record_about("training.person_named", booking, by=by)
    emails.person_named(session, booking)
    return booking


@transaction.atomic
def cancel_booking(booking: Booking, *, by: User | None = None) -> Booking:
    """Give up a seat, an offer or a place on the waiting list; a freed seat is offered on."""
    session, booking = _lock_session_of(booking)
    if reasons := why_not_take_bookings(session, timezone.now()):
        raise Refused(*reasons)
    if booking.state == State.CANCELLED:
        return booking
    _end(booking, Ended.GIVEN_UP)
    Event.objects.record_about("training.booking_cancelled", booking, by=by)
    emails.booking_ended(session, booking)
    offer_seats(session, timezone.now())
    return booking


@transaction.atomic
def accept_offer(booking: Booking, *, by: User | None = None) -> Booking:
    """Accept the offered seat. Idempotent."""
    session, booking = _lock_session_of(booking)
    now = timezone.now()
    if booking.state == State.BOOKED:
        return booking
    if reasons := [*why_not_take_bookings(session, now), *why_not_answer(booking, now)]:
        raise Refused(*reasons)
    move(booking, State.BOOKED, booked_at=now)
    Event.objects.record_about("training.offer_accepted", booking, by=by)
    emails.places_booked(session, [booking])
    return booking


@transaction.atomic
def decline_offer(booking: Booking, *, by: User | None = None) -> Booking:
    """Decline the offered seat, which goes to the next in line. Idempotent."""
    session, booking = _lock_session_of(booking)
    now = timezone.now()
    if booking.state == State.CANCELLED and booking.ended == Ended.DECLINED:
        return booking
    if reasons := [*why_not_take_bookings(session, now), *why_not_answer(booking, now)]:
        raise Refused(*reasons)
    _end(booking, Ended.DECLINED)
    Event.objects.record_about("training.offer_declined", booking, by=by)
    offer_seats(session, now)
    return booking


@transaction.atomic
def lapse_offers(session: Session, *, at: datetime.datetime) -> int:
    """End offers that expired by `at` and offer their seats on. Returns how many expired."""
    session = lock(session)
    if why_not_take_bookings(session, at):
        return 0
    lapsed = list(
        session.bookings.filter(state=State.OFFERED, offer_until__lt=at).select_related(
            "sign_up__venue__organisation", "sign_up__scheme", "staff_member"
        )
    )
    for booking in lapsed:
        _end(booking, Ended.LAPSED)
        Event.objects.record_about("training.offer_lapsed", booking, by=None)
        emails.booking_ended(session, booking)
    offer_seats(session, at)
    return len(lapsed)


@transaction.atomic
def remind(session: Session, *, at: datetime.datetime) -> int:
    """Remind people a week and a day before the session, each once. Returns how many bookings.

    Somebody who booked less than a week ahead does not get the week's reminder.
    """
    session = lock(session)
    if why_not_take_bookings(session, at):
        return 0
    week, day = (session.starts_at - datetime.timedelta(days=number) for number in (7, 1))
    # Once the day's reminder is due, a missed reminder for the week is skipped.
    if at >= day:
        booked, field = session.bookings.filter(booked_at__lt=day), "reminded_day_at"
    elif at >= week:
        booked, field = session.bookings.filter(booked_at__lt=week), "reminded_week_at"
    else:
        return 0
    due = list(
        booked.filter(state=State.BOOKED, **{f"{field}__isnull": True}).select_related(
            "sign_up__venue__organisation", "sign_up__scheme", "staff_member", "asked_by"
        )
    )
    if due:
        Booking.objects.filter(pk__in=[each.pk for each in due]).update(**{field: at})
        emails.reminder(session, due)
    return len(due)


@transaction.atomic
def free_seats_of_leavers(session: Session, *, at: datetime.datetime) -> int:
    """Take the name off bookings whose person has left by the day of the session.

    The booking keeps its position, and the venue is asked to name somebody else or give it up.
    Returns how many.
    """
    session = lock(session)
    if why_not_take_bookings(session, at):
        return 0
    day = timezone.localdate(session.starts_at)
    working = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        staff_member=OuterRef("staff_member"),
        venue__organisation=OuterRef("sign_up__venue__organisation"),
    )
    left = list(
        session.bookings.live()
        .filter(~Exists(working), staff_member__isnull=False)
        .select_related("sign_up__venue__organisation", "sign_up__scheme", "asked_by")
    )
    for booking in left:
        booking.staff_member = None
        booking.save(update_fields=["staff_member"])
        Event.objects.record_about("training.name_needed", booking, by=None)
        emails.name_needed(session, booking)
    return len(left)


def free_seats(session: Session) -> int:
    """How many seats are neither taken nor on offer. The caller has locked the session's row."""
    return max(0, session.capacity - session.bookings.taking_a_seat().count())


def offer_seats(session: Session, at: datetime.datetime) -> None:
    """Offer each free seat to the longest-waiting booking. The session's row must be locked."""
    if why_not_take_bookings(session, at):
        return
    free = free_seats(session)
    waiting = session.bookings.waiting().select_related(
        "sign_up__venue__organisation", "sign_up__scheme", "staff_member", "asked_by"
    )
    for booking in waiting.order_by("pk")[:free]:
        move(booking, State.OFFERED, offered_at=at, offer_until=offer_until(session, at))
        Event.objects.record_about("training.place_offered", booking, by=None)
        emails.place_offered(session, booking)


def sign_up_of(booking: Booking) -> SignUp:
    """The sign-up that a seat belongs to; Refused for somebody who came without a place."""
    if booking.sign_up is None:
        raise Refused(_("This seat is not for a place of the scheme, so nobody can be named."))
    return booking.sign_up


def _lock_session_of(booking: Booking) -> tuple[Session, Booking]:
    # Read the booking only after the lock: somebody else may just have changed it.
    session = lock(booking.session)
    booking = Booking.objects.select_related(
        "sign_up__venue__organisation", "sign_up__scheme", "staff_member", "asked_by"
    ).get(pk=booking.pk)
    return session, booking


def _asked_with(session: Session, sign_up: SignUp, asked_with: UUID | None) -> BookingQuerySet:
    return session.bookings.filter(sign_up=sign_up, asked_with=asked_with).order_by("pk")


def _end(booking: Booking, how: str) -> None:
    move(booking, State.CANCELLED, cancelled_at=timezone.now(), ended=how)
