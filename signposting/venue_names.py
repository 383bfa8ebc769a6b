"""Search for listed places by name: "the library", "Lantern House"."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from django.utils import timezone

from geography.models import PlaceKey
from geography.names import LONGEST_KEY, MOST_CHOICES, Named
from venues.models import Venue


def listed_venues_like(key: str) -> list[Named]:
    """Places with names similar to this key (`spelling.place_key`), most similar first; one query.

    Only those that publish their address: distances from an area-only place would reveal where it
    is.
    """
    if not 3 <= len(key) <= LONGEST_KEY:
        return []
    venues = (
        Venue.objects.annotate(key=PlaceKey("name"))
        .filter(Q(key__trigram_similar=key) | Q(key__trigram_word_similar=key))
        .listed(timezone.localdate())
        .filter(listing=Venue.Listing.PUBLIC, public_point__isnull=False)
        .annotate(score=TrigramSimilarity("key", key))
        .order_by("-score", "name", "pk")[: 2 * MOST_CHOICES]
    )
    return [
        Named(
            kind_of="venue",
            pk=venue.pk,
            name=venue.name,
            name_alt="",
            kind="",
            vintage=None,
            town=venue.town,
            district="",
            county="",
            x=venue.public_point.x,
            y=venue.public_point.y,
            score=venue.score,
            slug=venue.slug,
        )
        for venue in venues
    ]
