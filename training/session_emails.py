"""Letters about sessions, queued in the transaction that causes them.

A person with an e-mail address gets a link to their own place; whoever booked for the venue gets
one letter for all places, with a link to the portal. Where somebody joins by video is in the
calendar file of those who have a place, and on their page.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from post_office import mail

from training.calendar import calendar_file
from training.models import Booking, Interest, Session
from training.session_links import booking_link, interest_link
from venues.emails import venue_addresses

State = Booking.State


def places_asked_for(session: Session, bookings: list[Booking]) -> None:
    """One answer to one form: how many are booked, and how many wait in which place."""
    booked = [each for each in bookings if each.state == State.BOOKED]
    waiting = [each for each in bookings if each.state == State.WAITING]
    if booked:
        places_booked(session, booked)
    if waiting:
        first = session.bookings.waiting().filter(pk__lte=waiting[0].pk).count()
        alone = {each.pk: _waits(first + after) for after, each in enumerate(waiting)}
        words = alone[waiting[0].pk]
        if len(waiting) > 1:
            words = _(
                "Every place is taken. You are on the waiting list with %(count)s places, from "
                "number %(position)s on. When one comes free we write to you, and keep it for you "
                "until you answer."
            ) % {"count": len(waiting), "position": first}
        _tell(session, waiting, _("You are on the waiting list"), words, alone=alone)


def places_booked(session: Session, bookings: list[Booking]) -> None:
    words = ngettext(
        "%(count)s place is booked.", "%(count)s places are booked.", len(bookings)
    ) % {"count": len(bookings)}
    alone = {each.pk: _("You have a place.") for each in bookings}
    _tell(session, bookings, _("Your training is booked"), words, calendar=True, alone=alone)


def person_named(session: Session, booking: Booking) -> None:
    """To the person alone; who named them knows."""
    if booking.state == State.BOOKED:
        _tell_person(session, booking, _("Your training is booked"), _("You have a place."), True)
    elif booking.state == State.WAITING:
        _tell_person(session, booking, _("You are on the waiting list"), _("Every place is taken."))
    else:
        place_offered(session, booking)


def place_offered(session: Session, booking: Booking) -> None:
    """With a link on which anybody who has the letter can answer, without an account."""
    words = _(
        "A place has come free. We keep it for you until %(until)s. Please say yes or no here:\n"
        "%(link)s\n\nWithout an answer it goes to the next person."
    ) % {"until": _moment(booking.offer_until), "link": booking_link(booking)}
    _tell(session, [booking], _("A place has come free: please answer"), words, links=False)


def booking_ended(session: Session, booking: Booking) -> None:
    words = {
        Booking.Ended.LAPSED: _(
            "Nobody answered in time, so the place has gone to the next person. You can ask for "
            "a place again."
        ),
        Booking.Ended.GIVEN_UP: _("The place was given up. You need do nothing more."),
    }[booking.ended]
    had_it = booking.booked_at is not None
    _tell(session, [booking], _("A place at a training"), words, is_off=had_it, links=False)


def name_needed(session: Session, booking: Booking) -> None:
    words = _(
        "Somebody with a place has left. The place is kept: please say who comes instead, or "
        "give it up."
    )
    _tell(session, [booking], _("Who comes to the training?"), words)


def session_moved(session: Session) -> None:
    live = list(_whole(session.bookings.live()))
    words = _("The session has another time or place than before. This is how it is now:")
    subject = _("Your training has moved")
    booked = [each for each in live if each.state == State.BOOKED]
    others = [each for each in live if each.state != State.BOOKED]
    _tell(session, booked, subject, words, calendar=True)
    _tell(session, others, subject, words)


def session_cancelled(session: Session, bookings: Iterable[Booking]) -> None:
    """`bookings` are those that ended with it."""
    words = _("The session is cancelled: %(reason)s") % {"reason": session.cancelled_reason}
    whole = list(_whole(Booking.objects.filter(pk__in=[each.pk for each in bookings])))
    had_it = [each for each in whole if each.booked_at]
    others = [each for each in whole if not each.booked_at]
    subject = _("Your training is cancelled")
    _tell(session, had_it, subject, words, is_off=True, links=False)
    _tell(session, others, subject, words, links=False)


def reminder(session: Session, bookings: list[Booking]) -> None:
    words = ngettext(
        "A reminder: %(count)s place is booked. If it is not needed, please give it up, so that "
        "somebody else can come.",
        "A reminder: %(count)s places are booked. If one is not needed, please give it up, so that "
        "somebody else can come.",
        len(bookings),
    ) % {"count": len(bookings)}
    mine = _(
        "A reminder of your training. If you cannot come, please give your place up, so that "
        "somebody else can."
    )
    alone = {each.pk: mine for each in bookings}
    _tell(session, bookings, _("Your training is soon"), words, alone=alone)


def session_planned(interest: Interest, session: Session) -> None:
    """To somebody who registered interest, with the way out of the list."""
    if interest.sign_up:
        to = venue_addresses(interest.sign_up.venue)
        args = [interest.sign_up_id, session.pk]
        link = settings.SITE_URL + reverse("training_session", args=args)
    else:
        to = {interest.email}
        link = settings.SITE_URL + reverse("session", args=[session.pk])
    message = _(
        "You told us that you want training. There is a session now.\n\n%(facts)s\n\n%(link)s"
    ) % {"facts": _facts(session, for_all=interest.sign_up is None), "link": link}
    if not interest.sign_up:
        message += "\n\n" + _("Delete what you told us:\n%(link)s") % {
            "link": interest_link(interest)
        }
    _send(to, _("A training session that may suit you"), message + _signed(session))


def _waits(position):
    return _(
        "Every place is taken. You are number %(position)s on the waiting list. When a place "
        "comes free we write to you, and keep it for you until you answer."
    ) % {"position": position}


def _tell(
    session, bookings, subject, words, *, calendar=False, is_off=False, links=True, alone=None
):
    """Write to each person with an address, and once to each who booked for a venue.

    `alone` has, by booking, what its person reads where `words` speak of several places.
    """
    told = set()
    for booking in bookings:
        mine = alone[booking.pk] if alone else words
        _tell_person(session, booking, subject, mine, calendar, is_off=is_off, link=links)
        if booking.sign_up_id:
            to = _bookers(booking)
            if booking.staff_member:
                to -= {booking.staff_member.email}
            if to:
                told.add((booking.sign_up_id, *sorted(to)))
    for sign_up, *to in sorted(told):
        link = reverse("training_session", args=[sign_up, session.pk])
        message = _("%(words)s\n\n%(facts)s\n\nYour bookings:\n%(link)s") % {
            "words": words,
            "facts": _facts(session),
            "link": settings.SITE_URL + link,
        }
        still = session.bookings.filter(sign_up=sign_up, state=State.BOOKED).exists()
        entry = None
        if calendar or (is_off and not still):
            entry = calendar_file(session, whose=f"venue-{sign_up}", is_off=is_off)
        _send(to, subject, message + _signed(session), entry)


def _tell_person(session, booking, subject, words, calendar=False, *, is_off=False, link=True):
    person = booking.staff_member
    if person is None or not person.email:
        return
    message = f"{words}\n\n{_facts(session)}"
    if link:
        message += "\n\n" + _("Your place, and how to give it up:\n%(link)s") % {
            "link": booking_link(booking)
        }
    entry = None
    if calendar or is_off:
        entry = calendar_file(session, whose=f"booking-{booking.pk}", is_off=is_off)
    _send([person.email], subject, message + _signed(session), entry)


def _bookers(booking) -> set[str]:
    """Whoever booked, while they manage the place; otherwise the place's managers."""
    venue, asker = booking.sign_up.venue, booking.asked_by
    if asker and asker.is_active and _manages(asker, venue.organisation_id):
        return {asker.email}
    return venue_addresses(venue)


