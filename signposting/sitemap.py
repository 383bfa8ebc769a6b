"""Which pages search engines are told about."""

import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse

from signposting.rules import listed_venues
from venues.models import Scheme, Venue

MOST = 50_000
"""URLs that a sitemap may hold."""
PAGES = ("finder", "map", "schemes", "help", "join")


def sitemap_of(today: datetime.date) -> str:
    """The sitemap as XML: public pages, public schemes, and places that publish an address.

    Area-only places have pages like any other, but nobody is led to them from outside.
    """
    paths = [reverse(name) for name in PAGES]
    schemes = list(Scheme.objects.shown().order_by("slug").only("slug", "agrees"))
    paths += [reverse("scheme_page", args=[each.slug]) for each in schemes]
    of_places = [each for each in schemes if not each.is_for_organisations]
    paths += [reverse("if_followed", args=[each.slug]) for each in of_places]
    open_to_all = listed_venues(today).filter(listing=Venue.Listing.PUBLIC)
    venues = open_to_all.order_by("slug").values_list("slug", flat=True)
    paths += [reverse("venue_page", args=[slug]) for slug in venues[: MOST - len(paths)]]
    rows = "".join(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>" for path in paths)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'
    )
