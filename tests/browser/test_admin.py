"""Officers' pages in Chromium: nothing blocked, no fault by axe, nothing too wide."""

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.urls import reverse

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.factories import (
    ALWAYS,
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    VenueFactory,
)
from venues.models import Enquiry, Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODELS = ["scheme", "principle", "officer", "venue", "organisation", "signup", "sticker"]
MODELS += ["enquiry", "event"]


@pytest.fixture
def things(client):
    """One of each thing, and its officer signed in."""
    scheme = SchemeFactory()
    principle = RequirementFactory(principle__scheme=scheme).principle
    role = OfficerFactory(scheme=scheme, role="administrator")
    venue = VenueFactory(lead_scheme=scheme, hours=ALWAYS, phone="01632 960111")
    near = VenueFactory(lead_scheme=scheme, name="Near", point=Point(450300, 115400, srid=27700))
    approved = SignUpFactory(scheme=scheme, venue=near, approved=True, listed=True, agreed=True)
    Event.objects.record("venues.sign_up_approved", sign_up=approved, by=role.user)
    client.force_login(role.user)
    return {
        "scheme": scheme,
        "principle": principle,
        "officer": role,
        "venue": venue,
        "organisation": venue.organisation,
        "signup": SignUpFactory(scheme=scheme, venue=venue, submitted=True, agreed=True),
        "sticker": approved.stickers.get(),
        "enquiry": Enquiry.objects.create(scheme=scheme, name="Jo", venue_name="Shop", phone="1"),
        "event": Event.objects.first(),
    }


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_officers_pages_have_no_fault(open_page, client, live_server, things, viewport):
    page = open_page(viewport)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    letter = "admin:ask_for_changes"
    addresses = [
        reverse("admin:index"),
        *(reverse(f"admin:venues_{model}_changelist") for model in MODELS),
        *(reverse(f"admin:venues_{model}_change", args=[things[model].pk]) for model in MODELS),
        *(reverse(f"admin:venues_{model}_add") for model in ("signup", "principle", "officer")),
        reverse(letter, args=[things["signup"].pk]),
    ]
    for address in addresses:
        page.goto(address)
        check(page)
    page.goto(reverse("admin:venues_signup_change", args=[things["signup"].pk]))
    page.get_by_role("button", name="Map", exact=True).click()
    assert page.locator("#neighbours-map path.leaflet-interactive").count() == 2
