"""Membership dates of the demonstration's places, with recent joiners and leavers."""

import datetime

from django.utils import timezone

from partnership.periods import QUARTER, Period
from venues.models import Event, Scheme, SignUp, Sticker

ONE_DAY = datetime.timedelta(days=1)
MEMBERS_FOR = 500 * ONE_DAY
NEWCOMERS = {"Thornhay Village Hall": 9, "Safe Harbour Advice": 51}
"""Joined in the latest whole quarter, this many days after it began."""
WENT = {"venues.sign_up_suspended": 60, "venues.sign_up_withdrawn": 33}
"""Other events in that quarter, and how many days after its start."""


def date_members(scheme: Scheme) -> None:
    """Places with a sticker have been members for over a year, except newcomers. Those without
    joined this quarter.
    """
    begins = Period.containing(QUARTER, timezone.localdate()).previous.starts
    shown = Sticker.objects.live().filter(displayed_at__isnull=False)
    here = SignUp.objects.filter(scheme=scheme, approved_at__isnull=False)
    gone = here.exclude(state=SignUp.State.APPROVED)
    for sign_up in (here.filter(stickers__in=shown) | gone).distinct().select_related("venue"):
        since = timezone.now() - MEMBERS_FOR
        if sign_up.venue.name in NEWCOMERS:
            since = _noon(begins + NEWCOMERS[sign_up.venue.name] * ONE_DAY)
        SignUp.objects.filter(pk=sign_up.pk).update(approved_at=since)
        history = Event.objects.filter(sign_up=sign_up)
        history.filter(kind="venues.sign_up_approved").update(at=since)
        for kind, days in WENT.items():
            history.filter(kind=kind).update(at=_noon(begins + days * ONE_DAY))


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
