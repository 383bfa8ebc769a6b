"""Pages use a constant number of queries however many places there are, and the spatial index."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signposting.nearest import nearest, nearest_venues
from tests.factories import SchemeFactory
from tests.signposting.conftest import HERE
from venues.models import OpeningHours, Organisation, SignUp, Sticker, Venue

pytestmark = pytest.mark.django_db


def fill(count, *, is_open):
    scheme, now = SchemeFactory(), timezone.now()
    user = get_user_model().objects.create(email=f"{count}{is_open}@example.org")
    who = {"approved_by": user, "submitted_by": user, "started_by": user}
    organisation = Organisation.objects.create(name="Many", sector="community")
    venues = Venue.objects.bulk_create(
        Venue(
            organisation=organisation,
            lead_scheme=scheme,
            name=f"Place {number}",
            slug=f"many-{count}-{number}",
            town=f"Town {number % 9}",
            point=Point(HERE.x + 13 * number, HERE.y, srid=27700),
            hours_confirmed_at=now,
        )
        for number in range(count)
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(
            venue=venue,
            weekday=day,
            opens=datetime.time(0),
            closes=datetime.time(0),
            valid_from=datetime.date(2020, 1, 1),
        )
        for venue in venues
        for day in range(7)
        if is_open
    )
    sign_ups = SignUp.objects.bulk_create(
        SignUp(
            venue=venue,
            scheme=scheme,
            state="approved",
            reference=f"{count}-{number}",
            approved_at=now,
            submitted_at=now,
            **who,
        )
        for number, venue in enumerate(venues)
    )
    Sticker.objects.bulk_create(
        Sticker(
            sign_up=sign_up,
            number=number,
            code=f"{count}N{number}",
            issued_at=now,
            issued_by=user,
            expires_on=timezone.localdate() + datetime.timedelta(days=99),
        )
        for number, sign_up in enumerate(sign_ups)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As autovacuum does by itself a minute after such an import.


def queries(ask):
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = ask()
    assert response.status_code == 200
    assert "Place" in response.content.decode()
    return len(caught)


@pytest.mark.parametrize("is_open", [True, False])
def test_pages_use_the_same_queries_at_70_places_as_at_1000(client, here, is_open):
    asks = [
        lambda: client.post("/", {"location": "ZZ1 1AA"}),
        lambda: client.get("/map/"),
        lambda: client.get("/map/places.geojson?zoom=18&box=-1.3,50.9,-1.1,51"),
    ]
    fill(70, is_open=is_open)  # More than one ring of the search.
    # The first query also asks PostGIS for its version.
    few = [(queries(ask), queries(ask))[1] for ask in asks]
    fill(930, is_open=is_open)
    many = [(queries(ask), queries(ask))[1] for ask in asks]  # the helplines are known by then
    assert few == many
    assert max(many) <= 14


def test_the_nearest_search_uses_the_spatial_index(here):
    fill(1000, is_open=False)
    plan = nearest_venues(HERE).values("pk")[:60].explain()
    assert "Index Scan using" in plan
    assert "venue_public_point" in plan
    assert "Order By" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("count", [3, 70])
def test_the_search_stops_at_a_short_or_far_enough_ring(count):
    fill(count, is_open=False)
    far_off = Point(HERE.x + 100_000, HERE.y, srid=27700)
    point = HERE if count == 3 else far_off
    with CaptureQueriesContext(connection) as asked:
        found = nearest(point, timezone.now())
    rings = [each["sql"] for each in asked if "LIMIT" in each["sql"] and "ST_" in each["sql"]]
    assert len(rings) == 1
    assert len(found.closed) == (3 if count == 3 else 0)
