"""Hourly duties for training."""

import datetime

from django.utils import timezone

from common.tasks.each import each_by_itself
from training import actions
from training.models import Booking, Session

REMIND_FROM = datetime.timedelta(days=7)


def remind_of_expiry(at: datetime.datetime | None = None) -> int:
    """Send the reminders due before training expires. Returns how many completions."""
    return actions.remind_of_expiry(timezone.localdate(at))


def pass_on_unanswered_offers(at: datetime.datetime | None = None) -> int:
    """Offer seats on whose offers have expired. Returns how many."""
    now = at or timezone.now()
    late = Booking.objects.filter(state=Booking.State.OFFERED, offer_until__lt=now)
    sessions = Session.objects.to_come(now).filter(pk__in=late.values("session"))
    return sum(each_by_itself(sessions, lambda session: actions.lapse_offers(session, at=now)))


def remind_of_sessions(at: datetime.datetime | None = None) -> int:
    """Send reminders a week and a day before sessions. Returns how many bookings."""
    now = at or timezone.now()
    soon = Session.objects.to_come(now).filter(starts_at__lte=now + REMIND_FROM)
    return sum(each_by_itself(soon, lambda session: actions.remind(session, at=now)))


def ask_who_comes_instead(at: datetime.datetime | None = None) -> int:
    """Take leavers' names off seats after their last day. Returns how many."""
    now = at or timezone.now()
    coming = Session.objects.to_come(now)
    return sum(each_by_itself(coming, lambda each: actions.free_seats_of_leavers(each, at=now)))
