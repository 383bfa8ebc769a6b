"""Bookings, the waiting list, offers, and the letters and calendar files that announce them."""

import datetime
import re

import pytest
from django.utils import timezone
from icalendar import Calendar
from post_office.models import Email

from common.refusals import Refused
from tests.training.conftest import add_person, days, make_venue
from tests.training.session_factories import BookingFactory, SessionFactory, SpecialistModuleFactory
from training import actions
from training.models import Booking
from venues.models import Event

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/secret-room"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def session(scheme):
    return SessionFactory(scheme=scheme, capacity=2, video_link=LINK)


def states(session):
    return list(session.bookings.order_by("pk").values_list("state", flat=True))


def letters(subject):
    return list(Email.objects.filter(subject=subject).order_by("id"))


def entry_of(letter):
    file = letter.attachments.get()
    assert file.mimetype == "text/calendar"
    calendar = Calendar.from_ical(file.file.read())
    (entry,) = calendar.walk("VEVENT")
    return calendar, entry


def test_several_seats_are_booked_at_once_with_or_without_names(session, sign_up, manager):
    sam = add_person(sign_up, "Sam", email="sam@example.org")

    bookings = actions.book(session, sign_up, by=manager, people=[sam], names_later=2)

    assert [each.state for each in bookings] == ["booked", "booked", "waiting"]
    assert [each.staff_member for each in bookings] == [sam, None, None]
    event = Event.objects.get(kind="training.places_asked_for")
    assert (event.data["count"], event.data["waiting"]) == (3, 1)
    to_sam, to_manager = letters("Your training is booked")
    assert to_sam.to == ["sam@example.org"]
    assert to_manager.to == ["manager@example.org"]
    assert "2 seats are booked." in to_manager.message
    assert LINK not in to_manager.message
    (waiting,) = letters("You are on the waiting list")
    assert "number 1 on the waiting list" in waiting.message
    assert not waiting.attachments.exists()  # people without a seat are not told where to join


def test_each_person_is_told_about_their_own_seat_or_waiting_list_position(
    session, sign_up, manager
):
    people = [add_person(sign_up, name, email=f"{name}@example.org") for name in "abcde"]
    actions.book(session, sign_up, by=manager, people=people)
    booked = {letter.to[0]: letter.message for letter in letters("Your training is booked")}
    assert booked["a@example.org"].startswith("You have a seat.")
    assert booked["manager@example.org"].startswith("2 seats are booked.")
    waits = {letter.to[0]: letter.message for letter in letters("You are on the waiting list")}
    for number, name in enumerate("cde", start=1):
        assert f"number {number} on the waiting list" in waits[f"{name}@example.org"]
    assert "waiting for 3 seats, from number 1 on" in waits["manager@example.org"]


def test_a_reminder_tells_each_person_about_their_own_seat_only(session, sign_up, manager):
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    actions.book(session, sign_up, by=manager, people=[sam], names_later=1)
    Booking.objects.update(booked_at=timezone.now() - days(20))
    actions.remind(session, at=session.starts_at - days(6))
    said = {letter.to[0]: letter.message for letter in letters("Your training is soon")}
    assert "2 seats" not in said["sam@example.org"]
    assert "give up your seat" in said["sam@example.org"]
    assert "2 seats are booked" in said["manager@example.org"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cancelled": True}, "was cancelled"),
        ({"past": True}, "has begun"),
        ({"other_scheme": True}, "belongs to another scheme"),
        ({"nobody": True}, "Say who comes"),
        ({"crowd": True}, "at most 20"),
        ({"stranger": True}, "does not work here"),
        ({"left": True}, "does not work here any more"),
        ({"twice": True}, "is on the list already"),
        ({"ended": True}, "is not in the scheme any more"),
    ],
)
def test_invalid_bookings_are_refused_and_nothing_is_saved(scheme, sign_up, manager, change, said):
    given = {"people": [], "names_later": 1}
    session = SessionFactory(scheme=scheme, past="past" in change)
    if "cancelled" in change:
        actions.cancel_session(session, by=manager, reason="Snow")
    if "other_scheme" in change:
        session = SessionFactory()
    if "nobody" in change:
        given["names_later"] = 0
    if "crowd" in change:
        given["names_later"] = 21
    if "stranger" in change:
        given["people"] = [add_person(make_venue(scheme, "Other", manager), "Una")]
    if "left" in change:
        given["people"] = [add_person(sign_up, "Lee", until=timezone.localdate() - days(1))]
    if "twice" in change:
        sam = add_person(sign_up, "Sam")
        actions.book(session, sign_up, by=manager, people=[sam])
        given["people"] = [sam]
    if "ended" in change:
        type(sign_up).objects.filter(pk=sign_up.pk).update(state="withdrawn")
    before = session.bookings.count(), Email.objects.count()

    with pytest.raises(Refused, match=said):
        actions.book(session, sign_up, by=manager, **given)

    assert (session.bookings.count(), Email.objects.count()) == before


