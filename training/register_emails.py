"""Letters after a session: to each person who came, and one to each manager for all of theirs."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from post_office import mail

from training.links import make_link
from training.models import Booking, Enrolment, Session
from training.session_links import feedback_link
from venues.emails import venue_addresses


def register_closed(
    session: Session, bookings: Iterable[Booking], completions: dict[int, Enrolment]
) -> None:
    """To those who came; `completions` has what each completed, by the booking's id."""
    letters: dict[str, dict] = {}
    for booking in bookings:
        completion = completions.get(booking.pk)
        if booking.staff_member.email:
            _to_person(session, booking, completion)
        if booking.sign_up:
            for address in venue_addresses(booking.sign_up.venue):
                people = letters.setdefault(address, {})
                people.setdefault(booking.sign_up, []).append(booking)
    for address, venues in letters.items():
        rows = [
            {"venue": sign_up.venue, "people": len(people), "link": _training_page(sign_up)}
            for sign_up, people in venues.items()
        ]
        _send(
            address,
            _("Who came to the training"),
            "who_came",
            {"session": session, "rows": rows, "completed": bool(completions)},
        )


def attendance_withdrawn(session: Session, booking: Booking) -> None:
    """To the managers: what one person's attendance had unlocked is taken back."""
    if booking.sign_up:
        page = {"session": session, "sign_up": booking.sign_up}
        page["link"] = _training_page(booking.sign_up)
        for address in sorted(venue_addresses(booking.sign_up.venue)):
            _send(address, _("A register was corrected"), "attendance_withdrawn", page)


def _to_person(session, booking, completion):
    link = ""
    if completion and session.module.open_version is not None:
        link = make_link(completion)
    _send(
        booking.staff_member.email,
        _("Your training"),
        "you_came",
        {
            "session": session,
            "person": booking.staff_member,
            "completion": completion,
            "link": link,
            "feedback_link": feedback_link(booking),
        },
    )


def _training_page(sign_up):
    return settings.SITE_URL + reverse("training_home", args=[sign_up.pk])


def _send(address, subject, name, page):
    message = render_to_string(TEMPLATES[name], page)
    mail.send(address, settings.DEFAULT_FROM_EMAIL, subject=subject, message=message)


TEMPLATES = {
    "who_came": "training/email/who_came.txt",
    "attendance_withdrawn": "training/email/attendance_withdrawn.txt",
    "you_came": "training/email/you_came.txt",
}
