"""Listed places by their names, for whoever types one: "the library", "Lantern House"."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from django.utils import timezone

from geography.models import PlaceKey
from geography.names import LONGEST_KEY, MOST_CHOICES, Named
from venues.models import Venue


def listed_venues_like(key: str) -> list[Named]:
    """Places whose names are like this key (`spelling.place_key`), the likest first; one query.

    Only those that show their address to the public: where an area-only place is would be given
    away by the distances from it.
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
