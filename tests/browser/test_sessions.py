"""A manager books three people at once; a trainer copies the last session; anybody registers
interest.
"""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, follow, go, press, sees, sees_not
from tests.factories import MembershipFactory, SignUpFactory, StaffMemberFactory
from tests.training.session_factories import BookingFactory, InterestFactory
from training import actions
from training.models import Interest, Module, Session
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(officer):
    """A video session in ten days, with two places."""
    return actions.plan_session(
        Scheme.objects.get(),
        by=officer,
        trainers=[officer],
        module=Module.objects.get(slug="introductory"),
        starts_at=timezone.now() + datetime.timedelta(days=10),
        minutes=90,
        video_link="https://meet.example.org/room",
        capacity=2,
    )


@pytest.fixture
def signed_in(open_page, client, live_server):
    """A browser with this user signed in."""

    def make(user, viewport):
        client.force_login(user)
        page = open_page(viewport)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return page

    return make


def test_a_manager_books_three_people_and_cancels_one(signed_in, session):
    sign_up = SignUpFactory(scheme=session.scheme, approved=True)
    manager = MembershipFactory(organisation=sign_up.venue.organisation).user
    sam, kim = (
        StaffMemberFactory(
            organisation=sign_up.venue.organisation, venue=sign_up.venue, first_name=name
        )
        for name in ("Sam", "Kim")
    )
    page = signed_in(manager, PHONE)
    go(page, f"/portal/training/{sign_up.pk}/")
    follow(page, "Book seats at a session")
    sees(page, "2 seats left")
    page.locator(".app-card a").first.click()
    sees_not(page, "meet.example.org")
    page.check(f'[name="people"][value="{sam.pk}"]')
    page.check(f'[name="people"][value="{kim.pk}"]')
    fill(page, names_later="1")
    press(page, "Book")
    sees(page, "2 seats are booked.", "1 person is on the waiting list", "Number 1 on the waiting")
    assert page.get_by_role("link", name="Join by video").get_attribute("href")
    page.get_by_role("button", name="Give this seat up: seat 1").click()
    sees(page, "The seat is given up.", "A seat has come free.")
    press(page, "Take the seat")
    sees(page, "The seat is booked.")
    states = session.bookings.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "booked", "booked"]


def test_a_trainer_copies_the_last_session(signed_in, session, officer, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    BookingFactory(session=session)
    InterestFactory(scheme=session.scheme, module=session.module, people=3)
    page = signed_in(officer, DESK)
    go(page, f"/admin/training/session/{session.pk}/change/")
    press(page, "Tell them of this session")
    sees(page, "1 letter is written.")
    InterestFactory(scheme=session.scheme, module=session.module, people=3)
    go(page, "/admin/training/interest/demand/")
    go(page, "/admin/training/session/")
    follow(page, "Copy the last session")
    press(page, "Plan this session")
    sees(page, "The session is planned.", "0 of 2 seats taken")
    copy = Session.objects.exclude(pk=session.pk).get()
    week = copy.starts_at - session.starts_at
    assert datetime.timedelta(days=6) < week < datetime.timedelta(days=8)


def test_anybody_registers_interest_without_cookies(open_page, session):
    page = open_page(PHONE)
    go(page, "/join/")
    follow(page, "See the sessions, or tell us what you want to learn")
    follow(page, "Register your interest")
    fill(page, wants_covered="Closing time", people="0")
    press(page, "Register interest")
    sees(page, "There is a problem")
    fill(page, people="2")
    press(page, "Register interest")
    sees(page, "Thank you")
    assert Interest.objects.get().wants_covered == "Closing time"
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    assert cookies <= {"csrftoken"}  # of the start page, whose own form needs it
