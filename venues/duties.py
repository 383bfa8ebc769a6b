"""What is done each hour without anybody asking: warnings of lapses, and deleting what is due."""

import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from venues.actions import (
    delete_photo,
    warn_of_lapse,
)
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import SignUp, Venue
from venues.models.sign_ups import ENDED

WARN_AGAIN_AFTER = datetime.timedelta(days=30)


def warn_of_lapses(at: datetime.datetime | None = None) -> int:
    """Warn each approved venue in which something lapsed and its grace runs; how many were warned.

    Once a lapse: a venue warned within the last thirty days is left in peace, unless something
    else has lapsed since.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    warned = 0
    quiet_since = now - WARN_AGAIN_AFTER
    for sign_up in (
        SignUp.objects.approved()
        .with_lapse(today)
        .filter(has_lapsed=True)
        .select_related("venue__organisation", "scheme")
    ):
        lapsed = [
            proof for proof in proofs(sign_up, Stage.STANDING, today) if proof.state == "in_grace"
        ]
        told = sign_up.warned_at and sign_up.warned_at > quiet_since
        if told:
            told_on = timezone.localdate(sign_up.warned_at)
            news = [proof for proof in lapsed if proof.held_until >= told_on]
        else:
            news = lapsed
        if news:
            warn_of_lapse(
                sign_up,
                at=now,
                words=[proof.words for proof in lapsed],
                leaves_on=min(proof.grace_until for proof in lapsed),
            )
            warned += 1
    return warned


def delete_photos_of_leavers() -> int:
    """Delete the photographs of places that have left every scheme; how many."""
    staying = SignUp.objects.filter(venue=OuterRef("pk")).exclude(state__in=ENDED)
    left = Venue.objects.filter(~Exists(staying), sign_ups__isnull=False).exclude(photo="")
    places = list(left.distinct())
    for venue in places:
        delete_photo(venue)
    return len(places)
