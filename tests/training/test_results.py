"""Results by question: first-try totals that show a trainer what is misunderstood."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from tests.training.conftest import TODAY, add_person, days, read_all, right_answers
from training import actions
from training.models import Answered, Ticked
from training.rules import people_by_kind
from venues.models import Post, SignUp

pytestmark = pytest.mark.django_db


def begin(sign_up, module, manager, name):
    return read_all(actions.enrol(add_person(sign_up, name), module, by=manager))


def wrong_answers(enrolment):
    """Answers with the first question wrong and the second right."""
    answers = right_answers(enrolment)
    first = enrolment.questions.first()
    return answers | {first.pk: {first.choices.get(right=False).pk}}


def numbers(module):
    asked = {row.question.order: (row.times, row.right) for row in Answered.objects.all()}
    ticked = {row.choice.text: row.times for row in Ticked.objects.all()}
    return asked, ticked


def test_only_the_first_try_counts(sign_up, module, manager):
    enrolment = begin(sign_up, module, manager, "Jo")
    enrolment = actions.take_check(enrolment, wrong_answers(enrolment))
    assert enrolment.tries == 1
    assert numbers(module) == ({1: (1, 0), 2: (1, 1)}, {"No": 1, "This": 1, "That": 1})
    actions.take_check(enrolment, right_answers(enrolment))
    assert numbers(module) == ({1: (1, 0), 2: (1, 1)}, {"No": 1, "This": 1, "That": 1})


def test_choices_that_were_not_offered_are_not_counted(sign_up, module, manager):
    enrolment = begin(sign_up, module, manager, "Jo")
    actions.take_check(enrolment, right_answers(enrolment) | {10**6: {10**7}})
    assert numbers(module)[1] == {"Yes": 1, "This": 1, "That": 1}


def test_the_trainer_sees_what_is_misunderstood_from_three_answers_upwards(
    sign_up, module, manager, officer_of, scheme, django_assert_max_num_queries
):
    trainer = officer_of("trainer", scheme)
    address = reverse("module_results", args=[module.pk])
    for name in ("A", "B", "C"):
        assert "Often misunderstood" not in trainer.get(address).text
        enrolment = begin(sign_up, module, manager, name)
        actions.take_check(enrolment, wrong_answers(enrolment))
    with django_assert_max_num_queries(14):
        page = trainer.get(address).text
    assert page.count("Often misunderstood") == 1
    assert "Right: 0 per cent of 3 first tries." in page
    assert "Right: 100 per cent of 3 first tries." in page
    export = trainer.get(reverse("export_results", args=[module.pk])).text
    assert "1,One right?,3,0,No,no,3" in export
    other = officer_of("trainer")
    assert "One right?" not in other.get(address).text


def test_users_without_a_role_cannot_see_results(client, module, manager):
    for name in ("module_results", "export_results", "export_feedback"):
        address = reverse(name, args=[module.pk])
        client.logout()
        assert client.get(address).status_code == 302
        client.force_login(manager)
        assert client.get(address).status_code in (403, 404)


def test_people_are_counted_by_kind_of_post(sign_up, module, manager, administrator):
    SignUp.objects.update(state="approved", approved_at="2020-01-01T12:00Z", approved_by=manager)
    agency = add_person(sign_up, "Agency")
    Post.objects.filter(staff_member=agency).update(kind="agency")
    new = add_person(sign_up, "New", since=TODAY() - days(5))
    add_person(sign_up, "Gone", until=TODAY() - days(1))
    enrolment = read_all(actions.enrol(new, module, by=manager))
    actions.take_check(enrolment, right_answers(enrolment))
    counts = {
        kind.label: (kind.people, kind.trained)
        for kind in people_by_kind(module, administrator, TODAY())
    }
    assert counts["Own staff"] == (1, 1)
    assert counts["Agency staff"] == (1, 0)
    assert counts["Volunteer"] == (0, 0)
    assert counts["New within the last three months, of all kinds"] == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_first_answers_are_all_counted(sign_up, module, manager):
    begun = [begin(sign_up, module, manager, f"P{number}") for number in range(4)]
    start = threading.Barrier(4)

    def send(enrolment):
        answers = right_answers(enrolment)
        start.wait()
        try:
            actions.take_check(enrolment, answers)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[enrolment]) for enrolment in begun]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(module) == ({1: (4, 4), 2: (4, 4)}, {"Yes": 4, "This": 4, "That": 4})
