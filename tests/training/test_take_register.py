"""The register at the door: ticks from one or two telephones, retries, and walk-ins."""

import datetime
import uuid

import pytest
from django.utils import timezone

from common.refusals import Refused
from tests.factories import OfficerFactory, SignUpFactory, StaffMemberFactory
from tests.training.register_factories import BegunSessionFactory, PersonBookedFactory
from training.actions import add_walk_in, add_walk_ins, let_in, name_at_door, take_register
from training.rules import register
from venues.models import Event, StaffMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
CAME = "training.register_taken"


@pytest.fixture
def session(db):
    return BegunSessionFactory(capacity=2)


@pytest.fixture
def trainer(session):
    return OfficerFactory(scheme=session.scheme, role="trainer").user


@pytest.fixture
def cafe(session):
    return SignUpFactory(scheme=session.scheme, approved=True, venue__name="Cafe")


@pytest.fixture
def three(session, cafe):
    return [
        PersonBookedFactory(session=session, sign_up=cafe, name=name) for name in ("A", "B", "C")
    ]


class Phone:
    """One telephone: it has drawn the register and sends the ticks made on it."""

    def __init__(self, session, trainer):
        self.session, self.trainer = session, trainer
        self.draw()

    def draw(self):
        self.drawn_at = timezone.now()
        people = register(self.session).people
        self.shown = {booking.pk for booking in people}
        self.was = {booking.pk for booking in people if booking.attended}
        self.came = set(self.was)

    def send(self):
        return take_register(
            self.session,
            by=self.trainer,
            was=self.was,
            came=self.came,
            shown=self.shown,
            drawn_at=self.drawn_at,
        )


def came(session):
    return [booking.staff_member.first_name for booking in register(session).came]


def test_ticks_are_saved_and_resending_the_form_is_idempotent(session, trainer, three):
    phone = Phone(session, trainer)
    phone.came = {three[0].pk, three[2].pk}
    assert phone.send() == []
    assert phone.send() == []
    assert came(session) == ["A", "C"]
    event = Event.objects.get(kind=CAME)
    assert event.data["count"] == 2


def test_ticks_of_different_people_on_two_telephones_are_all_kept(session, trainer, three):
    one, two = Phone(session, trainer), Phone(session, trainer)
    one.came, two.came = {three[0].pk}, {three[1].pk}
    assert one.send() == two.send() == []
    assert came(session) == ["A", "B"]


def test_a_telephone_is_told_whose_newer_tick_it_would_have_overwritten(session, trainer, three):
    first = Phone(session, trainer)
    first.came = {three[0].pk, three[1].pk}
    first.send()
    one, two = Phone(session, trainer), Phone(session, trainer)
    one.came = {three[1].pk}
    one.send()
    one.draw()
    one.came = {three[0].pk, three[1].pk}
    one.send()
    two.came = {three[1].pk, three[2].pk}
    assert [booking.pk for booking in two.send()] == [three[0].pk]
    assert came(session) == ["A", "B", "C"]


def test_a_stale_form_does_not_tick_somebody_again(session, trainer, three):
    old = Phone(session, trainer)
    old.came = {three[0].pk}
    old.send()
    new = Phone(session, trainer)
    new.came = set()
    new.send()
    assert [booking.pk for booking in old.send()] == [three[0].pk]
    assert came(session) == []


def test_bookings_of_another_session_are_ignored(session, trainer, three):
    other = PersonBookedFactory()
    phone = Phone(session, trainer)
    phone.shown, phone.came = {other.pk}, {other.pk}
    assert phone.send() == []
    other.refresh_from_db()
    assert other.attended is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"register_closed_at": timezone.now()}, "closed"),
        ({"cancelled_at": timezone.now(), "cancelled_reason": "Snow"}, "cancelled"),
        ({"starts_at": timezone.now() + datetime.timedelta(days=1)}, "opens on the day"),
    ],
)
def test_a_closed_cancelled_or_future_register_is_refused(session, trainer, three, change, words):
    phone = Phone(session, trainer)
    phone.came = {three[0].pk}
    who = {"register_closed_at": "register_closed_by", "cancelled_at": "cancelled_by"}
    for field in set(change) & set(who):
        change = {**change, who[field]: trainer}
    type(session).objects.filter(pk=session.pk).update(**change)
    with pytest.raises(Refused, match=words):
        phone.send()
    with pytest.raises(Refused, match=words):
        let_in(three[0], by=trainer)
    three[0].refresh_from_db()
    assert three[0].attended is None


