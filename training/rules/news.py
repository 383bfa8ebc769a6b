"""What the monthly letter tells managers: how many of their people passed."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils import timezone

from training.models import Enrolment
from venues.models import Venue


def passed_since(
    venues: Iterable[Venue], since: datetime.datetime, until: datetime.datetime
) -> dict[int, int]:
    """How many people working at each venue completed a training in that time, by venue id; one
    query.
    """
    day = timezone.localdate(until)
    rows = (
        Enrolment.objects.completed()
        .exclude(source=Enrolment.Source.EARLIER)
        .filter(
            Q(staff_member__posts__until__isnull=True) | Q(staff_member__posts__until__gte=day),
            completed_at__gt=since,
            completed_at__lte=until,
            staff_member__posts__venue__in={venue.pk for venue in venues},
        )
        .values("staff_member__posts__venue")
        .annotate(people=Count("staff_member", distinct=True))
        .order_by()
    )
    return {row["staff_member__posts__venue"]: row["people"] for row in rows}
