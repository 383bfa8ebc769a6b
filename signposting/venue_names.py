"""Search for listed places by name: "the library", "Lantern House"."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils import timezone

from geography.models import PlaceKey
from geography.names import LONGEST_KEY, MOST_CHOICES, Named
from venues.models import Venue


def listed_venues_like(keys: list[str]) -> list[Named]:
    """Places with names similar to one of these keys (`spelling.place_key`), most similar first.

    One query. Only those that publish their address: distances from an area-only place would reveal
    where it is.
    """
    keys = [key for key in keys if 3 <= len(key) <= LONGEST_KEY]
    if not keys:
        return []
    is_like = Q()
    for key in keys:
        is_like |= Q(key__trigram_similar=key) | Q(key__trigram_word_similar=key)
    scores = [TrigramSimilarity("key", key) for key in keys]
    venues = (
        Venue.objects.annotate(key=PlaceKey("name"))
        .filter(is_like)
        .listed(timezone.localdate())
        .filter(listing=Venue.Listing.PUBLIC, public_point__isnull=False)
        .annotate(score=Greatest(*scores) if len(scores) > 1 else scores[0])
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
