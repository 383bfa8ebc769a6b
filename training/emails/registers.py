"""Letters after a session: one to each attendee, and one per manager for all of theirs."""

from collections.abc import Iterable

from training.links.enrolments import make_mailed_link
from training.links.sessions import feedback_link
from training.models import Booking, Enrolment, Session
from training.rules import with_a_place
from venues.letters import (
    Draft,
    addresses_by_venue,
    notify,
    url,
    write,
    write_each,
    write_to_venue,
)


def register_closed(
    session: Session, bookings: Iterable[Booking], completions: dict[int, Enrolment]
) -> None:
    """To those who came; `completions` maps booking ids to what each completed."""
    bookings = list(bookings)
    _to_guests(session, [booking for booking in bookings if booking.is_guest])
    for booking in bookings:
        if booking.staff_member and booking.staff_member.email:
            _to_person(session, booking, completions.get(booking.pk))
    sign_ups = {booking.sign_up for booking in bookings if booking.sign_up}
    addresses = addresses_by_venue(sign_up.venue for sign_up in sign_ups)
    letters: dict[str, dict] = {}
    for booking in bookings:
        if booking.sign_up:
            # A venue without an address gets its own letter, to be posted.
            for address in addresses[booking.sign_up.venue_id] or {booking.sign_up}:
                people = letters.setdefault(address, {})
                people.setdefault(booking.sign_up, []).append(booking)
    write_each(
        "training.who_came",
        [_who_came(session, address, people, completions) for address, people in letters.items()],
    )


def _to_guests(session: Session, guests: list[Booking]) -> None:
    """Thanks, and how to sign a place up, to those whose address has none in the scheme yet."""
    known = with_a_place([booking.email for booking in guests], session.scheme)
    for booking in guests:
        is_known = booking.email.lower() in known
        notify(
            "training.sign_your_place_up",
            [booking.email],
            scheme=session.scheme,
            session=session,
            name=booking.name,
            link="" if is_known else url("join_one", session.scheme.slug),
            page=url("session", session.pk),
            feedback_link=feedback_link(booking) if session.module else "",
        )


def _who_came(session, address, people, completions):
    rows = [
        {"venue": sign_up.venue, "people": len(theirs), "link": url("training_home", sign_up.pk)}
        for sign_up, theirs in people.items()
    ]
    return Draft(
        [address] if isinstance(address, str) else [],
        {"session": session, "rows": rows, "completed": bool(completions)},
        scheme=session.scheme,
        # A letter about several venues belongs to their organisation's history, not to one venue's.
        sign_up=next(iter(people)) if len(people) == 1 else None,
        organisation=next(iter(people)).venue.organisation,
        about=session,
    )


def attendance_withdrawn(session: Session, booking: Booking) -> None:
    """To the managers: what one person's attendance had unlocked is withdrawn."""
    if booking.sign_up:
        link = url("training_home", booking.sign_up_id)
        write_to_venue(
            "training.attendance_withdrawn",
            booking.sign_up,
            context={"session": session, "link": link},
            about=booking,
        )


def _to_person(session, booking, completion):
    link = ""
    if completion and session.module and session.module.open_version is not None:
        link = make_mailed_link(completion)
    write(
        "training.you_came",
        Draft(
            [booking.staff_member.email],
            {
                "session": session,
                "person": booking.staff_member,
                "completion": completion,
                "link": link,
                "feedback_link": feedback_link(booking) if session.module else "",
            },
            scheme=session.scheme,
            sign_up=booking.sign_up,
            staff_member=booking.staff_member,
            about=booking,
        ),
    )
