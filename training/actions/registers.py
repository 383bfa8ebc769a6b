"""A session's register: taken at the door, closed and corrected.

Lock order: as for bookings, every action locks the session's row first, so that two telephones
write one after the other.
"""

import datetime
from collections.abc import Collection
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training import emails
from training.actions.bookings import sign_up_of
from training.models import Booking, Enrolment, Session
from training.models.bookings import BookingQuerySet
from training.models.enrolments import LINK_LASTS
from training.rules import (
    counts_until,
    people_of,
    posts_of_guests,
    version_taught,
    why_no_register,
    why_not_close,
    why_not_new,
    why_not_take,
)
from venues.actions import add_staff_member, kept_grace
from venues.models import Event, SignUp, StaffMember

State = Booking.State


@transaction.atomic
def take_register(
    session: Session,
    *,
    by: User,
    was: Collection[int],
    came: Collection[int],
    shown: Collection[int],
    drawn_at: datetime.datetime,
) -> list[Booking]:
    """Save the ticks changed on one telephone; returns bookings that changed elsewhere meanwhile.

    `shown` are the bookings on the page when it was drawn at `drawn_at`, `was` those ticked then
    and `came` those ticked now, all as ids. Only differences are applied, so a resent form or a
    second telephone with other people undoes nothing. A booking that somebody else changed after
    the page was drawn is left alone and returned.
    """
    session = lock(session)
    now = timezone.now()
    if reasons := why_not_take(session, now):
        raise Refused(*reasons)
    changed, left = [], []
    for booking in _people(session).filter(pk__in=set(shown)):
        ticked = booking.pk in came
        if ticked == (booking.pk in was) or ticked == bool(booking.attended):
            continue
        if booking.attended_recorded_at and booking.attended_recorded_at > drawn_at:
            left.append(booking)
            continue
        booking.attended, booking.attended_recorded_at = ticked, now
        changed.append(booking)
    if changed:
        Booking.objects.bulk_update(changed, ["attended", "attended_recorded_at"])
        Event.objects.record_about("training.register_taken", session, by=by, count=len(changed))
    return left


@transaction.atomic
def add_walk_in(
    session: Session,
    sign_up: SignUp,
    *,
    by: User,
    person: StaffMember | None = None,
    first_name: str = "",
    email: str = "",
    asked_with: UUID | None = None,
    reason: str = "",
) -> Booking:
    """Add somebody who came without booking, even if the session is full.

    The trainer decides who may stay. Once the register is closed this is a correction: it needs a
    reason and completes the training at once.
    """
    session = lock(session)
    if asked_with and (known := session.bookings.filter(asked_with=asked_with).first()):
        return known
    now = timezone.now()
    reasons = _why_not_add(session, sign_up, reason, now)
    if person is None and not first_name.strip():
        reasons.append(_("Say who came: choose somebody, or write a first name."))
    if reasons:
        raise Refused(*reasons)
    person = _person(sign_up, person, first_name, email, by=by)
    listed = session.bookings.live().filter(staff_member=person).first()
    if listed:
        if listed.attended is None and not session.register_closed_at:
            return let_in(listed, by=by)
        return listed
    booking = Booking.objects.create(
        session=session,
        sign_up=sign_up,
        staff_member=person,
        state=State.BOOKED,
        booked_at=now,
        asked_by=by,
        asked_with=asked_with,
        attended=True,
        attended_recorded_at=now,
        walk_in=True,
    )
    if session.register_closed_at:
        _complete(session, [booking], by=by)
        Event.objects.record_about(
            "training.attendance_added",
            booking,
            by=by,
            booking=booking.pk,
            reason=reason.strip(),
        )
    else:
        Event.objects.record_about("training.walk_in_added", booking, by=by, booking=booking.pk)
    return booking


class NewPerson(TypedDict, total=False):
    """Somebody new to the venue, as keyword arguments of `add_walk_in`."""

    first_name: str
    email: str
    asked_with: UUID | None
    reason: str


