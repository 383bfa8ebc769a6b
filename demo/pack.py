"""Past quarters of the demonstration: figures, two of them published, and coverage.

The latest quarter's figures are left for the chair to produce.
"""

import datetime

from django.utils import timezone

from coverage.actions import keep_snapshot
from demo.membership import NEWCOMERS
from partnership.actions.figures import make_figures, publish_figures
from partnership.rules.periods import last_ended
from venues.models import EvidenceRecord, OpeningHours, Requirement, SignUp, VenueVersion

QUARTERS = 4
LONG_AGO = datetime.timedelta(days=500)


def make_past_quarters(scheme, *, chair) -> None:
    """Requires the returns. Quarters are processed oldest first, as they would have been."""
    newest = last_ended(scheme, timezone.localdate())
    made = [make_figures(scheme, quarter, by=chair) for quarter in newest.last(QUARTERS)[:-1]]
    for figures in made[1:]:
        publish_figures(figures, by=chair)
    _were_there(scheme, newest, by=chair)
    for quarter in (newest.year_before, newest.previous, newest):
        keep_snapshot(scheme, quarter.year, quarter.number)


def _were_there(scheme, newest, *, by):
    """Most members joined long ago, with training from earlier records; newcomers joined in the
    latest quarter.
    """
    members = SignUp.objects.approved().filter(scheme=scheme).order_by("pk")
    asked = Requirement.objects.filter(principle__scheme=scheme, evidence="trained_people")
    for member in members.select_related("venue"):
        is_new = member.venue.name in NEWCOMERS
        since = newest.starts if is_new else timezone.localdate() - LONG_AGO
        VenueVersion.objects.filter(venue=member.venue_id).update(valid_from=since)
        hours = OpeningHours.objects.filter(venue=member.venue_id, valid_to=None)
        hours.update(valid_from=since)
        EvidenceRecord.objects.bulk_create(
            EvidenceRecord(
                sign_up=member,
                evidence=each.evidence,
                subject=each.subject,
                valid_until=newest.ends,
                imported_by=by,
            )
            for each in asked
        )
