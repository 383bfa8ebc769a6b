"""Hourly duties for returns and monthly letters. Idempotent: each letter is sent once."""

import datetime
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils import timezone

from partnership import actions
from partnership.actions import set_up_returns
from partnership.models import VenueLetter
from partnership.rules.letters import due_letters, without_month_letter
from venues.evidence_kinds import Part
from venues.letters import in_lots
from venues.models import Scheme, SignUp

logger = logging.getLogger(__name__)
AT_ONCE = 200
"""Venues handled per transaction."""


def set_up_schemes() -> int:
    """Give each open scheme its lists and settings for returns, once. Returns how many."""
    waiting = Scheme.objects.open().having(Part.RETURNS).filter(return_settings__isnull=True)
    for scheme in waiting:
        set_up_returns(scheme)
    return len(waiting)


def send_return_letters(at: datetime.datetime | None = None) -> int:
    """Send the return letter and its two reminders where due. Returns how many letters.

    One letter per person and period, about all their venues.
    """
    now = at or timezone.now()
    kinds = (VenueLetter.Kind.ASKED, VenueLetter.Kind.BEFORE, VenueLetter.Kind.AFTER)
    return sum(_send_return_letters(kind, now) for kind in kinds)


def _send_return_letters(kind, now):
    by_period = defaultdict(dict)
    for row in due_letters(kind, timezone.localdate(now)):
        by_period[row[1]][row[0]] = row
    return sum(_send_about(due, kind, now) for due in by_period.values())


def _send_about(due, kind, now):
    return _in_lots(
        due,
        lambda lot: actions.send_return_letters(
            [due[sign_up] for sign_up in lot], kind=kind, at=now
        ),
    )


def send_month_letters(at: datetime.datetime | None = None) -> int:
    """Send each person one letter about everything due at their venues. Returns how many."""
    now = at or timezone.now()
    venues = without_month_letter(timezone.localdate(now))
    return _in_lots(venues, lambda lot: actions.send_month_letters(lot, at=now))


def _in_lots(sign_ups: Iterable[SignUp], send: Callable[[list[SignUp]], int]) -> int:
    """Send letters in batches of venues. Returns how many letters.

    Each batch stands alone: one that fails is logged and retried in an hour.
    """
    sent = 0
    for lot in in_lots(sign_ups, AT_ONCE):
        try:
            sent += send(lot)
        except Exception:
            logger.exception("The letters about %s places failed", len(lot))
    return sent