def _manages(user, organisation):
    return user.memberships.filter(organisation=organisation, role="manager").exists()


def _facts(session, *, for_all: bool = False) -> str:
    """When and where; `for_all` says of the place what anybody may know."""
    place = session.public_place if for_all else session.place
    in_room = _("In a room. The address is for those who book.")
    by_video = _("By video. Who has a place finds the link on the page below.")
    lines = [
        str(session.module),
        _("%(moment)s, %(minutes)s minutes")
        % {"moment": _moment(session.starts_at), "minutes": session.minutes},
        place or (by_video if session.is_online else in_room),
    ]
    return "\n".join(lines)


def _moment(when) -> str:
    return date_format(timezone.localtime(when), "l j F Y, H:i")


def _signed(session) -> str:
    scheme = session.scheme
    return f"\n\n{scheme.council}, {scheme.name}\n{scheme.contact_email}"


def _whole(bookings):
    return bookings.select_related(
        "session", "sign_up__venue__organisation", "staff_member", "asked_by"
    )


def _send(to, subject, message, entry: bytes | None = None) -> None:
    recipients = sorted(set(to) - {""})
    if not recipients:
        return
    attached = {}
    if entry:
        file = ContentFile(entry, name="training.ics")
        attached = {"attachments": {"training.ics": {"file": file, "mimetype": "text/calendar"}}}
    mail.send(recipients, settings.DEFAULT_FROM_EMAIL, subject=subject, message=message, **attached)