# Walk-ins


def test_a_new_person_can_walk_in_even_when_the_session_is_full(session, trainer, cafe, three):
    token = uuid.uuid4()
    for __ in range(2):
        booking = add_walk_in(session, cafe, by=trainer, first_name=" Jo ", asked_with=token)
    assert (booking.walk_in, booking.attended, booking.state) == (True, True, "booked")
    assert StaffMember.objects.filter(first_name="Jo").count() == 1
    assert booking.staff_member.posts.get().venue == cafe.venue
    assert session.bookings.count() == 4
    assert came(session) == ["Jo"]


def test_several_walk_ins_are_added_together_or_not_at_all(session, trainer, cafe):
    venue = cafe.venue
    people = [
        StaffMemberFactory(first_name=name, organisation=venue.organisation, venue=venue)
        for name in "XY"
    ]
    with pytest.raises(Refused, match="does not work at Cafe"):
        add_walk_ins(session, cafe, by=trainer, people=[*people, StaffMemberFactory()])
    assert not session.bookings.exists()
    for __ in range(2):
        add_walk_ins(session, cafe, by=trainer, people=people)
    assert came(session) == ["X", "Y"]


def test_a_namesake_is_refused(session, trainer, cafe, three):
    with pytest.raises(Refused, match="somebody called a already"):
        add_walk_in(session, cafe, by=trainer, first_name="a")
    with pytest.raises(Refused, match="Say who came"):
        add_walk_ins(session, cafe, by=trainer, people=[], first_name=" ")
    assert session.bookings.count() == 3


def test_a_walk_in_already_on_the_list_is_ticked_not_added_again(session, trainer, cafe, three):
    add_walk_in(session, cafe, by=trainer, person=three[1].staff_member)
    assert session.bookings.count() == 3
    assert came(session) == ["B"]
    three[1].refresh_from_db()
    assert not three[1].walk_in


def test_somebody_waiting_can_be_let_in_and_it_is_idempotent(session, trainer, cafe, three):
    waiting = PersonBookedFactory(session=session, sign_up=cafe, name="W", waiting=True)
    assert register(session).waiting == [waiting]
    let_in(waiting, by=trainer)
    let_in(waiting, by=trainer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attended, waiting.walk_in) == ("booked", True, True)
    assert Event.objects.filter(kind="training.let_in").count() == 1


def test_a_venue_of_another_scheme_is_refused(session, trainer):
    with pytest.raises(Refused, match="not in the scheme"):
        add_walk_in(session, SignUpFactory(approved=True), by=trainer, first_name="Jo")
    assert not StaffMember.objects.filter(first_name="Jo").exists()


def test_an_unnamed_seat_is_named_once_at_the_door(session, trainer, cafe, three):
    later = PersonBookedFactory(session=session, sign_up=cafe, name_later=True)
    assert register(session).unnamed == [later]
    with pytest.raises(Refused, match="on the list already"):
        name_at_door(later, by=trainer, person=three[0].staff_member)
    with pytest.raises(Refused, match="Say who came"):
        name_at_door(later, by=trainer)
    with pytest.raises(Refused, match="Write the name first"):
        let_in(later, by=trainer)
    for __ in range(2):
        name_at_door(later, by=trainer, first_name="Kim")
    assert came(session) == ["Kim"]
    with pytest.raises(Refused, match="has the name Kim by now"):
        name_at_door(later, by=trainer, first_name="Lee")
    assert StaffMember.objects.filter(first_name__in=["Kim", "Lee"]).count() == 1


def test_a_seat_without_a_sign_up_cannot_be_named(session, trainer, cafe):
    seat = PersonBookedFactory(session=session, sign_up=None, staff_member=None, walk_in=True)
    with pytest.raises(Refused, match="not for a place of the scheme"):
        name_at_door(seat, by=trainer, first_name="Kim")
    assert not StaffMember.objects.filter(first_name="Kim").exists()
