"""A place exactly as the public sees it: the same data and the same template partial."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from venues.badge_facts import BadgeFacts, badge_facts
from venues.hours.timetable import DayAhead, days_ahead, week_as_read
from venues.listing import named_listings
from venues.models import SignUp, Venue
from venues.offers import offered


@dataclass(frozen=True)
class PublicVenue:
    """The context of `venues/_public_venue.html`. Built from public fields and nothing else."""

    name: str
    kind: str
    address: list[str]
    what_to_say: str
    photo: bool
    pk: int
    photo_alt: str
    website: str
    phone: str
    days: list[DayAhead]
    usual_week: str
    facilities: list = field(default_factory=list)
    offers: list = field(default_factory=list)
    badges: list[BadgeFacts] = field(default_factory=list)
    languages: str = ""
    woman_on_request: str = ""


def public_venue(venue: Venue, scheme, at: datetime.datetime) -> PublicVenue:
    """What the public may see of `venue`, including its hours in words."""
    return PublicVenue(
        pk=venue.pk,
        name=venue.name,
        kind=venue.get_type_display() if venue.type else "",
        address=venue.public_address,
        what_to_say=scheme.what_to_say,
        photo=bool(venue.photo) and venue.listing == Venue.Listing.PUBLIC,
        photo_alt=venue.photo_alt,
        website=venue.website,
        phone=venue.public_phone,
        days=days_ahead(venue, at),
        usual_week=week_as_read(venue, timezone.localdate(at)),
        facilities=facts(venue, Venue.FACILITIES),
        offers=[each.words for each in offered(venue)],
        badges=_badges(venue, timezone.localdate(at)),
        languages=venue.languages,
        woman_on_request=venue.get_woman_on_request_display()
        if venue.woman_on_request != Venue.OnRequest.NOT_KNOWN
        else "",
    )


def _badges(venue: Venue, today: datetime.date) -> list[BadgeFacts]:
    """Badges of the schemes that list it today and are named on its page; empty before it is
    listed.
    """
    listed = named_listings(today).filter(venue=venue).select_related("scheme", "venue")
    return badge_facts(listed, today)


def facts(venue: Venue, names: list[str]) -> list[tuple[str, bool | None]]:
    """(label, yes, no or not known) for the venue's fields `names`."""
    return [(str(venue._meta.get_field(name).verbose_name), getattr(venue, name)) for name in names]


def preview(sign_up: SignUp, at: datetime.datetime) -> PublicVenue | None:
    """What the public will see once it is listed; None for a place that is never public."""
    if sign_up.venue.listing == Venue.Listing.INTERNAL:
        return None
    return public_venue(sign_up.venue, sign_up.scheme, at)
