"""Somebody without an account books a networking event, is ticked there, and asked to sign up."""

import datetime
import re

import pytest
from django.utils import timezone
from post_office.models import Email

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, follow, go, press, sees
from tests.training.session_factories import EventFactory, GuestFactory
from training import actions
from training.models import Booking
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(officer):
    return EventFactory(scheme=Scheme.objects.get(), capacity=2, planned_by=officer)


def link():
    letter = Email.objects.order_by("-pk")[0]
    return re.search(r"https?://[^/]+(/training/\S+)", letter.message)[1]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_somebody_books_a_seat_without_an_account_and_gives_it_up(open_page, event, viewport):
    page = open_page(viewport)
    go(page, f"/schemes/{event.scheme.slug}/")
    follow(page, event.title)
    sees(page, "You need no account.")
    follow(page, "Book a seat")
    press(page, "Send me the link")
    sees(page, "There is a problem", "Write your name.")
    fill(page, name="李小龍", email="li@example.org")
    press(page, "Send me the link")
    sees(page, "Look at your e-mail")
    go(page, link())
    press(page, "Book my seat")
    sees(page, "Booked.", "What we hold about you", "li@example.org")
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrftoken"}
    press(page, "Give up my seat and delete all this")
    sees(page, "are deleted")
    assert not Booking.objects.exists()


def test_a_full_event_has_a_waiting_list(open_page, event):
    first, __ = (GuestFactory(session=event, email=f"{name}@example.org") for name in "ab")
    page = open_page(PHONE)
    go(page, f"/training/sessions/{event.pk}/book/")
    sees(page, "You can go on the waiting list.")
    fill(page, name="Robin", email="robin@example.org")
    press(page, "Send me the link")
    go(page, link())
    press(page, "Put me on the waiting list")
    sees(page, "Number 1 on the waiting list.")
    actions.cancel_booking(first)
    go(page, link())
    press(page, "Take the seat")
    sees(page, "Booked.")


def test_after_an_event_one_letter_leads_to_signing_a_place_up(open_page, event, officer):
    now = timezone.now()
    GuestFactory(session=event, attended=True, attended_recorded_at=now)
    event.starts_at = now - datetime.timedelta(minutes=30)
    event.save()
    actions.close_register(event, by=officer)
    letter = Email.objects.get()
    page = open_page(PHONE)
    go(page, re.search(r"https?://[^/]+(/join/\S+)", letter.message)[1])
    sees(page, event.scheme.name)
