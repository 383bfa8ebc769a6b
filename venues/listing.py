"""Which schemes list a place today."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from venues.models import Scheme, SignUp, Venue


def badges(venues: Iterable[Venue], at: datetime.date) -> dict[int, list[Scheme]]:
    """The schemes that list each venue on the date `at`, per venue id, by name; in one query.

    By the rule of `SignUpQuerySet.listed()`. A venue that no scheme lists has an empty list.
    """
    keys = [venue.pk for venue in venues]
    listed = SignUp.objects.listed(at).filter(venue__in=keys).select_related("scheme")
    found = defaultdict(list)
    for sign_up in listed.order_by("scheme__name", "scheme"):
        found[sign_up.venue_id].append(sign_up.scheme)
    return {key: found[key] for key in keys}
