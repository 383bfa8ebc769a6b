"""Concurrent bookings never oversell a session or leave a seat free while somebody waits."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from common.refusals import Refused
from tests.factories import SignUpFactory, UserFactory
from tests.training.session_factories import SessionFactory
from training import actions
from training.models import Booking

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def at_once(jobs):
    """Run the threads' job lists concurrently, each thread on its own connection.

    Returns the exceptions other than Refused.
    """
    together = Barrier(len(jobs))
    faults = []

    def run(own):
        together.wait(timeout=20)
        try:
            for job in own:
                try:
                    job()
                except Refused:
                    pass
                except Exception as fault:  # e.g. a deadlock or IntegrityError: none may happen
                    faults.append(fault)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))
    return faults


def shared_out(jobs):
    return [jobs[number::THREADS] for number in range(THREADS)]


WRONG = """
    SELECT count(*) FILTER (WHERE b.state IN ('booked', 'offered')) > s.capacity
        OR (count(*) FILTER (WHERE b.state IN ('booked', 'offered')) < s.capacity
            AND count(*) FILTER (WHERE b.state = 'waiting') > 0)
    FROM training_session s JOIN training_booking b ON b.session_id = s.id
    WHERE s.id = %s GROUP BY s.id
"""


def is_wrong(session):
    """Whether more seats are taken than exist, or one is free while somebody waits. One statement,
    so it sees a single committed snapshot.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRONG, [session.pk])
        return cursor.fetchone()[0]


def test_two_hundred_concurrent_bookings_fill_exactly_twenty_seats():
    session, by = SessionFactory(capacity=20), UserFactory()
    sign_ups = [SignUpFactory(approved=True, scheme=session.scheme) for __ in range(5)]
    jobs = [
        lambda number=number: actions.book(session, sign_ups[number % 5], by=by, names_later=1)
        for number in range(200)
    ]

    assert at_once(shared_out(jobs)) == []

    bookings = list(session.bookings.order_by("pk").with_position())
    assert [each.state for each in bookings] == ["booked"] * 20 + ["waiting"] * 180
    assert [each.position for each in bookings[20:]] == list(range(1, 181))
    arrived = [each.asked_at for each in bookings]
    assert arrived == sorted(arrived)


def test_only_one_of_two_concurrent_bookings_gets_the_last_seat():
    session, by = SessionFactory(capacity=1), UserFactory()
    sign_ups = [SignUpFactory(approved=True, scheme=session.scheme) for __ in range(2)]
    jobs = [[lambda s=s: actions.book(session, s, by=by, names_later=1)] for s in sign_ups]
    assert at_once(jobs) == []
    assert sorted(session.bookings.values_list("state", flat=True)) == ["booked", "waiting"]


def test_the_same_form_sent_concurrently_books_once():
    session, by = SessionFactory(capacity=20), UserFactory()
    sign_up = SignUpFactory(approved=True, scheme=session.scheme)
    form = "6f1c1f53-0f5a-4c5e-9d0e-3a3d7b1f7a11"
    jobs = [
        [lambda: actions.book(session, sign_up, by=by, names_later=3, asked_with=form)]
        for __ in range(8)
    ]
    assert at_once(jobs) == []
    assert session.bookings.count() == 3


@pytest.mark.parametrize("seed", range(2))
def test_seats_stay_consistent_under_random_concurrent_changes(seed):
    chance = random.Random(seed)
    session, by = SessionFactory(capacity=5), UserFactory()
    sign_up = SignUpFactory(approved=True, scheme=session.scheme)
    for __ in range(3):
        actions.book(session, sign_up, by=by, names_later=20)
    keys = list(session.bookings.values_list("pk", flat=True))
    seen = []

    def one_thing():
        what = chance.choice(["cancel", "accept", "accept", "decline", "lapse", "book", "more"])
        booking = Booking.objects.select_related("session").get(pk=chance.choice(keys[:40]))
        if what == "cancel":
            actions.cancel_booking(booking)
        elif what == "accept":
            actions.accept_offer(booking)
        elif what == "decline":
            actions.decline_offer(booking)
        elif what == "book":
            actions.book(session, sign_up, by=by, names_later=1)
        elif what == "lapse":
            actions.lapse_offers(session, at=timezone.now() + timedelta(days=chance.choice([0, 6])))
        else:
            actions.change_session(session, {"capacity": chance.choice([4, 5, 6])}, by=by)

    def look():
        """Check the committed state at every moment, not only at the end."""
        seen.append(is_wrong(session))

    jobs = [one_thing] * 96 + [look] * 64
    chance.shuffle(jobs)
    assert at_once(shared_out(jobs)) == []

    session.refresh_from_db()
    assert len(seen) == 64
    assert not any(seen)
    assert not is_wrong(session)
    moved = session.bookings.exclude(state="waiting").filter(offered_at__isnull=False)
    assert moved.exists()
    first_waiting = session.bookings.waiting().order_by("pk").first()
    assert not moved.filter(pk__gt=first_waiting.pk).exists()  # nobody was overtaken in the queue
