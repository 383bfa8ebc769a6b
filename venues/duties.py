"""Hourly jobs: warning of lapses, deleting what is due, and keeping the finder's listings."""

import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from venues import actions
from venues.actions import (
    announce_grace,
    delete_photo,
    keep_grace,
    note_gone_letters,
    remind_of_grace,
    tell_sticker_ready,
)
from venues.kept import keep_up, refresh_left_over
from venues.letters import in_lots
from venues.models import Event, Lapse, SignUp, Sticker, Venue
from venues.models.sign_ups import ENDED
from venues.queues import ready_for_sticker

AT_ONCE = 200
"""Places written to per transaction; those with the same manager stay together."""


def warn_of_lapses(at: datetime.datetime | None = None) -> int:
    """Record what listed venues have lost and write to them; returns how many were written about.

    One letter when grace begins and one a week before it ends, each to a person for all their
    places. Idempotent.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    keep_grace(SignUp.objects.all(), now)
    note_gone_letters(now)
    members = SignUp.objects.approved().select_related("venue__organisation", "scheme")
    written = 0
    for find, write in (
        (Lapse.objects.to_announce(), announce_grace),
        (Lapse.objects.to_remind(today), remind_of_grace),
    ):
        due = members.filter(Exists(find.filter(sign_up=OuterRef("pk"))))
        for lot in in_lots(due.order_by("pk"), AT_ONCE):
            written += write(lot, at=now)
    return written


def tell_of_ready_stickers(at: datetime.datetime | None = None) -> int:
    """Tell venues that their sticker can be printed, each once; returns how many were told."""
    now = at or timezone.now()
    told = Event.objects.filter(
        kind="venues.sticker_ready", sign_up=OuterRef("pk"), at__gte=OuterRef("approved_at")
    )
    stickers = Sticker.objects.filter(sign_up=OuterRef("pk"))
    # Only the first sticker: for later ones the letters about grace and the monthly letter suffice.
    waiting = ready_for_sticker(SignUp.objects.all(), now).filter(~Exists(told), ~Exists(stickers))
    return sum(tell_sticker_ready(sign_up, at=now) for sign_up in waiting)


def remind_of_insurance(at: datetime.datetime | None = None) -> int:
    """Send the letters due before insurances end. Returns how many."""
    return actions.remind_of_insurance(timezone.localdate(at))


def delete_photos_of_leavers() -> int:
    """Delete the photographs of places that have left every scheme; returns how many."""
    staying = SignUp.objects.filter(venue=OuterRef("pk")).exclude(state__in=ENDED)
    left = Venue.objects.filter(~Exists(staying), sign_ups__isnull=False).exclude(photo="")
    places = list(left.distinct())
    for venue in places:
        delete_photo(venue)
    return len(places)


def keep_listings(at: datetime.datetime | None = None) -> int:
    """Keep the finder's rows equal to the rules; returns how many venues were wrong.

    Just after midnight and after a release everything is recomputed.
    """
    return keep_up(at)


def refresh_listings() -> int:
    """Refresh kept listings left behind by a change; returns how many venues."""
    return refresh_left_over()
