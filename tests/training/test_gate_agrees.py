"""After any training history, the queryset of ready venues and the single-venue rule agree.

Hypothesis builds the history from real actions on one venue: self-study, sessions, training in a
room, earlier records, corrected registers, withdrawn completions, people leaving and returning.
"""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.refusals import Refused
from tests.factories import OfficerFactory, RequirementFactory, SchemeFactory, SignUpFactory
from tests.training.conftest import add_person, days
from tests.training.factories import CompletionFactory, ModuleFactory
from tests.training.register_factories import BegunSessionFactory
from training.actions import (
    add_walk_in,
    close_register,
    correct_register,
    enrol,
    record_earlier_training,
    record_training_in_room,
    withdraw_completion,
)
from training.models import Booking, Enrolment
from training.rules import cover, shortages
from venues.evidence import outstanding
from venues.evidence_kinds import Stage
from venues.models import Post, SignUp

TODAY = timezone.localdate
PEOPLE = st.integers(0, 2)
SOON = st.sampled_from([-1, 0, 1, 29, 30, 31, 59, 60, 89, 90, 200])
AGO = st.sampled_from([0, 1, 20])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("alone"), PEOPLE, SOON),
        st.tuples(st.just("begun"), PEOPLE, st.just(0)),
        st.tuples(st.just("session"), PEOPLE, AGO),
        st.tuples(st.just("in_room"), PEOPLE, AGO),
        st.tuples(st.just("earlier"), PEOPLE, SOON),
        st.tuples(st.just("expires"), PEOPLE, SOON),
        st.tuples(st.just("corrected"), PEOPLE, st.integers(0, 1)),
        st.tuples(st.just("withdrawn"), PEOPLE, st.just(0)),
        st.tuples(st.just("leaves"), PEOPLE, SOON),
        st.tuples(st.just("returns"), PEOPLE, st.just(0)),
    ),
    max_size=7,
)


class Life:
    """One venue, its three people, and the steps that can happen to them."""

    def __init__(self):
        self.scheme = SchemeFactory(training_valid_months=1)
        self.module = ModuleFactory(completed_by="either")
        self.requirement = RequirementFactory(
            principle__scheme=self.scheme,
            evidence="trained_people",
            needed_for="sticker",
            subject="introductory",
        )
        self.sign_up = SignUpFactory(scheme=self.scheme, approved=True, listed=True)
        self.trainer = OfficerFactory(scheme=self.scheme, role="trainer").user
        self.people = [add_person(self.sign_up, name) for name in "ABC"]

    def live(self, what, person, number):
        try:
            with transaction.atomic():
                getattr(self, what)(self.people[person], number)
        except Refused:
            pass  # not possible at this point, and a valid history all the same

    def alone(self, person, number):
        CompletionFactory(
            scheme=self.scheme,
            module=self.module,
            staff_member=person,
            days=number,
            source="check",
            check_passed_at=timezone.now(),
            score=100,
        )

    def begun(self, person, number):
        enrol(person, self.module, by=self.trainer, scheme=self.scheme)

    def session(self, person, number):
        session = BegunSessionFactory(
            scheme=self.scheme, module=self.module, began=30 + 24 * 60 * number
        )
        add_walk_in(session, self.sign_up, by=self.trainer, person=person)
        close_register(session, by=self.trainer)

    def in_room(self, person, number):
        record_training_in_room(
            self.sign_up,
            self.module,
            day=TODAY() - days(number),
            taught_by=self.trainer,
            by=self.trainer,
            people=[person],
        )

    def earlier(self, person, number):
        record_earlier_training(
            person,
            self.module,
            by=self.trainer,
            valid_until=TODAY() + days(number),
            scheme=self.scheme,
        )

    def expires(self, person, number):
        done = person.enrolments.completed()
        done.update(valid_until=TODAY() + days(number))

    def corrected(self, person, number):
        booking = Booking.objects.filter(staff_member=person).last()
        if booking:
            correct_register(booking, attended=bool(number), by=self.trainer, reason="Paper list.")

    def withdrawn(self, person, number):
        done = person.enrolments.completed().first()
        if done:
            withdraw_completion(done, by=self.trainer, reason="A colleague answered.")

    def leaves(self, person, number):
        person.posts.filter(until__isnull=True).update(until=TODAY() + days(number))

    def returns(self, person, number):
        if not person.posts.filter(until__isnull=True).exists():
            Post.objects.create(
                staff_member=person, venue=self.sign_up.venue, from_date=TODAY() - days(1)
            )


def is_held(life, at):
    """Whether the gate is open on `at`, having checked that queryset, rule and portal agree."""
    listed = SignUp.objects.with_standing(at).get(pk=life.sign_up.pk)
    ready = not outstanding(listed, Stage.STICKER, at)
    until = cover(listed, life.module, at).until()
    assert listed.ready_for_sticker == ready == bool(until and until >= at)
    return ready


@pytest.fixture
def life(db):
    """Created once; each example runs in a transaction that is rolled back."""
    return Life()


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, at_least=st.integers(1, 2), ahead=st.sampled_from([30, 60, 90]))
def test_queryset_and_rule_agree_after_any_training_history(life, steps, at_least, ahead):
    with transaction.atomic():
        type(life.requirement).objects.update(at_least=at_least)
        for step in steps:
            life.live(*step)
        today = TODAY()
        held = {0: is_held(life, today), ahead: is_held(life, today + days(ahead))}
        rows = shortages(life.scheme, today)
        lacks_from = rows[0].within if rows else 365
        assert held[0] == (lacks_from > 0)
        assert held[ahead] or lacks_from <= ahead
        assert not (held[ahead] and lacks_from == ahead)
        counting = Enrolment.objects.completed().filter(source="attendance", withdrawn_at=None)
        for done in counting.select_related("booking"):
            assert done.booking.attended
        transaction.set_rollback(True)
