"""The letters about returns, and the month's letter. Each goes once, whoever asks how often."""

import datetime
import logging

from django.utils import timezone

from partnership import actions
from partnership.actions import send_quarter_letter, set_up_returns
from partnership.models import VenueLetter
from partnership.rules.letters import due_letters, in_lots, without_month_letter
from venues.evidence_kinds import Part
from venues.models import Scheme

logger = logging.getLogger(__name__)
AT_ONCE = 200
"""Venues whose month's letters are made together."""


def set_up_schemes() -> int:
    """Give each open scheme its lists and settings for returns, once; how many were given them."""
    waiting = Scheme.objects.open().having(Part.RETURNS).filter(return_settings__isnull=True)
    for scheme in waiting:
        set_up_returns(scheme)
    return len(waiting)


def send_quarter_letters(at: datetime.datetime | None = None) -> int:
    """The quarter's letter and its two reminders, to venues not heard of yet; how many."""
    now = at or timezone.now()
    today = timezone.localdate(now)
    kinds = (VenueLetter.Kind.QUARTER, VenueLetter.Kind.BEFORE, VenueLetter.Kind.AFTER)
    return sum(
        send_quarter_letter(sign_up, quarter, settings, kind=kind, at=now)
        for kind in kinds
        for sign_up, quarter, settings in list(due_letters(kind, today))
    )


def send_month_letters(at: datetime.datetime | None = None) -> int:
    """One letter a person with everything due at all their places; how many.

    About so many venues at once, each lot by itself: one that fails is logged and tried again in
    an hour.
    """
    now = at or timezone.now()
    venues = list(without_month_letter(timezone.localdate(now)))
    sent = 0
    for lot in in_lots(venues, AT_ONCE):
        try:
            sent += actions.send_month_letters(lot, at=now)
        except Exception:
            logger.exception("The month's letters of %s places failed", len(lot))
    return sent
