"""Which schemes list a place and show their badge on it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from venues.models import Scheme, SignUp, Venue


def named_listings(at: datetime.date, scheme: Scheme | None = None) -> QuerySet[SignUp]:
    """The sign-ups listed on `at` with a visible badge, of all schemes or one.

    A place that hides its badge is still listed, but never together with the scheme's name: so it
    is left out of the scheme's own list too.
    """
    found = SignUp.objects.listed(at).filter(hides_badge=False)
    return found.filter(scheme=scheme) if scheme else found


def badges(venues: Iterable[Venue], at: datetime.date) -> dict[int, list[Scheme]]:
    """Schemes whose badge each venue shows on `at`, per venue id, by name; in one query.

    The list is empty for a venue that no scheme lists or that hides its badges.
    """
    keys = [venue.pk for venue in venues]
    listed = named_listings(at).filter(venue__in=keys).select_related("scheme")
    found = defaultdict(list)
    for sign_up in listed.order_by("scheme__name", "scheme"):
        found[sign_up.venue_id].append(sign_up.scheme)
    return {key: found[key] for key in keys}


def badges_among(listed: Iterable[SignUp]) -> list[Scheme]:
    """The same for one venue, from its prefetched listed sign-ups."""
    shown = {sign_up.scheme for sign_up in listed if not sign_up.hides_badge}
    return sorted(shown, key=lambda scheme: (scheme.name, scheme.pk))