@transaction.atomic
def add_walk_ins(
    session: Session,
    sign_up: SignUp,
    *,
    by: User,
    people: Collection[StaffMember],
    **new: Unpack[NewPerson],
) -> list[Booking]:
    """Add several people of one venue, and perhaps one new person; all or none."""
    if not people and not new.get("first_name", "").strip():
        raise Refused(_("Say who came: choose somebody, or write a first name."))
    reason = new.get("reason", "")
    added = [add_walk_in(session, sign_up, by=by, person=each, reason=reason) for each in people]
    if new.get("first_name", "").strip():
        added.append(add_walk_in(session, sign_up, by=by, **new))
    return added


@transaction.atomic
def let_in(booking: Booking, *, by: User) -> Booking:
    """Tick somebody on the list; if they had no seat, they get one."""
    session, booking = _locked_booking(booking)
    now = timezone.now()
    reasons = why_not_take(session, now)
    if booking.state == State.CANCELLED:
        reasons.append(_("This seat was given up. Add the person as one who came without."))
    if not booking.who:
        reasons.append(_("Write the name first."))
    if reasons:
        raise Refused(*reasons)
    if booking.attended and booking.state == State.BOOKED:
        return booking
    if booking.state != State.BOOKED:
        booking.state, booking.booked_at, booking.walk_in = State.BOOKED, now, True
    booking.attended, booking.attended_recorded_at = True, now
    booking.save(
        update_fields=["state", "booked_at", "walk_in", "attended", "attended_recorded_at"]
    )
    Event.objects.record_about("training.let_in", booking, by=by, booking=booking.pk)
    return booking


@transaction.atomic
def name_at_door(
    booking: Booking,
    *,
    by: User,
    person: StaffMember | None = None,
    first_name: str = "",
    email: str = "",
) -> Booking:
    """Name the person who came on an unnamed seat, and tick them."""
    session, booking = _locked_booking(booking)
    now = timezone.now()
    reasons = why_not_take(session, now)
    if person is None and not first_name.strip():
        reasons.append(_("Say who came: choose somebody, or write a first name."))
    if booking.state == State.CANCELLED:
        reasons.append(_("This seat was given up. Add the person as one who came without."))
    if booking.staff_member:
        if booking.staff_member == person or booking.staff_member.first_name == first_name.strip():
            return booking  # the form was resent
        reasons.append(
            _("This place has the name %(name)s by now.") % {"name": booking.staff_member}
        )
    if reasons:
        raise Refused(*reasons)
    person = _person(sign_up_of(booking), person, first_name, email, by=by)
    if session.bookings.live().filter(staff_member=person).exists():
        raise Refused(_("%(person)s is on the list already.") % {"person": person})
    booking.staff_member = person
    booking.save(update_fields=["staff_member"])
    return let_in(booking, by=by)


@transaction.atomic
def close_register(session: Session, *, by: User) -> Session:
    """Close the register: ticked people complete the training, the rest count as absent.

    Idempotent. Each attendee with an address gets one letter, and so does each manager.
    """
    session = lock(session)
    if session.register_closed_at:
        return session
    now = timezone.now()
    if reasons := why_not_close(session, now):
        raise Refused(*reasons)
    session.bookings.filter(state=State.BOOKED, attended__isnull=True).update(
        attended=False, attended_recorded_at=now
    )
    session.register_closed_at, session.register_closed_by = now, by
    session.save(update_fields=["register_closed_at", "register_closed_by"])
    came = list(_people(session).filter(attended=True))
    _complete(session, came, by=by)
    Event.objects.record_about("training.register_closed", session, by=by, count=len(came))
    return session


@transaction.atomic
def correct_register(booking: Booking, *, attended: bool, by: User, reason: str) -> Booking:
    """Correct a closed register: somebody's completion is issued or withdrawn."""
    session, booking = _locked_booking(booking)
    reasons = why_no_register(session, timezone.now())
    if not session.register_closed_at:
        reasons.append(_("The register is still open. Tick the person there."))
    if booking.state != State.BOOKED:
        reasons.append(_("This person had no seat. Add them as one who came without."))
    if attended and not booking.who:
        reasons.append(_("This seat never had a name. Add the person as one who came without."))
    if not reason.strip():
        reasons.append(_("Give a reason."))
    if reasons:
        raise Refused(*reasons)
    if booking.attended == attended:
        return booking
    booking.attended, booking.attended_recorded_at = attended, timezone.now()
    booking.save(update_fields=["attended", "attended_recorded_at"])
    what = "training.attendance_added" if attended else "training.attendance_withdrawn"
    Event.objects.record_about(what, booking, by=by, booking=booking.pk, reason=reason.strip())
    if attended:
        _complete(session, [booking], by=by)
    else:
        completions = booking.completions.filter(withdrawn_at__isnull=True)
        organisations = list(completions.values_list("staff_member__organisation", flat=True))
        # Withdrawing must not unlist a venue at once: the scheme grants it a grace period.
        with kept_grace(SignUp.objects.filter(venue__organisation__in=organisations)):
            completions.update(
                withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()
            )
        emails.attendance_withdrawn(session, booking)
    return booking


