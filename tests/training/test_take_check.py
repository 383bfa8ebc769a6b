"""Training is completed by finishing every section and passing the check, and nothing less."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from common.refusals import Refused
from tests.training.conftest import TODAY, days, read_all, right_answers, train
from training import actions
from training.duties import remind_of_expiry
from training.models import Enrolment
from training.rules import learners, months_after, valid_until
from venues.models import Event

pytestmark = pytest.mark.django_db


def test_the_check_is_refused_before_every_section_is_read(enrolment):
    enrolment = actions.finish_section(enrolment, 1)
    with pytest.raises(Refused, match="Read the last section first"):
        actions.take_check(enrolment, right_answers(enrolment))
    enrolment.refresh_from_db()
    assert enrolment.tries == 0
    assert enrolment.completed_at is None


def test_sections_are_finished_in_order_and_finishing_is_idempotent(enrolment):
    with pytest.raises(Refused, match="Section 1 is next"):
        actions.finish_section(enrolment, 2)
    with pytest.raises(Refused, match="no such section"):
        actions.finish_section(enrolment, 9)
    for order in (1, 1, 2, 1):
        enrolment = actions.finish_section(enrolment, order)
    assert enrolment.sections_finished == [1, 2]
    assert enrolment.completed_at is None


def test_full_marks_complete_the_training_for_the_schemes_months(enrolment, scheme):
    enrolment = actions.take_check(read_all(enrolment), right_answers(enrolment))
    assert enrolment.score == 100
    assert enrolment.valid_until == months_after(TODAY(), scheme.training_valid_months)
    assert Event.objects.filter(kind="training.completed", by=None).count() == 1


def test_retraining_counts_in_full_from_its_own_day_and_stops_reminders(
    sam, sign_up, module, manager, scheme
):
    old = train(sam, module, manager, until=TODAY() + days(65))
    Enrolment.objects.update(completed_at=timezone.now() - days(300))
    assert remind_of_expiry(timezone.now() + days(6)) == 1
    old.refresh_from_db()
    again = train(sam, module, manager)
    assert again.valid_until == months_after(TODAY(), scheme.training_valid_months)
    [learner] = learners(sign_up, module, TODAY())
    assert (learner.best, learner.trained_until) == (again, again.valid_until)
    assert remind_of_expiry(timezone.now() + days(40)) == 0
    old.refresh_from_db()
    assert old.valid_until == TODAY() + days(65), "what was earned before stays as it was"


@pytest.mark.parametrize(("scheme_gives", "module_gives"), [(12, 10), (10, 12), (10, 10)])
def test_training_valid_for_ten_months_ends_on_the_same_day_of_the_month(
    enrolment, module, scheme, scheme_gives, module_gives
):
    scheme.training_valid_months, module.valid_months = scheme_gives, module_gives
    scheme.save()
    module.save()
    enrolment.refresh_from_db()
    for done, last in (
        (datetime.date(2026, 1, 30), datetime.date(2026, 11, 30)),
        (datetime.date(2026, 2, 1), datetime.date(2026, 12, 1)),
        (datetime.date(2026, 3, 31), datetime.date(2027, 1, 31)),
        (datetime.date(2026, 4, 30), datetime.date(2027, 2, 28)),
    ):
        assert valid_until(enrolment, done) == last


def test_the_shorter_validity_of_scheme_and_module_applies(enrolment, module):
    module.valid_months = 6
    module.save()
    enrolment = actions.take_check(read_all(enrolment), right_answers(enrolment))
    assert enrolment.valid_until == months_after(TODAY(), 6)


def test_below_the_pass_mark_the_learner_can_try_again(enrolment):
    enrolment = read_all(enrolment)
    right = right_answers(enrolment)
    partly = {pk: set(list(ticked)[:1]) for pk, ticked in right.items()}
    enrolment = actions.take_check(enrolment, partly)
    assert enrolment.score == 50
    assert enrolment.completed_at is None
    enrolment = actions.take_check(enrolment, right)
    assert enrolment.tries == 2
    assert enrolment.completed_at


def test_ticking_every_choice_scores_nothing(enrolment):
    enrolment = read_all(enrolment)
    everything = {
        question.pk: {choice.pk for choice in question.choices.all()}
        for question in enrolment.questions
    }
    assert actions.take_check(enrolment, everything).score == 0


def test_answering_again_after_passing_changes_nothing(enrolment):
    enrolment = actions.take_check(read_all(enrolment), right_answers(enrolment))
    again = actions.take_check(enrolment, {})
    assert again.score == 100
    assert again.tries == 1
    assert again.completed_at == enrolment.completed_at


def test_a_leaver_cannot_finish(enrolment, sam):
    enrolment = read_all(enrolment)
    sam.posts.update(until=TODAY() - days(1))
    with pytest.raises(Refused, match="left"):
        actions.take_check(enrolment, right_answers(enrolment))


@pytest.mark.django_db(transaction=True)
def test_concurrent_identical_submissions_complete_once(enrolment):
    answers = right_answers(read_all(enrolment))
    start = threading.Barrier(4)

    def send():
        start.wait()
        try:
            actions.take_check(enrolment, answers)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for __ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Enrolment.objects.get().tries == 1
    assert Event.objects.filter(kind="training.completed").count() == 1
