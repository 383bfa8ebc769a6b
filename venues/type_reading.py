"""Reading the type of a place from free text."""

from functools import lru_cache

from common.tables import tidy
from venues.models import Venue

TYPES = {
    Venue.Type.LIBRARY: "library",
    Venue.Type.CAFE: "cafe café coffee_shop restaurant café_or_restaurant cafe_or_restaurant",
    Venue.Type.SHOP: "shop store supermarket retail hairdresser barber",
    Venue.Type.PHARMACY: "pharmacy chemist",
    Venue.Type.FAITH: "faith church chapel cathedral mosque temple synagogue place_of_worship",
    Venue.Type.COMMUNITY: "community community_centre charity village_hall hall youth_centre",
    Venue.Type.PUB: "pub bar club nightclub",
    Venue.Type.SPORT: "sport leisure_centre sports_centre gym swimming_pool",
    Venue.Type.CULTURE: "culture theatre museum cinema gallery arts_centre",
    Venue.Type.HEALTH: "health surgery gp gp_surgery health_centre hospital clinic",
    Venue.Type.COUNCIL: "council council_office town_hall civic_centre",
    Venue.Type.EDUCATION: "education school college university",
    Venue.Type.TRANSPORT: "transport station bus_station railway_station train_station",
    Venue.Type.OTHER: "other",
}


@lru_cache(maxsize=1024)
def read_kind(text: str) -> str:
    """The `Venue.Type` that `text` matches by value, label or synonym; otherwise empty."""
    words = tidy(text)
    if not words:
        return ""
    for choice in Venue.Type:
        if words in (choice.value, tidy(str(choice.label)), *TYPES[choice].split()):
            return choice.value
    return ""
