"""Hourly duties: pass on expired offers, send each reminder once, free leavers' seats."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from tests.training.conftest import add_person, days
from tests.training.session_factories import BookingFactory, InterestFactory, SessionFactory
from training import actions, duties
from training.models import Interest
from training.retention import delete_old_interest

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def session(scheme):
    return SessionFactory(scheme=scheme)


def reminders():
    return Email.objects.filter(subject="Your training is soon").count()


def test_expired_offers_pass_to_the_next_person(session, sign_up):
    BookingFactory(session=session, sign_up=sign_up)
    BookingFactory(session=session, sign_up=sign_up, offered=True)
    waits = BookingFactory(session=session, sign_up=sign_up, waiting=True)
    assert duties.pass_on_unanswered_offers(timezone.now()) == 0
    assert duties.pass_on_unanswered_offers(timezone.now() + days(2)) == 1
    assert duties.pass_on_unanswered_offers(timezone.now() + days(2)) == 0
    waits.refresh_from_db()
    assert waits.state == "offered"


def test_reminders_go_out_once_a_week_before_and_once_a_day_before(session, sign_up, manager):
    actions.book(session, sign_up, by=manager, names_later=2)
    starts = session.starts_at
    sent = []
    for at in (
        starts - days(8),
        starts - days(7) + HOUR,
        starts - days(7) + 2 * HOUR,
        starts - days(2),
        starts - days(1) + HOUR,
        starts - HOUR,
        starts + HOUR,
    ):
        duties.remind_of_sessions(at)
        sent.append(reminders())
    assert sent == [0, 1, 1, 1, 2, 2, 2]


def test_somebody_who_books_within_the_week_gets_only_the_day_reminder(session, sign_up):
    week = session.starts_at - days(7)
    BookingFactory(session=session, sign_up=sign_up, booked_at=week + HOUR)
    assert duties.remind_of_sessions(week + 2 * HOUR) == 0
    assert duties.remind_of_sessions(session.starts_at - HOUR) == 1


@pytest.mark.parametrize("before", [7, 1])
def test_no_reminder_is_sent_right_after_booking(session, sign_up, manager, before):
    begins = session.starts_at - days(before)
    BookingFactory(session=session, sign_up=sign_up, booked_at=begins)
    assert duties.remind_of_sessions(begins) == 0
    assert duties.remind_of_sessions(begins + HOUR) == 0
    assert reminders() == 0


@pytest.mark.parametrize("before", [7, 1])
def test_a_reminder_is_due_at_the_exact_moment_for_earlier_bookings(session, sign_up, before):
    begins = session.starts_at - days(before)
    second = datetime.timedelta(seconds=1)
    BookingFactory(session=session, sign_up=sign_up, booked_at=begins - second)
    assert duties.remind_of_sessions(begins - 2 * second) == 0
    assert duties.remind_of_sessions(begins) == 1


def test_no_reminder_for_the_waiting_list_or_a_cancelled_session(session, sign_up, manager):
    BookingFactory(session=session, sign_up=sign_up, waiting=True)
    assert duties.remind_of_sessions(session.starts_at - HOUR) == 0
    actions.book(session, sign_up, by=manager, names_later=1)
    actions.cancel_session(session, by=manager, reason="Snow")
    assert duties.remind_of_sessions(session.starts_at - HOUR) == 0


def test_a_moved_session_is_reminded_again(session, sign_up, manager):
    actions.book(session, sign_up, by=manager, names_later=1)
    duties.remind_of_sessions(session.starts_at - days(7) + HOUR)
    later = session.starts_at + days(30)
    actions.change_session(session, {"starts_at": later}, by=manager)
    assert duties.remind_of_sessions(later - days(7) + HOUR) == 1


def test_a_leavers_seat_is_kept_for_another_name(session, sign_up, manager):
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    stays = add_person(sign_up, "Kim")
    booking, other = actions.book(session, sign_up, by=manager, people=[sam, stays])
    assert duties.ask_who_comes_instead() == 0
    sam.posts.update(until=timezone.localdate())

    assert duties.ask_who_comes_instead() == 1

    booking.refresh_from_db()
    other.refresh_from_db()
    assert (booking.state, booking.staff_member) == ("booked", None)
    assert other.staff_member == stays
    letter = Email.objects.get(subject="Who is coming to the training?")
    assert letter.to == ["manager@example.org"]


def test_interest_is_deleted_after_a_year(scheme):
    InterestFactory(scheme=scheme, asked_at=timezone.now() - days(367))
    kept = InterestFactory(scheme=scheme)
    assert delete_old_interest() == 1
    assert list(Interest.objects.all()) == [kept]