def test_an_attendance_module_can_be_booked_but_its_prerequisites_are_enforced(
    scheme, sign_up, manager
):
    sam = add_person(sign_up, "Sam")
    first, then = SpecialistModuleFactory(title="The basics"), SpecialistModuleFactory()
    first.completed_by = "attendance"
    first.save()
    then.prerequisites.add(first)
    basics, more = (SessionFactory(scheme=scheme, module=module) for module in (first, then))
    assert actions.book(basics, sign_up, by=manager, people=[sam])
    with pytest.raises(Refused, match="Sam: First comes “The basics”"):
        actions.book(more, sign_up, by=manager, people=[sam])
    assert not more.bookings.exists()


def test_a_freed_seat_is_offered_to_the_first_in_line_with_a_deadline_and_a_link(
    session, sign_up, manager
):
    first, __, third, fourth = actions.book(session, sign_up, by=manager, names_later=4)

    actions.cancel_booking(first, by=manager)

    assert states(session) == ["cancelled", "booked", "offered", "waiting"]
    third.refresh_from_db()
    assert third.offer_until - third.offered_at == datetime.timedelta(hours=48)
    (letter,) = letters("A seat is free: please answer")
    assert re.search(r"/training/bookings/\S+/", letter.message)
    actions.accept_offer(third)
    actions.accept_offer(third)  # a second press changes nothing
    assert states(session) == ["cancelled", "booked", "booked", "waiting"]
    with pytest.raises(Refused, match="No seat is free yet"):
        actions.accept_offer(fourth)


def test_a_declined_or_expired_offer_passes_to_the_next_person(session, sign_up, manager):
    bookings = actions.book(session, sign_up, by=manager, names_later=5)
    actions.cancel_booking(bookings[0], by=manager)
    actions.decline_offer(bookings[2])
    assert states(session)[2:] == ["cancelled", "offered", "waiting"]
    later = timezone.now() + days(3)

    assert actions.lapse_offers(session, at=later) == 1

    assert states(session)[2:] == ["cancelled", "cancelled", "offered"]
    assert "gone to the next person" in letters("About your seat at a training session")[-1].message
    with pytest.raises(Refused, match="gone to the next person"):
        actions.accept_offer(bookings[3])


def test_an_expired_offer_cannot_be_accepted(session, sign_up, manager):
    booking = BookingFactory(session=session, sign_up=sign_up, offered=True)
    booking.offer_until = timezone.now() - datetime.timedelta(minutes=1)
    booking.save()
    with pytest.raises(Refused, match="The seat was kept until"):
        actions.accept_offer(booking)
    booking.refresh_from_db()
    assert booking.state == "offered"


def test_an_offer_lasts_at_most_half_the_time_left_before_the_session(scheme, sign_up, manager):
    session = SessionFactory(
        scheme=scheme, capacity=1, starts_at=timezone.now() + datetime.timedelta(hours=10)
    )
    first, second = actions.book(session, sign_up, by=manager, names_later=2)
    actions.cancel_booking(first)
    second.refresh_from_db()
    left = second.offer_until - second.offered_at
    assert datetime.timedelta(hours=4.9) < left <= datetime.timedelta(hours=5)


def test_a_seat_can_be_named_later_and_the_person_is_told(session, sign_up, manager):
    (booking,) = actions.book(session, sign_up, by=manager, names_later=1)
    sam = add_person(sign_up, "Sam", email="sam@example.org")

    actions.name_person(booking, sam, by=manager)

    booking.refresh_from_db()
    assert booking.staff_member == sam
    assert letters("Your training is booked")[-1].to == ["sam@example.org"]
    with pytest.raises(Refused, match="on the list already"):
        actions.book(session, sign_up, by=manager, people=[sam])


def test_calendar_updates_keep_the_uid_and_raise_the_sequence(session, sign_up, manager):
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    actions.book(session, sign_up, by=manager, people=[sam])
    booked = letters("Your training is booked")[0]
    later = session.starts_at + days(7)
    actions.change_session(session, {"starts_at": later}, by=manager)
    moved = letters("Your training has moved")[0]
    actions.cancel_session(session, by=manager, reason="The trainer is ill.")
    off = letters("Your training is cancelled")[0]

    entries = [entry_of(letter) for letter in (booked, moved, off)]

    assert {letter.to[0] for letter in (booked, moved, off)} == {"sam@example.org"}
    assert len({str(entry["UID"]) for __, entry in entries}) == 1
    numbers = [int(entry["SEQUENCE"]) for __, entry in entries]
    assert numbers == sorted(set(numbers))
    assert [str(entry["STATUS"]) for __, entry in entries] == ["CONFIRMED"] * 2 + ["CANCELLED"]
    assert [str(calendar["METHOD"]) for calendar, __ in entries] == ["PUBLISH"] * 2 + ["CANCEL"]
    assert entries[1][1]["DTSTART"].dt == later.replace(microsecond=0)
    assert str(entries[0][1]["URL"]) == LINK
    assert "The trainer is ill." in off.message
    assert states(session) == ["cancelled"]
