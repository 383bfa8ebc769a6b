"""What a place's page tells machines: schema.org data, and the preview of a shared link.

Built from public fields alone and the same for everybody: nothing about the visitor or a search.
"""

import datetime
import json

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from signposting.cards import Card
from venues.hours.timetable import hours_on, perhaps_on
from venues.models import Venue

DAYS = 7
KINDS = {
    Venue.Type.LIBRARY: "Library",
    Venue.Type.CAFE: "FoodEstablishment",
    Venue.Type.SHOP: "Store",
    Venue.Type.PHARMACY: "Pharmacy",
    Venue.Type.FAITH: "PlaceOfWorship",
    Venue.Type.PUB: "BarOrPub",
    Venue.Type.SPORT: "SportsActivityLocation",
    Venue.Type.HEALTH: "MedicalBusiness",
    Venue.Type.COUNCIL: "GovernmentOffice",
}
"""The types that schema.org has a word for; every other is a Place."""

ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}
"""Characters that could end the script element, escaped as in Django's json_script."""


def address_of(venue: Venue) -> str:
    """The page's full URL, as on paper and in a shared message."""
    return settings.SITE_URL + reverse("venue_page", args=[venue.slug])


def share_text(venue: Venue) -> str:
    """The message to share: where it is and the page, without saying what it is for."""
    where = ", ".join([venue.name, *venue.public_address])
    return f"{where}\n{address_of(venue)}"


def summary(venue: Venue) -> str:
    """One line for the preview of a shared link."""
    kind = [str(venue.get_type_display())] if venue.type else []
    return ". ".join([*kind, ", ".join(venue.public_address)])


def json_ld(card: Card, venue: Venue) -> SafeString:
    """The place as a schema.org data block. Browsers do not run it, so the strict policy
    allows it.
    """
    text = json.dumps(_place(card, venue), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))


def _place(card: Card, venue: Venue) -> dict:
    made = {
        "@context": "https://schema.org",
        "@type": KINDS.get(venue.type, "Place") if card.is_exact else "Place",
        "@id": address_of(venue),
        "url": address_of(venue),
        "name": card.name,
        "address": _address(venue),
    }
    if card.telephone:
        made["telephone"] = card.telephone
    if card.is_exact and card.latitude is not None and card.longitude is not None:
        made["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(card.latitude, 5),
            "longitude": round(card.longitude, 5),
        }
    if card.is_exact and venue.photo:
        made["photo"] = settings.SITE_URL + venue.photo.url
    made["amenityFeature"] = [
        {
            "@type": "LocationFeatureSpecification",
            "name": str(venue._meta.get_field(name).verbose_name),
            "value": getattr(venue, name),
        }
        for name in Venue.FACILITIES
        if getattr(venue, name) is not None
    ]
    if hours := _hours(card, venue):
        made["openingHoursSpecification"] = hours
    return made


def _address(venue: Venue) -> dict:
    made = {"@type": "PostalAddress", "addressCountry": "GB"}
    if venue.listing == Venue.Listing.PUBLIC:
        street = [line for line in (venue.address_1, venue.address_2) if line]
        parts = {
            "streetAddress": ", ".join(street),
            "addressLocality": venue.town,
            "postalCode": venue.postcode,
        }
    else:
        parts = {"addressLocality": ", ".join(venue.public_address)}
    return made | {key: value for key, value in parts.items() if value}


def _hours(card: Card, venue: Venue) -> list[dict]:
    """The coming days, each by its date, so that closures and bank holidays are right.

    Empty if nobody has confirmed the hours or the place cannot help: saying nothing is better than
    a search engine that says "open". In schema.org 00:00 to 00:00 means closed, and 23:59 ends a
    day that never closes.
    """
    if card.is_unknown or card.cannot_help:
        return []
    today = timezone.localdate(card.when)
    days = [today + datetime.timedelta(days=number) for number in range(DAYS)]
    made = []
    for day in days:
        found = hours_on(venue, day)
        if found is None or perhaps_on(venue, day):
            continue  # unknown, or only in a school term whose dates are unknown
        spans = [(f"{each.opens:%H:%M}", f"{each.closes:%H:%M}") for each in found]
        for opens, closes in spans or [("00:00", "00:00")]:
            if spans and opens == closes:
                opens, closes = "00:00", "23:59"
            made.append(
                {
                    "@type": "OpeningHoursSpecification",
                    "dayOfWeek": f"https://schema.org/{day:%A}",
                    "opens": opens,
                    "closes": closes,
                    "validFrom": day.isoformat(),
                    "validThrough": day.isoformat(),
                }
            )
    return made
