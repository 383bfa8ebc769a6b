"""Managers book, name, give up and accept seats in the portal, or by link without an account."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import MembershipFactory, UserFactory
from tests.training.conftest import add_person, make_venue
from tests.training.session_factories import (
    BookingFactory,
    InterestFactory,
    SessionFactory,
    SpecialistModuleFactory,
)
from training import actions
from training.links.sessions import booking_token
from training.models import Booking, Interest

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/secret-room"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def session(scheme):
    return SessionFactory(scheme=scheme, capacity=2, video_link=LINK, co_trainers="Kit")


@pytest.fixture
def portal(client, manager):
    client.force_login(manager)
    return client


def page_of(sign_up, session):
    return reverse("training_session", args=[sign_up.pk, session.pk])


def book(portal, sign_up, session, **data):
    url = reverse("book_seats", args=[sign_up.pk, session.pk])
    return portal.post(url, data, follow=True)


def test_three_seats_are_booked_at_once_and_the_form_is_idempotent(portal, sign_up, session):
    sam, kim = add_person(sign_up, "Sam"), add_person(sign_up, "Kim")
    assert LINK not in portal.get(page_of(sign_up, session)).text
    form = {"people": [sam.pk, kim.pk], "names_later": 1, "asked_with": str(uuid.uuid4())}

    answer = book(portal, sign_up, session, **form)
    book(portal, sign_up, session, **form)

    assert session.bookings.count() == 3
    assert "2 seats are booked." in answer.text
    assert "1 person is on the waiting list" in answer.text
    assert "Number 1 on the waiting list." in answer.text
    assert LINK in answer.text
    calendar = portal.get(reverse("session_calendar", args=[sign_up.pk, session.pk]))
    assert calendar["Content-Type"].startswith("text/calendar")
    assert "SEQUENCE:0" in calendar.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Say who comes, or how many."),
        ({"names_later": "-1"}, "Write a number from 0 up"),
        ({"names_later": "21"}, "at most 20 places at once"),
        ({"names_later": "some"}, "Write a number."),
        ({"people": "999999"}, "does not work here any more"),
        ({"names_later": "1", "asked_with": "nonsense"}, "valid UUID"),
    ],
)
def test_an_invalid_booking_is_refused_with_a_clear_error(portal, sign_up, session, data, said):
    add_person(sign_up, "Sam")
    assert said in book(portal, sign_up, session, **data).text
    assert not Booking.objects.exists()


def test_a_manager_cannot_reach_another_organisations_people_or_bookings(
    portal, scheme, session, sign_up
):
    other = make_venue(scheme, "Other", UserFactory())
    una = add_person(other, "Una")
    theirs = BookingFactory(session=session, sign_up=other)
    add_person(sign_up, "Sam")
    assert "does not work here" in book(portal, sign_up, session, people=una.pk).text
    for name in ("cancel_booking", "accept_offer", "decline_offer", "name_person"):
        url = reverse(name, args=[sign_up.pk, theirs.pk])
        assert portal.post(url).status_code == 404
    assert "Una" not in portal.get(page_of(sign_up, session)).text
    assert portal.get(page_of(other, session)).status_code == 404


def test_a_seat_is_named_and_given_up(portal, sign_up, session):
    book(portal, sign_up, session, names_later=1)
    booking = Booking.objects.get()
    kim = add_person(sign_up, "Kim")
    name = reverse("name_person", args=[sign_up.pk, booking.pk])
    assert "Choose an answer" in portal.post(name, {}, follow=True).text
    portal.post(name, {f"booking-{booking.pk}-person": kim.pk})
    booking.refresh_from_db()
    assert booking.staff_member == kim
    cancel = reverse("cancel_booking", args=[sign_up.pk, booking.pk])
    assert portal.get(cancel).status_code == 302
    assert "The seat is given up." in portal.post(cancel, follow=True).text


def test_offers_are_accepted_and_declined_in_the_portal(portal, sign_up, session):
    yes, no = (BookingFactory(session=session, sign_up=sign_up, offered=True) for __ in range(2))
    assert "Please answer by" in portal.get(reverse("training_sessions", args=[sign_up.pk])).text
    portal.post(reverse("accept_offer", args=[sign_up.pk, yes.pk]))
    portal.post(reverse("decline_offer", args=[sign_up.pk, no.pk]))
    assert set(session.bookings.values_list("pk", "state")) == {
        (yes.pk, "booked"),
        (no.pk, "cancelled"),
    }


def test_only_suitable_sessions_are_listed(portal, sign_up, scheme, session):
    SessionFactory(scheme=scheme, note="Pubs", venue_types=["pub"])
    mine = SessionFactory(scheme=scheme, venue_types=["cafe", "pub"])
    SessionFactory(scheme=scheme, past=True)
    SessionFactory(scheme=scheme, module=SpecialistModuleFactory(for_types=["pub"]))
    SessionFactory()
    page = portal.get(reverse("training_sessions", args=[sign_up.pk]))
    assert set(page.context["sessions"]) == {session, mine}


@pytest.mark.parametrize("name", ["the list", "one session"])
def test_session_pages_use_a_constant_number_of_queries(portal, sign_up, scheme, session, name):
    url = page_of(sign_up, session)
    if name == "the list":
        url = reverse("training_sessions", args=[sign_up.pk])

    def more():
        BookingFactory(session=session, sign_up=sign_up)
        BookingFactory(session=SessionFactory(scheme=scheme), sign_up=sign_up)
        add_person(sign_up, "Kim")
        InterestFactory(scheme=scheme, sign_up=sign_up)

    def queries():
        with CaptureQueriesContext(connection) as found:
            portal.get(url)
        return len(found)

    more()
    queries()
    few = queries()
    for __ in range(6):
        more()
    assert queries() == few


def test_interest_is_registered_and_withdrawn(portal, sign_up):
    module = SpecialistModuleFactory()
    url = reverse("register_interest", args=[sign_up.pk])
    wrong = portal.post(url, {"module": module.pk, "people": 0, "suits": "Mondays"})
    assert "Write a number from 1 up" in wrong.text
    assert "Mondays" in wrong.text
    portal.post(url, {"module": module.pk, "people": 3, "wants_covered": "Closing time"})
    interest = Interest.objects.get()
    assert (interest.sign_up, interest.people) == (sign_up, 3)
    assert "3 people" in portal.get(reverse("training_sessions", args=[sign_up.pk])).text
    portal.post(reverse("withdraw_interest", args=[sign_up.pk, interest.pk]))
    assert not Interest.objects.exists()


# By link, without an account


def test_the_booking_link_shows_where_to_join_only_with_a_seat(client, session, sign_up):
    booking = BookingFactory(session=session, sign_up=sign_up, waiting=True)
    page = reverse("training_booking", args=[booking_token(booking)])
    waiting = client.get(page).text
    assert "Number 1 on the waiting list." in waiting
    assert LINK not in waiting
    assert client.get(page + "calendar/").status_code == 403
    Booking.objects.update(state="booked", booked_at=timezone.now())
    assert LINK in client.get(page).text
    assert LINK in client.get(page + "calendar/").text.replace("\r\n ", "")


def test_a_latecomer_can_still_join_but_not_after_the_end(client, session, sign_up):
    booking = BookingFactory(session=session, sign_up=sign_up)
    page = reverse("training_booking", args=[booking_token(booking)])
    for minutes, is_there in ((5, True), (session.minutes + 5, False)):
        session.starts_at = timezone.now() - datetime.timedelta(minutes=minutes)
        session.save()
        text = client.get(page).text
        assert (LINK in text) == is_there
        assert "This session has begun." in text


def test_opening_the_booking_link_changes_nothing_and_buttons_post(client, session, sign_up):
    booking = BookingFactory(session=session, sign_up=sign_up, offered=True)
    page = reverse("training_booking", args=[booking_token(booking)])
    for path in ("accept/", "decline/", "give-up/"):
        assert client.get(page + path).status_code == 302
    assert "Take the seat" in client.get(page).text
    booking.refresh_from_db()
    assert booking.state == "offered"
    assert "Booked." in client.post(page + "accept/", follow=True).text
    assert "given up" in client.post(page + "give-up/", follow=True).text
    assert "gone to the next person" in client.post(page + "accept/", follow=True).text


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda token: token[:-10], "not whole"),
        (lambda token: f"x{token}", "not one of ours"),
    ],
)
def test_a_truncated_or_forged_booking_link_is_refused(client, session, sign_up, spoil, said):
    token = booking_token(BookingFactory(session=session, sign_up=sign_up))
    answer = client.get(reverse("training_booking", args=[spoil(token)]))
    assert answer.status_code == 403
    assert said in answer.text


def test_somebody_who_was_replaced_can_neither_join_nor_give_up_the_seat(
    client, manager, sign_up, session
):
    sam, kim = add_person(sign_up, "Sam"), add_person(sign_up, "Kim")
    booking = BookingFactory(session=session, sign_up=sign_up, staff_member=sam)
    page = reverse("training_booking", args=[booking_token(booking)])
    assert LINK in client.get(page).text
    actions.name_person(booking, kim, by=manager)
    for answer in (
        client.get(page),
        client.get(page + "calendar/"),
        client.post(page + "give-up/"),
    ):
        assert answer.status_code == 403
        assert LINK not in answer.text
    assert "somebody else is to come" in client.get(page).text
    booking.refresh_from_db()
    assert booking.state == "booked"
    assert LINK in client.get(reverse("training_booking", args=[booking_token(booking)])).text


def test_the_shared_page_leads_to_the_venue_the_user_manages(client, manager, sign_up, session):
    url = reverse("book_session", args=[session.pk])
    client.force_login(manager)
    assert client.get(url).url == page_of(sign_up, session)
    MembershipFactory(organisation=make_venue(session.scheme, "Two", manager).venue.organisation)
    assert "Which of your places" in client.get(url).text
    client.force_login(UserFactory())
    assert "You do not manage a place" in client.get(url).text


def test_a_cancelled_session_says_why(client, manager, sign_up, session):
    (booking,) = actions.book(session, sign_up, by=manager, names_later=1)
    token = booking_token(booking)
    actions.cancel_session(session, by=manager, reason="Snow")
    for url in (reverse("training_booking", args=[token]), page_of(sign_up, session)):
        client.force_login(manager)
        assert "Reason: Snow" in client.get(url).text
