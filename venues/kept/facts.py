"""The facts on a venue's card, independent of language and time, as JSON.

The names are those of `signposting.cards.Card`; a test compares the two.
"""

from venues.models import Venue

DECIMALS = 6
"""Of a degree: about ten centimetres, as in `geography.grid.to_wgs84`."""

FIELDS = (
    "slug",
    "name",
    "type",
    "listing",
    "address_1",
    "address_2",
    "town",
    "postcode",
    "landmark",
    "phone",
    "phone_confirmed_on",
    "languages",
    "woman_on_request",
    "lead_scheme",
    *Venue.FACILITIES,
    *Venue.OFFERS,
)


def facts_of(venue: Venue, at: tuple[float, float] | None) -> dict:
    """`at` is its public point as longitude and latitude. An area-only venue keeps no address."""
    longitude, latitude = at or (None, None)
    is_exact = venue.listing == Venue.Listing.PUBLIC
    outward = venue.postcode.partition(" ")[0]
    return {
        "slug": venue.slug,
        "name": venue.name,
        "kind": venue.type,
        "street": ", ".join(filter(None, [venue.address_1, venue.address_2])) if is_exact else "",
        "town": venue.town,
        "postcode": venue.postcode if is_exact else outward,
        "landmark": venue.landmark if is_exact else "",
        "telephone": venue.public_phone,
        "is_exact": is_exact,
        "latitude": latitude and round(latitude, DECIMALS),
        "longitude": longitude and round(longitude, DECIMALS),
        "facilities": {name: getattr(venue, name) for name in Venue.FACILITIES},
        "offers": [name for name in Venue.OFFERS if getattr(venue, name)],
        "languages": venue.languages,
        "woman_on_request": venue.woman_on_request,
    }
