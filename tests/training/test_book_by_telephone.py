"""A venue rings and the trainer books for it; the letters go to the venue, not the trainer."""

import pytest
from django.urls import reverse
from post_office.models import Email

from tests.factories import MembershipFactory, OfficerFactory, SchemeFactory, SignUpFactory
from tests.training.conftest import add_person
from tests.training.session_factories import BookingFactory, SessionFactory
from training.models import Booking
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain(settings, tmp_path):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def session(scheme):
    return SessionFactory(scheme=scheme, capacity=2)


@pytest.fixture
def trainer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="trainer").user
    client.force_login(user)
    return user


@pytest.fixture
def cafe(scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__name="The Blue Cup")
    MembershipFactory(
        organisation=sign_up.venue.organisation, user__email="manager@example.org", role="manager"
    )
    return sign_up


def book_url(session, sign_up):
    return reverse("book_for_venue", args=[session.pk, sign_up.pk])


def test_a_trainer_chooses_the_venue_and_its_people_and_books_once(client, trainer, session, cafe):
    sam = add_person(cafe, "Sam")
    first = reverse("book_by_telephone", args=[session.pk])
    assert first in client.get(reverse("admin:training_session_change", args=[session.pk])).text
    assert "The Blue Cup" in client.get(first).text
    page = client.get(first, {"sign_up": cafe.pk})
    assert "Sam" in page.text
    token = page.context["form"]["asked_with"].value()
    sent = {"people": [sam.pk], "names_later": 2, "asked_with": str(token)}
    said = client.post(book_url(session, cafe), sent, follow=True).text
    assert "2 seats are booked." in said
    assert "1 person is on the waiting list" in said
    client.post(book_url(session, cafe), sent)
    assert session.bookings.count() == 3, "sending it twice books once"
    told = {address for each in Email.objects.all() for address in each.to}
    assert "manager@example.org" in told
    assert trainer.email not in told
    assert Event.objects.get(kind="training.places_asked_for").by == trainer


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Say who comes, or how many."),
        ({"names_later": -1}, "Write a number from 0 up."),
        ({"names_later": "some"}, "Write a number."),
        ({"names_later": 21}, "at most 20 places at once"),
        ({"people": ["999999"]}, "does not work here any more"),
    ],
)
def test_invalid_bookings_are_refused_with_a_clear_error(
    client, trainer, session, cafe, sent, words
):
    add_person(cafe, "Sam")
    assert words in client.post(book_url(session, cafe), sent).text
    assert not Booking.objects.exists()


def test_somebody_already_on_the_list_is_not_booked_again(client, trainer, session, cafe):
    sam = add_person(cafe, "Sam")
    BookingFactory(session=session, sign_up=cafe, staff_member=sam)
    said = client.post(book_url(session, cafe), {"people": [sam.pk], "names_later": 1}).text
    assert "Sam is on the list already" in said
    assert session.bookings.count() == 1, "nothing half-written"


def test_a_venue_has_to_be_chosen_from_the_scheme(client, trainer, session, cafe):
    url = reverse("book_by_telephone", args=[session.pk])
    assert "Choose the place." in client.get(url, {"sign_up": ""}).text
    other = SignUpFactory(approved=True)
    assert "Select a valid choice" in client.get(url, {"sign_up": other.pk}).text
    assert client.post(book_url(session, other), {"names_later": 1}).status_code == 404


def test_a_trainer_accepts_an_offer_for_the_venue(client, trainer, session, cafe):
    booking = BookingFactory(session=session, sign_up=cafe, offered=True)
    url = reverse("accept_for_venue", args=[session.pk, booking.pk])
    assert url in client.get(reverse("admin:training_session_change", args=[session.pk])).text
    assert "The seat is booked." in client.post(url, follow=True).text
    booking.refresh_from_db()
    assert booking.state == "booked"


def test_nobody_can_be_booked_once_the_session_has_started(client, trainer, scheme, cafe):
    past = SessionFactory(scheme=scheme, past=True)
    page = client.get(reverse("book_by_telephone", args=[past.pk]))
    assert "This session has begun" in page.text
    said = client.post(book_url(past, cafe), {"names_later": 1}).text
    assert "This session has begun" in said
    assert not Booking.objects.exists()


def test_only_a_trainer_of_the_scheme_can_book_by_telephone(client, session, cafe):
    pages = [reverse("book_by_telephone", args=[session.pk]), book_url(session, cafe)]
    for scheme, code in ((SchemeFactory(), 404), (session.scheme, 403)):
        role = "trainer" if code == 404 else "viewer"
        client.force_login(OfficerFactory(scheme=scheme, role=role).user)
        assert client.get(pages[0]).status_code == code
        assert client.post(pages[1], {"names_later": 1}).status_code == code
    assert not Booking.objects.exists()
