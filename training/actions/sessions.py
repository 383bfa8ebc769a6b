"""Planning, changing and cancelling sessions."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from training import emails
from training.models import Booking, Interest, Session
from training.rules import (
    why_not_change,
    why_not_fewer_seats,
    why_not_other_training,
    why_not_plan,
)
from venues.models import Event, Scheme

from .bookings import offer_seats

TOLD_OF = ("starts_at", "minutes", "venue", "address", "video_link")
"""The fields shown in a calendar entry: when one changes, everybody booked is told."""


@transaction.atomic
def plan_session(
    scheme: Scheme,
    *,
    by: User,
    trainers: Collection[User] = (),
    copied_from: Session | None = None,
    **fields: object,
) -> Session:
    """Plan a session. An identical second session is refused."""
    scheme = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    session = Session(scheme=scheme, planned_by=by, copied_from=copied_from, **fields)
    if reasons := why_not_plan(session, trainers, timezone.now()):
        raise Refused(*reasons)
    session.save()
    session.trainers.set(trainers)
    Event.objects.record_about("training.session_planned", session, by=by)
    return session


@transaction.atomic
def change_session(
    session: Session, changes: dict, *, by: User, trainers: Collection[User] | None = None
) -> Session:
    """Move a session or change its details; extra seats are offered to those waiting.

    A new time or place is announced to everybody on the list, with a new calendar file.
    """
    Scheme.objects.select_for_update(no_key=True).get(pk=session.scheme_id)
    session = lock(session)
    now = timezone.now()
    reasons = why_not_change(session, now)
    reasons += why_not_other_training(session, changes.get("module", session.module))
    was = {name: getattr(session, name) for name in changes}
    for name, value in changes.items():
        setattr(session, name, value)
    trainers_now = session.trainers.all() if trainers is None else trainers
    reasons += why_not_plan(session, trainers_now, now)
    reasons += why_not_fewer_seats(session, session.capacity)
    if reasons:
        raise Refused(*reasons)
    changed = [name for name in changes if was[name] != changes[name]]
    if trainers is not None:
        session.trainers.set(trainers)
    if told := [name for name in TOLD_OF if name in changed]:
        session.sequence += 1
        session.bookings.update(reminded_week_at=None, reminded_day_at=None)
    session.save(update_fields=[*changed, "sequence"])
    Event.objects.record_about("training.session_changed", session, by=by, fields=changed)
    if told:
        _shorten_offers(session)
        emails.session_moved(session)
    offer_seats(session, now)
    return session


@transaction.atomic
def cancel_session(session: Session, *, by: User, reason: str) -> Session:
    """Cancel a session: every booking ends, and each venue is told the reason."""
    session = lock(session)
    reasons = why_not_change(session, timezone.now())
    if not reason.strip():
        reasons.append(_("Give a reason. It is sent to those who booked."))
    if reasons:
        raise Refused(*reasons)
    session.cancelled_at, session.cancelled_by = timezone.now(), by
    session.cancelled_reason = reason.strip()
    session.sequence += 1
    session.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason", "sequence"])
    live = list(session.bookings.live().select_related("staff_member"))
    for booking in live:
        _end_with_the_session(booking)
    Event.objects.record_about(
        "training.session_cancelled", session, by=by, reason=session.cancelled_reason
    )
    emails.session_cancelled(session, live)
    return session


@transaction.atomic
def tell_interested(session: Session, *, by: User) -> int:
    """Write to those interested in this module who left an address. Returns how many.

    Each is told once and then drops out of the demand.
    """
    session = lock(session)
    if reasons := why_not_change(session, timezone.now()):
        raise Refused(*reasons)
    interests = list(
        Interest.objects.select_for_update(of=("self",))
        .to_tell(session)
        .select_related("sign_up__venue__organisation", "scheme")
    )
    if not interests:
        raise Refused(_("Nobody who left an address waits to be told."))
    for interest in interests:
        emails.session_planned(interest, session)
    Interest.objects.filter(pk__in=[each.pk for each in interests]).update(
        told_at=timezone.now(), told_session=session
    )
    Event.objects.record_about("training.interested_told", session, by=by, count=len(interests))
    return len(interests)


def _end_with_the_session(booking: Booking) -> None:
    move(
        booking,
        Booking.State.CANCELLED,
        cancelled_at=timezone.now(),
        ended=Booking.Ended.SESSION,
    )


def _shorten_offers(session: Session) -> None:
    """Shorten the offers of a session that was brought forward."""
    latest = session.starts_at - datetime.timedelta(minutes=1)
    session.bookings.filter(state=Booking.State.OFFERED, offer_until__gt=latest).update(
        offer_until=latest
    )
