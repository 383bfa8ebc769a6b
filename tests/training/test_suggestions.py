"""Which modules a venue is offered, which are suggested to it, and why."""

import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse
from django.utils import timezone

from geography.models import Area
from tests.training.conftest import TODAY, days
from tests.training.test_author_module import make
from training import actions
from training.models import Module
from training.rules import modules_for, suggestions
from venues.models import OpeningHours
from venues.preview import preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def venue(sign_up):
    return sign_up.venue


@pytest.fixture
def opened(administrator):
    """Create a reviewed module with the given fields."""

    def open_module(slug="special", **more):
        module = make(slug, aims="- Something", completed_by="attendance", **more)
        return actions.review_module(module, by=administrator, name="Ada", role="Lead")

    return open_module


def hours(venue, opens, closes, **more):
    return OpeningHours.objects.create(
        venue=venue,
        weekday=more.pop("weekday", 4),
        opens=datetime.time.fromisoformat(opens),
        closes=datetime.time.fromisoformat(closes),
        valid_from=TODAY() - days(9),
        **more,
    )


def why(sign_up, module):
    (found,) = suggestions(sign_up, [module], TODAY())
    return found.reasons


@pytest.mark.parametrize(
    ("opens", "closes", "late"),
    [
        ("09:00", "22:00", False),
        ("09:00", "22:01", True),
        ("18:00", "02:00", True),
        ("00:00", "00:00", True),
        ("01:00", "05:00", False),
    ],
)
def test_night_modules_are_suggested_to_venues_open_after_ten(
    sign_up, venue, opened, opens, closes, late
):
    venue.opening_hours.all().delete()
    hours(venue, opens, closes)
    reasons = why(sign_up, opened(suggested_at_night=True))
    assert reasons == (["because you are open after 10 pm"] if late else [])


def test_expired_hours_and_hours_by_appointment_do_not_count(sign_up, venue, opened):
    venue.opening_hours.all().delete()
    hours(venue, "18:00", "02:00", valid_to=TODAY())
    hours(venue, "18:00", "02:00", weekday=2, by_appointment=True)
    assert why(sign_up, opened(suggested_at_night=True)) == []


def test_venue_type_and_sector_are_reasons(sign_up, venue, opened):
    venue.type = "library"
    assert "Library" in why(sign_up, opened(suggested_types=["library"]))[0]
    sector = venue.organisation.sector
    assert "an organisation like yours" in why(sign_up, opened("b", suggested_sectors=[sector]))[0]
    assert why(sign_up, opened("c", suggested_types=["pub"])) == []


def test_the_venues_area_is_a_reason(sign_up, venue, opened):
    module, ring = opened(), venue.point.buffer(100).extent
    area = Area.objects.create(
        code="E1",
        name="Harbour",
        kind="ward",
        vintage=2024,
        boundary=MultiPolygon(Polygon.from_bbox(ring), srid=27700),
    )
    assert why(sign_up, module) == []
    module.suggested_areas.add(area)
    assert why(sign_up, module) == ["because you are in Harbour"]
    venue.point = None
    assert why(sign_up, module) == []


def test_a_module_for_other_venue_types_or_sectors_is_not_offered(sign_up, venue, opened):
    venue.type = "cafe"
    other = "community" if venue.organisation.sector == "commercial" else "commercial"
    opened("a", for_types=["pub"])
    opened("b", for_types=["pub", "cafe"])
    opened("c", for_sectors=[other])
    opened("d", for_sectors=[venue.organisation.sector])
    assert {module.slug for module in modules_for(sign_up)} == {"b", "d"}


def test_the_venue_page_gives_the_reason_and_links_to_the_module(
    client, sign_up, venue, module, opened, manager
):
    client.force_login(manager)
    hours(venue, "18:00", "02:00")
    opened("late", suggested_at_night=True)
    opened("other")
    page = client.get(reverse("training_home", args=[sign_up.pk])).text
    assert "Suggested to you because you are open after 10 pm." in page
    assert page.index(">late<") < page.index(">other<")
    about = client.get(reverse("training_module", args=[sign_up.pk, "late"])).text
    assert "Something" in about
    assert "Attendance: coming to a session" in about
    assert "Train " not in about


def test_an_unreviewed_module_is_hidden_from_venues(client, sign_up, manager):
    client.force_login(manager)
    make("draft-only", aims="- A", completed_by="attendance")
    assert "draft-only" not in client.get(reverse("training_home", args=[sign_up.pk])).text
    hidden = client.get(reverse("training_module", args=[sign_up.pk, "draft-only"]))
    assert hidden.status_code == 404


def test_the_page_uses_a_bounded_number_of_queries_for_many_modules(
    client, sign_up, venue, module, opened, manager, django_assert_max_num_queries
):
    client.force_login(manager)
    for number in range(20):
        opened(f"m{number}", suggested_at_night=True)
    assert Module.objects.count() == 21
    with django_assert_max_num_queries(30):
        client.get(reverse("training_home", args=[sign_up.pk]))


def test_the_people_a_venue_serves_are_a_reason(client, sign_up, venue, opened):
    module = opened(suggested_served=["young", "lgbtq", "older"], suggested_types=[venue.type])
    client.force_login(sign_up.started_by)
    client.post(reverse("change_offers", args=[sign_up.pk]), {"serves": ["young", "lgbtq"]})
    venue.refresh_from_db()
    assert venue.serves == ["young", "lgbtq"]
    sign_up.refresh_from_db()
    assert why(sign_up, module) == [
        "because of the people who come to you most (Young people and students and LGBTQ+ people)"
    ]
    assert "LGBTQ+ people" in client.get(reverse("check_answers", args=[sign_up.pk])).text


def test_an_unknown_group_is_refused(client, sign_up, venue):
    client.force_login(sign_up.started_by)
    page = client.post(reverse("change_offers", args=[sign_up.pk]), {"serves": ["giants"]})
    assert "giants is not one of the available choices" in page.text
    venue.refresh_from_db()
    assert venue.serves == []


def test_the_public_preview_does_not_show_whom_a_venue_serves(client, sign_up, venue):
    type(venue).objects.update(serves=["lgbtq"])
    sign_up.refresh_from_db()
    seen = str(preview(sign_up, timezone.now()))
    assert "LGBTQ" not in seen
    assert "lgbtq" not in seen
