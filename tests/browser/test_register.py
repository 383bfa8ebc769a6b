"""A trainer with the register on a phone: attendance, a walk-in, a name, closing, a correction."""

import datetime
import re

import pytest
from django.conf import settings
from django.utils import timezone

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, follow, go, press, sees
from tests.factories import OfficerFactory, SignUpFactory, StaffMemberFactory
from tests.training.register_factories import BegunSessionFactory, PersonBookedFactory
from training.models import Module
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "The Old Bakery Café, Bookshop and Community Kitchen on the Green"


@pytest.fixture
def session(officer):
    """A session that began ten minutes ago: two people booked, one place unnamed, one person
    waiting.
    """
    scheme = Scheme.objects.get()
    module = Module.objects.get(slug="introductory")
    session = BegunSessionFactory(scheme=scheme, module=module, began=10, capacity=3)
    kettle = SignUpFactory(scheme=scheme, approved=True, venue__name="The Copper Kettle")
    bakery = SignUpFactory(scheme=scheme, approved=True, venue__name=LONG)
    for name, sign_up in (("Ann", kettle), ("Ben", bakery)):
        PersonBookedFactory(session=session, sign_up=sign_up, name=name)
    PersonBookedFactory(session=session, sign_up=bakery, name_later=True)
    PersonBookedFactory(session=session, sign_up=kettle, name="Wyn", waiting=True)
    StaffMemberFactory(first_name="Dee", organisation=kettle.venue.organisation, venue=kettle.venue)
    return session


@pytest.fixture
def window(open_page, client, live_server, session):
    """A browser with the scheme's trainer signed in."""
    client.force_login(OfficerFactory(scheme=session.scheme, role="trainer").user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}

    def make(viewport, **more):
        page = open_page(viewport, **more)
        page.context.add_cookies([cookie])
        return page

    return make


def test_a_trainer_takes_closes_and_corrects_the_register(window, session):
    page = window(PHONE)
    go(page, f"/admin/training/session/{session.pk}/change/")
    follow(page, "Take the register")
    for box in page.locator("input[name=came]").all():
        size = box.bounding_box()
        assert min(size["width"], size["height"]) >= 44
    page.get_by_label("Ann").check()
    press(page, "Save the ticks")
    sees(page, "Saved.", "1 of 2 are ticked")
    follow(page, "Add somebody who is not on the list")
    page.get_by_label("Where they work").select_option(label="The Copper Kettle")
    press(page, "Go on")
    page.get_by_label("Dee").check()
    fill(page, first_name="Kim")
    press(page, "Put on the list")
    sees(page, "3 of 4 are ticked", "came without booking")
    page.get_by_role("link", name="Write the name").click()
    fill(page, first_name="Lee")
    press(page, "Put on the list")
    press(page, "Let in Wyn")
    sees(page, "Wyn is on the list, and ticked.", "5 of 6 are ticked. There are 3 seats.")
    press(page, "Save and close the register")
    sees(page, "5 people have completed the training", f"Not there: Ben ({LONG})")
    press(page, "Close the register")
    sees(page, "5 of 6 came")
    page.get_by_role("link", name=re.compile("Correct: was not there.*Ann")).click()
    sees(page, "The completion is withdrawn")
    press(page, "They were not there")
    sees(page, "Give a reason.")
    fill(page, reason="Somebody else answered.")
    press(page, "They were not there")
    sees(page, "The register is corrected.", "4 of 6 came")


def test_the_register_works_without_javascript_and_shows_the_cover_afterwards(window, session):
    phone = window(PHONE, java_script_enabled=False)
    phone.goto(f"/admin/training/session/{session.pk}/register/")
    phone.get_by_label("Ben").check()
    phone.get_by_role("button", name="Save and close the register").click()
    phone.get_by_role("button", name="Close the register").click()
    assert "1 of 2 came" in phone.content()
    for viewport in (PHONE, DESK):
        page = window(viewport)
        go(page, "/admin/training/cover/")
        sees(page, "Training cover", "The Copper Kettle")
    page.get_by_label("Choose The Copper Kettle").first.check()
    press(page, "Invite the chosen venues")
    press(page, "Invite 1 venue")
    sees(page, "1 venue is invited.")


def test_training_given_in_person_is_recorded(window, session):
    page = window(PHONE)
    go(page, "/admin/training/in-room/")
    page.get_by_label("Where they work").select_option(label="The Copper Kettle")
    press(page, "Go on")
    page.get_by_label("Dee").check()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    fill(page, day_day=str(tomorrow.day), day_month=str(tomorrow.month))
    fill(page, day_year=str(tomorrow.year))
    press(page, "Record the training")
    sees(page, "This day is still to come.")
    today = timezone.localdate()
    fill(page, day_day=str(today.day), day_month=str(today.month), day_year=str(today.year))
    press(page, "Record the training")
    sees(page, "Recorded. It counts from now on.")
