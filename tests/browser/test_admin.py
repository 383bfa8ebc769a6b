"""Officers' pages in Chromium: nothing blocked, no axe violations, no sideways scrolling."""

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.factories import (
    ALWAYS,
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues.models import Enquiry, Event, Import

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODELS = ["scheme", "principle", "officer", "venue", "organisation", "signup", "sticker"]
MODELS += ["enquiry", "event", "import"]


@pytest.fixture
def things(client):
    """One object of each kind, with its officer signed in."""
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
        "import": Import.objects.create(
            kind="members",
            scheme=scheme,
            by=role.user,
            file_name="members.csv",
            file=b"x",
            state=Import.State.WRITING,
            row=212,
            rows=303,
        ),
    }


def signed_in(page, client, live_server):
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    return page


def test_the_import_page_follows_progress_to_the_end(open_page, client, live_server, things):
    stored = things["import"]
    page = signed_in(open_page(PHONE), client, live_server)
    page.goto(reverse("admin:venues_import_change", args=[stored.pk]))
    status = page.get_by_role("status")
    assert "at row 212 of 303" in status.inner_text()
    Import.objects.update(row=300)
    page.get_by_text("at row 300 of 303").wait_for()
    Import.objects.update(state=Import.State.DONE, file=None, said=["303 rows read."])
    page.get_by_text("303 rows read.").wait_for()
    check(page)


def test_the_failed_work_page_has_no_violations(open_page, client, live_server):
    DBTaskResult.objects.create(
        status="FAILED",
        task_path="safespaces.duties.do_duty",
        args_kwargs={"args": ["warn_of_lapses"], "kwargs": {}},
        worker_ids=["a"],
        exception_class_path="builtins.ValueError",
        traceback="ValueError: out of order\n",
        finished_at=timezone.now(),
        queue_name="work",
        backend_name="default",
    )
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    page = signed_in(open_page(PHONE), client, live_server)
    page.goto(reverse("failed_work"))
    assert page.get_by_role("button", name="Try again Hourly duty: warn of lapses").is_visible()
    check(page)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_officers_pages_have_no_violations(open_page, client, live_server, things, viewport):
    page = signed_in(open_page(viewport), client, live_server)
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
    page.locator("#neighbours-map path.leaflet-interactive").first.wait_for()
    assert page.locator("#neighbours-map path.leaflet-interactive").count() == 2
