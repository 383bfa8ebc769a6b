"""Letters about sessions, queued in the transaction that causes them.

A person with an e-mail address gets a link to their own seat; whoever booked gets one letter for
all of the venue's seats, with a link to the portal. Joining links are only in calendar files and on
the pages of people with a seat.

Letters to people who booked for themselves are not recorded: they are promised that their booking
is all that is kept.
"""

from collections.abc import Iterable

from common.letters import LetterFile
from training.calendar import calendar_file
from training.links.sessions import booking_link, confirm_seat_link, interest_link
from training.models import Booking, Interest, SeatRequest, Session
from venues.letters import Draft, notify, url, venue_addresses, write
from venues.models import SignUp, Venue

State = Booking.State


def places_asked_for(session: Session, bookings: list[Booking]) -> None:
    """One letter per submitted form: how many seats are booked, and positions in the queue."""
    booked = [each for each in bookings if each.state == State.BOOKED]
    waiting = [each for each in bookings if each.state == State.WAITING]
    if booked:
        places_booked(session, booked)
    if waiting:
        first = session.bookings.waiting().filter(pk__lte=waiting[0].pk).count()
        _tell(
            "training.on_the_waiting_list",
            session,
            waiting,
            {"position": first},
            alone={each.pk: {"position": first + n} for n, each in enumerate(waiting)},
        )


def confirm_seat(request: SeatRequest) -> None:
    """To somebody who wants to book for themselves: the link that does it."""
    session = request.session
    notify(
        "training.confirm_seat",
        [request.email],
        scheme=session.scheme,
        session=session,
        place=session.public_place,
        link=confirm_seat_link(request),
    )


def booked_already(session: Session, booking: Booking) -> None:
    """To somebody who asks for a second seat with the same address."""
    _tell_person("training.booked_already", session, booking)


def places_booked(session: Session, bookings: list[Booking]) -> None:
    _tell("training.places_booked", session, bookings, calendar=True)


def person_named(session: Session, booking: Booking) -> None:
    """To the named person only; whoever named them knows."""
    if booking.state == State.BOOKED:
        _tell_person("training.places_booked", session, booking, calendar=True)
    elif booking.state == State.WAITING:
        _tell_person("training.on_the_waiting_list", session, booking, {"position": None})
    else:
        place_offered(session, booking)


def place_offered(session: Session, booking: Booking) -> None:
    """With a link that lets anybody who has the letter answer without an account."""
    offer = {"offer_until": booking.offer_until, "answer_link": booking_link(booking)}
    _tell("training.place_offered", session, [booking], offer, links=False)


def booking_ended(session: Session, booking: Booking) -> None:
    had_it = booking.booked_at is not None
    lapsed = {"lapsed": booking.ended == Booking.Ended.LAPSED}
    _tell("training.booking_ended", session, [booking], lapsed, is_off=had_it, links=False)


def name_needed(session: Session, booking: Booking) -> None:
    _tell("training.name_needed", session, [booking])


def session_moved(session: Session) -> None:
    live = list(_whole(session.bookings.live()))
    booked = [each for each in live if each.state == State.BOOKED]
    others = [each for each in live if each.state != State.BOOKED]
    _tell("training.session_moved", session, booked, calendar=True)
    _tell("training.session_moved", session, others)


def session_cancelled(session: Session, bookings: Iterable[Booking]) -> None:
    """`bookings` are those that ended with the session."""
    whole = list(_whole(Booking.objects.filter(pk__in=[each.pk for each in bookings])))
    had_it = [each for each in whole if each.booked_at]
    others = [each for each in whole if not each.booked_at]
    _tell("training.session_cancelled", session, had_it, is_off=True, links=False)
    _tell("training.session_cancelled", session, others, links=False)


def reminder(session: Session, bookings: list[Booking]) -> None:
    _tell("training.session_soon", session, bookings)


def session_planned(interest: Interest, session: Session) -> None:
    """To somebody who registered interest, with a link to delete it.

    People without a venue are promised that nothing but their interest is kept, so their letter is
    not recorded.
    """
    sign_up, facts = interest.sign_up, {"session": session, "alone": False}
    if sign_up:
        link = url("training_session", sign_up.pk, session.pk)
        facts |= {"place": session.place, "link": link, "leave_link": ""}
        to = venue_addresses(sign_up.venue)
        draft = Draft(to, facts, scheme=session.scheme, sign_up=sign_up, about=session)
        write("training.session_planned", draft)
    else:
        facts |= {"place": session.public_place, "link": url("session", session.pk)}
        facts |= {"leave_link": interest_link(interest)}
        notify("training.session_planned", [interest.email], scheme=session.scheme, **facts)


def _tell(
    kind,
    session,
    bookings,
    context=None,
    *,
    calendar=False,
    is_off=False,
    links=True,
    alone=None,
):
    """Write to each person with an address, and once to each manager who booked.

    `alone` holds, by booking id, the context that differs in that person's letter.
    """
    context = {"number": len(bookings), **(context or {})}
    told = set()
    for booking in bookings:
        mine = {**context, **alone[booking.pk]} if alone else context
        reached = _tell_person(
            kind, session, booking, mine, calendar=calendar, is_off=is_off, link=links
        )
        if booking.sign_up_id:
            to = _bookers(booking)
            others = to - {booking.staff_member.email} if booking.staff_member else to
            if others or not (to or reached):
                told.add((booking.sign_up_id, *sorted(others)))
    sign_ups = SignUp.objects.select_related("venue__organisation", "scheme").in_bulk(
        {sign_up for sign_up, *_to in told}
    )
    for sign_up, *to in sorted(told):
        still = session.bookings.filter(sign_up=sign_up, state=State.BOOKED).exists()
        draft = Draft(
            to,
            {
                **context,
                "session": session,
                "alone": False,
                "place": session.place,
                "link": url("training_session", sign_up, session.pk),
            },
            scheme=session.scheme,
            sign_up=sign_ups[sign_up],
            about=session,
        )
        has_file = calendar or (is_off and not still)
        files = _entry(session, f"venue-{sign_up}", is_off) if has_file else []
        write(kind, draft, files=files)


def _tell_person(kind, session, booking, context=None, *, calendar=False, is_off=False, link=True):
    """Write to the person; returns whether they have an address."""
    if not booking.address:
        return False
    context = {
        **(context or {}),
        "session": session,
        "alone": True,
        "place": session.place,
        "link": booking_link(booking) if link else "",
    }
    has_file = calendar or is_off
    files = _entry(session, f"booking-{booking.pk}", is_off) if has_file else []
    person = booking.staff_member
    if person is None:
        notify(kind, [booking.email], scheme=session.scheme, files=files, **context)
        return True
    draft = Draft(
        [person.email],
        context,
        scheme=session.scheme,
        sign_up=booking.sign_up,
        organisation=person.organisation,
        staff_member=person,
        about=booking,
    )
    write(kind, draft, files=files)
    return True


def _entry(session, whose, is_off):
    content = calendar_file(session, whose=whose, is_off=is_off)
    return [LetterFile("training.ics", content, "text/calendar")]


def _bookers(booking) -> set[str]:
    """Whoever booked, if they still manage the venue; otherwise its managers."""
    venue, asker = booking.sign_up.venue, booking.asked_by
    if asker and asker.is_active and _manages(asker, venue):
        return {asker.email}
    return venue_addresses(venue)


def _manages(user, venue):
    return Venue.objects.managed_by(user).filter(pk=venue.pk).exists()


def _whole(bookings):
    return bookings.select_related(
        "session", "sign_up__venue__organisation", "staff_member", "asked_by"
    )
