"""Somebody books a seat for themselves with a name and an address, confirmed by a link."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory
from tests.training.conftest import add_person, days
from tests.training.factories import ModuleFactory
from tests.training.session_factories import (
    BookingFactory,
    EventFactory,
    GuestFactory,
    SeatRequestFactory,
    SessionFactory,
)
from training import actions
from training.links.sessions import booking_token, seat_token
from training.models import Booking, Enrolment, SeatRequest
from training.retention import delete_old_guests, delete_old_seat_requests
from venues.models import Letter

pytestmark = pytest.mark.django_db
ROBIN = {"name": "Robin Quill", "email": "robin@example.org"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def event(scheme):
    return EventFactory(scheme=scheme, capacity=2)


def ask(client, session, **data):
    return client.post(reverse("ask_for_seat", args=[session.pk]), data or ROBIN, follow=True)


def newest_letter():
    return Email.objects.order_by("-pk")[0]


def link_in(letter):
    return re.search(r"https?://[^/]+(/training/\S+)", letter.message)[1]


def press(client, letter):
    """Open the link of a letter, and press its button."""
    link = link_in(letter)
    client.get(link)
    return client.post(f"{link}now/", follow=True)


def begun(session):
    session.starts_at = timezone.now() - datetime.timedelta(minutes=30)
    session.save()
    return session


def test_a_seat_is_booked_only_when_the_link_in_the_letter_is_pressed(client, event):
    assert (
        reverse("book_place", args=[event.pk]) in client.get(f"/training/sessions/{event.pk}/").text
    )
    answer = ask(client, event)
    assert "Look at your e-mail" in answer.text
    assert not answer.cookies
    letter = newest_letter()
    assert letter.to == ["robin@example.org"]
    assert not event.bookings.exists()
    assert "Book my seat" in client.get(link_in(letter)).text
    assert not event.bookings.exists()  # Mail scanners open links.

    page = press(client, letter)

    booking = event.bookings.get()
    assert (booking.name, booking.email, booking.state) == (*ROBIN.values(), "booked")
    assert "Booked." in page.text
    booked = newest_letter()
    assert booked.subject == "Your seat is booked"
    assert b"Coffee for people" in booked.attachments.get().file.read()
    assert not Letter.objects.exists()  # They are promised that nothing but the booking is kept.


def test_pressing_the_link_twice_books_once_and_leads_to_the_seat(client, event):
    ask(client, event)
    letter = newest_letter()
    press(client, letter)
    assert "Booked." in press(client, letter).text
    assert "Booked." in client.get(link_in(letter), follow=True).text
    assert event.bookings.count() == 1


def test_a_link_pressed_a_year_late_says_so(client, event):
    token = seat_token(SeatRequestFactory(session=event))
    for later, words in ((days(3), "run out"), (days(365), "run out")):
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr("common.signed_links.timezone.now", lambda later=later: NOW + later)
            page = client.get(reverse("confirm_seat", args=[token]))
        assert page.status_code == 403
        assert words in page.text
    assert not event.bookings.exists()


NOW = timezone.now()


def test_one_address_has_one_seat_and_only_the_letter_says_so(client, event):
    GuestFactory(session=event)
    answer = ask(client, event, name="Robin again", email="ROBIN@Example.org")
    assert "Look at your e-mail" in answer.text
    assert "already" not in answer.text
    letter = newest_letter()
    assert letter.subject == "You are on the list already"
    assert "Booked." in client.get(link_in(letter)).text
    assert event.bookings.count() == 1


def test_somebody_booked_by_their_venue_is_told_of_that_seat(client, event, sign_up, manager):
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    actions.book(event, sign_up, by=manager, people=[sam])
    ask(client, event, name="Sam", email="sam@example.org")
    assert newest_letter().subject == "You are on the list already"


def test_asking_again_renews_the_request_and_keeps_the_last_name(client, event):
    ask(client, event)
    ask(client, event, name="Robin Q.", email="robin@example.org")
    assert SeatRequest.objects.get().name == "Robin Q."


@pytest.mark.parametrize("name", ["李小龍", "محمد الأمين", "Zoë Žižek", "x" * 90])
def test_a_name_in_any_script_and_of_90_letters_is_kept_as_written(client, event, name):
    ask(client, event, name=name, email="li@example.org")
    assert name in press(client, newest_letter()).text
    assert event.bookings.get().name == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "email": "a@example.org"}, "Write your name."),
        ({"name": "A", "email": ""}, "Write your e-mail address."),
        ({"name": "A", "email": "nobody"}, "Write an e-mail address, like"),
        ({"name": "x" * 121, "email": "a@example.org"}, "at most 120 characters; this has 121."),
        ({"name": "A\x00B", "email": "a@example.org"}, "characters that cannot be seen"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_sent(client, event, data, words):
    page = ask(client, event, **data)
    assert words in page.text
    assert not Email.objects.exists()
    assert not SeatRequest.objects.exists()


def test_a_full_session_puts_them_on_the_waiting_list_and_offers_the_seat_on(client, event):
    event.capacity = 1
    event.save()
    first = GuestFactory(session=event, email="first@example.org")
    assert "waiting list" in client.get(reverse("book_place", args=[event.pk])).text
    ask(client, event)
    letter = newest_letter()
    assert "Put me on the waiting list" in client.get(link_in(letter)).text
    assert "Number 1 on the waiting list" in press(client, letter).text

    client.post(reverse("give_up_by_link", args=[booking_token(first)]))

    offer = newest_letter()
    assert (offer.to, offer.subject) == (
        ["robin@example.org"],
        "A seat is free: please answer",
    )
    client.post(f"{link_in(offer)}accept/")
    assert event.bookings.get(email="robin@example.org").state == "booked"


def test_a_session_cancelled_between_asking_and_pressing_says_so(client, event):
    ask(client, event)
    letter = newest_letter()
    actions.cancel_session(event, by=event.planned_by, reason="The roof leaks.")
    page = press(client, letter)
    assert "This session was cancelled." in page.text
    assert "The roof leaks." in page.text
    assert not event.bookings.exists()
    assert "This session was cancelled." in ask(client, event, name="B", email="b@example.org").text


def test_guests_are_told_when_a_session_moves_comes_near_or_is_cancelled(event):
    guest = GuestFactory(session=event, booked_at=timezone.now() - days(30))
    by = event.planned_by
    actions.change_session(event, {"address": "The Library"}, by=by)
    assert (newest_letter().subject, newest_letter().to) == ("It has moved", [guest.email])
    assert actions.remind(event, at=event.starts_at - days(2)) == 1
    assert newest_letter().subject == "It is soon"
    actions.cancel_session(event, by=by, reason="The roof leaks.")
    assert newest_letter().subject == "It is cancelled"
    assert b"CANCELLED" in newest_letter().attachments.get().file.read()


def test_a_session_for_managers_takes_no_guests(client, scheme):
    session = SessionFactory(scheme=scheme)
    shared = client.get(f"/training/sessions/{session.pk}/")
    assert reverse("book_place", args=[session.pk]) not in shared.text
    assert "booked by the managers" in client.get(reverse("book_place", args=[session.pk])).text
    ask(client, session)
    assert not Email.objects.exists()
    with pytest.raises(Refused):
        actions.ask_for_seat(session, **ROBIN)


def test_sessions_of_hidden_schemes_cannot_be_booked(client):
    event = EventFactory(scheme=SchemeFactory(draft=True))
    for name in ("book_place", "seat_sent"):
        assert client.get(reverse(name, args=[event.pk])).status_code == 404
    assert ask(client, event).status_code == 404


def test_bots_are_limited_by_caller_and_by_mailbox(client, event):
    for __ in range(10):
        answer = ask(client, event)
    assert Email.objects.count() == 6
    assert "Look at your e-mail" in answer.text  # It does not tell how often others asked.
    for number in range(11):
        answer = ask(client, event, name="A", email=f"a{number}@example.org")
    assert answer.status_code == 429


# At the door and afterwards


@pytest.fixture
def taught(scheme):
    session = SessionFactory(
        scheme=scheme, module=ModuleFactory(completed_by="either"), open_to="anybody", capacity=20
    )
    return begun(session)


@pytest.fixture
def trainer(scheme):
    return OfficerFactory(scheme=scheme, role="trainer").user


def came(booking):
    booking.attended, booking.attended_recorded_at = True, timezone.now()
    booking.save()
    return booking


def test_guests_are_ticked_at_the_door(officer_of, taught, scheme):
    guest = GuestFactory(session=taught)
    client = officer_of("trainer", scheme)
    page = client.get(reverse("session_register", args=[taught.pk]))
    assert "Robin Quill" in page.text
    assert "booked for themselves" in page.text
    assert "robin@example.org" not in page.text
    ticks = {"shown": guest.pk, "came": guest.pk, "drawn_at": page.context["drawn_at"], "close": 1}
    page = client.post(reverse("take_register", args=[taught.pk]), ticks, follow=True)
    assert "1 person who booked for themselves is noted as there." in page.text
    page = client.post(reverse("close_register_now", args=[taught.pk]), follow=True)
    assert "Closed on" in page.text
    guest.refresh_from_db()
    assert guest.attended
    wrong = reverse("correct_attendance", args=[taught.pk, guest.pk])
    assert "Robin Quill was not there" in client.get(wrong).text


def test_a_guest_without_a_post_completes_nothing_and_is_asked_to_sign_up(taught, trainer):
    came(GuestFactory(session=taught))
    actions.close_register(taught, by=trainer)
    assert not Enrolment.objects.exists()
    letter = Email.objects.get()
    assert letter.subject == "Thank you for coming: sign your place up"
    assert f"/join/{taught.scheme.slug}/" in letter.message


def test_a_guest_who_was_not_there_gets_no_letter(taught, trainer):
    GuestFactory(session=taught)
    actions.close_register(taught, by=trainer)
    assert not Email.objects.exists()


def test_a_guest_with_a_post_completes_the_training_for_their_venue(taught, trainer, sign_up):
    sam = add_person(sign_up, "Sam", email="Sam@example.org")
    guest = came(GuestFactory(session=taught, name="sam Quill", email="sam@example.org"))
    actions.close_register(taught, by=trainer)
    assert Enrolment.objects.get().staff_member == sam
    guest.refresh_from_db()
    assert (guest.staff_member, guest.sign_up, guest.email) == (sam, sign_up, "")
    assert not Email.objects.filter(subject__contains="sign your place up").exists()


def test_a_shared_mailbox_trains_nobody_else(taught, trainer, sign_up):
    add_person(sign_up, "Sam", email="cafe@example.org")
    came(GuestFactory(session=taught, name="Alex", email="cafe@example.org"))
    actions.close_register(taught, by=trainer)
    assert not Enrolment.objects.exists()
    letter = Email.objects.get()
    assert letter.subject == "Thank you for coming"  # Their place is in the scheme already.


def test_two_posts_at_two_organisations_train_nobody(taught, trainer, scheme, sign_up):
    other = SignUpFactory(scheme=scheme, approved=True)
    for each in (sign_up, other):
        add_person(each, "Sam", email="sam@example.org")
    came(GuestFactory(session=taught, name="Sam", email="sam@example.org"))
    actions.close_register(taught, by=trainer)
    assert not Enrolment.objects.exists()


def test_somebody_booked_twice_completes_once(taught, trainer, sign_up):
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    came(BookingFactory(session=taught, sign_up=sign_up, staff_member=sam))
    came(GuestFactory(session=taught, name="Sam", email="sam@example.org"))
    actions.close_register(taught, by=trainer)
    assert Enrolment.objects.get().staff_member == sam


def test_a_correction_trains_a_guest_with_a_post(taught, trainer, sign_up):
    add_person(sign_up, "Sam", email="sam@example.org")
    guest = GuestFactory(session=taught, name="Sam", email="sam@example.org")
    actions.close_register(taught, by=trainer)
    actions.correct_register(guest, attended=True, by=trainer, reason="Came late.")
    assert Enrolment.objects.count() == 1


# What is kept


def test_the_page_behind_the_link_shows_and_deletes_all_that_is_held(client, event):
    guest = GuestFactory(session=event)
    waiting = GuestFactory(session=event, waiting=True, email="next@example.org")
    event.capacity = 1
    event.save()
    page = client.get(reverse("training_booking", args=[booking_token(guest)]))
    for words in (guest.name, guest.email, "a year after the session"):
        assert words in page.text
    answer = client.post(reverse("forget_by_link", args=[booking_token(guest)]))
    assert "are deleted" in answer.text
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert not Booking.objects.filter(pk=guest.pk).exists()
    page = client.get(reverse("training_booking", args=[booking_token(guest)]))
    assert "taken off the list" in page.text


def test_a_trainer_deletes_a_guest_who_asks_also_after_the_session(officer_of, taught, scheme):
    guest = came(GuestFactory(session=taught))
    client = officer_of("trainer", scheme)
    page = client.get(reverse("admin:training_session_change", args=[taught.pk]))
    url = reverse("admin:forget_guest", args=[taught.pk, guest.pk])
    assert url in page.text
    assert "Deleted" in client.post(url, {"version": ""}, follow=True).text
    assert not Booking.objects.exists()


def test_a_seat_of_a_venue_is_not_deleted_by_its_link(client, event, sign_up):
    booking = BookingFactory(session=event, sign_up=sign_up)
    client.post(reverse("forget_by_link", args=[booking_token(booking)]))
    assert Booking.objects.filter(pk=booking.pk).exists()


def test_guests_are_deleted_a_year_after_the_session_and_requests_after_a_week(event):
    guest = GuestFactory(session=event)
    SeatRequestFactory(session=event, asked_at=timezone.now() - days(9), booking=guest)
    SeatRequestFactory(session=event, asked_at=timezone.now() - days(6), email="b@example.org")
    assert delete_old_seat_requests() == 1
    assert delete_old_guests() == 0
    assert delete_old_guests(event.starts_at + days(367)) == 1
    assert not Booking.objects.exists()
