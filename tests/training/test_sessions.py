"""Planning, changing and cancelling sessions, and what is refused."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.refusals import Refused
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory, UserFactory
from tests.training.conftest import days
from tests.training.session_factories import (
    BookingFactory,
    InterestFactory,
    SessionFactory,
    SpecialistModuleFactory,
)
from training import actions
from training.models import Interest, Session
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def trainer(scheme):
    return OfficerFactory(scheme=scheme, role="trainer").user


def plan(scheme, trainer, **more):
    given = {
        "module": more.pop("module", None) or SpecialistModuleFactory(),
        "starts_at": timezone.now() + days(10),
        "minutes": 90,
        "address": "Guildhall",
        "capacity": 12,
    }
    return actions.plan_session(scheme, by=trainer, trainers=[trainer], **given | more)


def test_a_session_is_planned_with_its_trainers(scheme, trainer):
    session = plan(scheme, trainer)
    assert list(session.trainers.all()) == [trainer]
    assert Event.objects.get(kind="training.session_planned").about == session


def test_a_duplicate_session_is_refused(scheme, trainer):
    first = plan(scheme, trainer)
    same = {"module": first.module, "starts_at": first.starts_at}
    with pytest.raises(Refused, match="planned already"):
        plan(scheme, trainer, **same)
    assert Session.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionFactory(scheme=scheme, address="Guildhall", **same)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (lambda: {"starts_at": timezone.now() - days(1)}, "This time has passed"),
        (lambda: {"address": ""}, "Give a place, an address or a video link"),
        (lambda: {"capacity": 0}, "at least one seat"),
        (
            lambda: {
                "module": SpecialistModuleFactory(
                    reviewed_version=None,
                    reviewed_by_name="",
                    reviewed_by_role="",
                    reviewed_on=None,
                    review_recorded_by=None,
                )
            },
            "not reviewed",
        ),
        (lambda: {"venue": SignUpFactory(approved=True).venue}, "not in the scheme"),
    ],
)
def test_an_invalid_session_is_refused(scheme, trainer, more, said):
    with pytest.raises(Refused, match=said):
        plan(scheme, trainer, **more())
    assert not Session.objects.exists()


def test_another_schemes_module_is_refused(scheme, trainer):
    module = SpecialistModuleFactory()
    module.schemes.add(SchemeFactory())
    with pytest.raises(Refused, match="not one of the scheme"):
        plan(scheme, trainer, module=module)


def test_only_trainers_of_the_scheme_can_be_named(scheme, trainer):
    stranger = OfficerFactory(role="trainer").user
    viewer = OfficerFactory(scheme=scheme, role="viewer").user
    for other in (stranger, viewer, UserFactory()):
        with pytest.raises(Refused, match="no such role"):
            actions.plan_session(
                scheme,
                by=trainer,
                trainers=[other],
                module=SpecialistModuleFactory(),
                starts_at=timezone.now() + days(1),
                minutes=60,
                address="Guildhall",
                capacity=1,
            )


def test_extra_seats_are_offered_and_capacity_cannot_drop_below_taken_seats(scheme, trainer):
    session = SessionFactory(scheme=scheme, capacity=2)
    BookingFactory.create_batch(2, session=session)
    first, second = BookingFactory.create_batch(2, session=session, waiting=True)

    with pytest.raises(Refused, match="2 seats are taken"):
        actions.change_session(session, {"capacity": 1}, by=trainer)
    session.refresh_from_db()
    assert session.capacity == 2
    actions.change_session(session, {"capacity": 3}, by=trainer)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("offered", "waiting")


def test_a_session_cannot_move_into_the_past_or_change_once_started(scheme, trainer):
    session = SessionFactory(scheme=scheme)
    with pytest.raises(Refused, match="This time has passed"):
        actions.change_session(session, {"starts_at": timezone.now() - days(1)}, by=trainer)
    begun = SessionFactory(scheme=scheme, past=True)
    with pytest.raises(Refused, match="has begun"):
        actions.change_session(begun, {"starts_at": timezone.now() + days(1)}, by=trainer)
    with pytest.raises(Refused, match="has begun"):
        actions.cancel_session(begun, by=trainer, reason="Too late")


def test_cancelling_needs_a_reason_and_ends_every_booking(scheme, trainer):
    session = SessionFactory(scheme=scheme, capacity=1)
    BookingFactory(session=session)
    BookingFactory(session=session, waiting=True)
    with pytest.raises(Refused, match="Give a reason"):
        actions.cancel_session(session, by=trainer, reason="  ")
    actions.cancel_session(session, by=trainer, reason="Snow")
    assert set(session.bookings.values_list("state", "ended")) == {("cancelled", "session")}
    with pytest.raises(Refused, match="was cancelled"):
        actions.cancel_session(session, by=trainer, reason="Again")


def test_interested_people_are_told_once(scheme, trainer):
    session = SessionFactory(scheme=scheme)
    asked = InterestFactory(scheme=scheme, module=session.module)
    InterestFactory(scheme=scheme, email="")
    InterestFactory(module=session.module)  # another scheme's

    assert actions.tell_interested(session, by=trainer) == 1

    asked.refresh_from_db()
    assert asked.told_session == session
    with pytest.raises(Refused, match="Nobody who left an address"):
        actions.tell_interested(session, by=trainer)


def test_registering_interest_again_updates_it(scheme, sign_up, manager):
    module = SpecialistModuleFactory()
    for people in (2, 5):
        actions.register_interest(
            scheme, module=module, sign_up=sign_up, by=manager, people=people, suits="Mondays"
        )
    assert Interest.objects.get().people == 5
    other = SpecialistModuleFactory()
    other.schemes.add(SchemeFactory())
    with pytest.raises(Refused, match="another scheme"):
        actions.register_interest(scheme, module=other, people=1)


def test_a_self_study_module_cannot_have_sessions(scheme, trainer):
    alone = SpecialistModuleFactory(title="Read this", completed_by="self_study")
    with pytest.raises(Refused, match="“Read this” is completed by self-study alone"):
        plan(scheme, trainer, module=alone)
    assert not Session.objects.exists()


def test_a_session_with_bookings_keeps_its_module(scheme, trainer):
    session = plan(scheme, trainer)
    other = SpecialistModuleFactory()
    changed = actions.change_session(session, {"module": other}, by=trainer)
    assert changed.module == other, "nobody had booked"
    BookingFactory(session=session)
    with pytest.raises(Refused, match="Plan another session for the other training"):
        actions.change_session(session, {"module": SpecialistModuleFactory()}, by=trainer)
    session.refresh_from_db()
    assert session.module == other
