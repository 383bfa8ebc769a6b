"""Places at a session: asked for, waited for, offered, booked, given up.

Every action locks the session's row first and its bookings after it, so whatever comes at once
comes one after the other: never one place too many, and no free place beside somebody who waits.
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
from training import session_emails as emails
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
    """Ask for places, some perhaps without a name yet: booked while there are any, then waiting.

    The same form (`asked_with`) sent twice books once.
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
    """Say who comes, or that somebody else does."""
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
    """Give up a seat, an offer or a wait. A place that comes free is offered to the next."""
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
    """Take the seat that came free; twice is once."""
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
    """Say no to the place: it goes to the next who waits."""
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
    """Pass on the places whose offers nobody answered in time; how many lapsed."""
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
    """Remind those booked a week before and a day before, each once; how many places.

    Whoever booked within the week needs no reminder of the week.
    """
    session = lock(session)
    if why_not_take_bookings(session, at):
        return 0
    week, day = (session.starts_at - datetime.timedelta(days=number) for number in (7, 1))
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
    """Whoever has no post on the day comes no more: their place keeps its turn, without a name.

    The venue is asked to name somebody else or to give it up.
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
    """How many places nobody has and nobody is offered. The session's row is locked."""
    return max(0, session.capacity - session.bookings.taking_a_seat().count())


def offer_seats(session: Session, at: datetime.datetime) -> None:
    """Offer each free place to whoever has waited longest. The session's row is locked."""
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
    """The place that a seat is for; refused where somebody came who belongs to none."""
    if booking.sign_up is None:
        raise Refused(_("This seat is not for a place of the scheme, so nobody can be named."))
    return booking.sign_up


def _lock_session_of(booking: Booking) -> tuple[Session, Booking]:
    session = lock(booking.session)
    booking = Booking.objects.select_related(
        "sign_up__venue__organisation", "sign_up__scheme", "staff_member", "asked_by"
    ).get(pk=booking.pk)
    return session, booking


def _asked_with(session: Session, sign_up: SignUp, asked_with: UUID | None) -> BookingQuerySet:
    return session.bookings.filter(sign_up=sign_up, asked_with=asked_with).order_by("pk")


def _end(booking: Booking, how: str) -> None:
    move(booking, State.CANCELLED, cancelled_at=timezone.now(), ended=how)
