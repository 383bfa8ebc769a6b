"""What is done about training each hour without anybody asking."""

import datetime

from django.utils import timezone

from common.tasks.each import each_by_itself
from training import actions
from training.models import Booking, Session

REMIND_FROM = datetime.timedelta(days=7)


def remind_of_expiry(at: datetime.datetime | None = None) -> int:
    """Remind of training that ends in 60, 30 or 7 days, each once; of how many completions."""
    return actions.remind_of_expiry(timezone.localdate(at))


def pass_on_unanswered_offers(at: datetime.datetime | None = None) -> int:
    """Give places that nobody accepted in time to the next who wait; how many."""
    now = at or timezone.now()
    late = Booking.objects.filter(state=Booking.State.OFFERED, offer_until__lt=now)
    sessions = Session.objects.to_come(now).filter(pk__in=late.values("session"))
    return sum(each_by_itself(sessions, lambda session: actions.lapse_offers(session, at=now)))


def remind_of_sessions(at: datetime.datetime | None = None) -> int:
    """Remind of sessions within a week, and again within a day; of how many places."""
    now = at or timezone.now()
    soon = Session.objects.to_come(now).filter(starts_at__lte=now + REMIND_FROM)
    return sum(each_by_itself(soon, lambda session: actions.remind(session, at=now)))


def ask_who_comes_instead(at: datetime.datetime | None = None) -> int:
    """Take leavers off the places they have at sessions after their last day; how many."""
    now = at or timezone.now()
    coming = Session.objects.to_come(now)
    return sum(each_by_itself(coming, lambda each: actions.free_seats_of_leavers(each, at=now)))