def _complete(session: Session, bookings: Collection[Booking], *, by: User) -> None:
    """Write to those who came and, if attendance completes the module, issue completions.

    A guest completes it only with a post at a venue of the scheme, and their booking becomes one of
    that venue's.
    """
    made = []
    if session.module is not None and session.module.by_attendance:
        _join_posts(session, bookings)
        trained = [booking for booking in bookings if booking.staff_member]
        day = timezone.localdate(session.starts_at)
        until = counts_until(session.module, session.scheme, day)
        now = timezone.now()
        made = Enrolment.objects.bulk_create(
            Enrolment(
                staff_member=booking.staff_member,
                module=session.module,
                module_version=version_taught(session.module, day),
                scheme=session.scheme,
                source=Enrolment.Source.ATTENDANCE,
                booking=booking,
                enrolled_by=by,
                code_expires_at=now + LINK_LASTS,  # for the link in the letter
                completed_at=min(now, session.ends_at),
                valid_until=until,
            )
            for booking in trained
        )
        for booking in trained:
            Event.objects.record_about(
                "training.completed_by_coming", booking, by=by, booking=booking.pk
            )
    emails.register_closed(
        session, bookings, {each.booking_id: each for each in made if each.booking_id}
    )


def _join_posts(session: Session, bookings: Collection[Booking]) -> None:
    posts = posts_of_guests(bookings, session)
    sign_ups = SignUp.objects.filter(
        scheme=session.scheme_id, venue__in=[post.venue_id for post in posts.values()]
    ).select_related("venue__organisation", "scheme")
    by_venue = {sign_up.venue_id: sign_up for sign_up in sign_ups}
    for booking in bookings:
        if post := posts.get(booking.pk):
            booking.staff_member, booking.sign_up = post.staff_member, by_venue[post.venue_id]
            booking.name = booking.email = ""
            booking.save(update_fields=["staff_member", "sign_up", "name", "email"])


def _why_not_add(
    session: Session, sign_up: SignUp, reason: str, now: datetime.datetime
) -> list[str]:
    reasons = why_no_register(session, now)
    if sign_up.scheme_id != session.scheme_id:
        reasons.append(_("This place is not in the scheme of the session."))
    if session.register_closed_at and not reason.strip():
        reasons.append(_("The register is closed. Give a reason for adding somebody."))
    return reasons


def _person(
    sign_up: SignUp, person: StaffMember | None, first_name: str, email: str, *, by: User
) -> StaffMember:
    """The chosen person, if they work at the venue, or a new one if there is no namesake."""
    today = timezone.localdate()
    if person is None:
        first_name = first_name.strip()
        if reasons := why_not_new(sign_up, [first_name], today):
            raise Refused(*reasons)
        venue = sign_up.venue
        return add_staff_member(
            venue.organisation, first_name=first_name, venue=venue, by=by, email=email
        )
    if not people_of(sign_up, today).filter(pk=person.pk).exists():
        raise Refused(
            _("%(person)s does not work at %(venue)s.") % {"person": person, "venue": sign_up.venue}
        )
    return person


def _people(session: Session) -> BookingQuerySet:
    return (
        session.bookings.filter(state=State.BOOKED)
        .with_a_person()
        .select_related("staff_member__organisation", "sign_up__venue__organisation")
        .order_by("pk")
    )


def _locked_booking(booking: Booking) -> tuple[Session, Booking]:
    # Read the booking only after the lock: somebody else may just have changed it.
    session = lock(booking.session)
    booking = Booking.objects.select_related(
        "staff_member", "sign_up__venue__organisation", "sign_up__scheme"
    ).get(pk=booking.pk)
    booking.session = session
    return session, booking
