"""Coverage as it was kept at the end of the last two quarters, when fewer places had joined."""

import datetime

from django.utils import timezone

from coverage.actions import keep_snapshot
from coverage.models.snapshots import last_day, quarter_before
from venues.models import OpeningHours, Scheme, SignUp, VenueVersion

JOINED_EARLIER = 12
"""Places that had joined by the end of the last quarter; a half of them by the one before."""


def keep_quarters(scheme: Scheme) -> None:
    """Put back when some members joined, as the demonstration does with dates, and keep both."""
    today = timezone.localdate()
    last = quarter_before(today)
    before = quarter_before(last_day(*last) - datetime.timedelta(days=1))
    early, late = (
        _noon(last_day(*quarter) - datetime.timedelta(days=5)) for quarter in (before, last)
    )
    members = SignUp.objects.listed(today).filter(scheme=scheme).with_lapse(today)
    chosen = list(members.filter(has_lapsed=False).order_by("pk")[:JOINED_EARLIER])
    for number, sign_up in enumerate(chosen):
        joined = early if number % 2 else late
        if joined < sign_up.approved_at:
            SignUp.objects.filter(pk=sign_up.pk).update(approved_at=joined)
        # And where it was, and when it opened, from then on.
        VenueVersion.objects.filter(venue=sign_up.venue_id, valid_from__gt=joined.date()).update(
            valid_from=joined.date()
        )
        OpeningHours.objects.filter(venue=sign_up.venue_id, valid_from__gt=joined.date()).update(
            valid_from=joined.date()
        )
    _keep_their_standing(chosen, today)
    for quarter in (before, last):
        keep_snapshot(scheme, *quarter)


def _keep_their_standing(chosen, today):
    """What an earlier joiner owes is for other parts of the demonstration to say."""
    as_they_were = {sign_up.pk: sign_up.approved_at for sign_up in chosen}
    lapsed = SignUp.objects.with_lapse(today).filter(pk__in=as_they_were, has_lapsed=True)
    for sign_up in lapsed:
        SignUp.objects.filter(pk=sign_up.pk).update(approved_at=as_they_were[sign_up.pk])


def _noon(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
