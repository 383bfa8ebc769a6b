"""Taking a check again: answers are kept and shuffled, and only wrong ones are asked again."""

import pytest
from django.urls import reverse

from tests.training.conftest import add_person, as_form, read_all, right_answers
from training import actions
from training.links.enrolments import make_link
from training.rules import questions_to_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(enrolment):
    read_all(enrolment)
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def page(name, token):
    return reverse(name, args=[token])


def ids(enrolment, *texts):
    return {
        choice.pk
        for question in enrolment.questions
        for choice in question.choices.all()
        if choice.text in texts
    }


def test_saved_answers_are_restored_when_the_learner_returns(client, token, enrolment):
    question = enrolment.questions.first()
    (yes,) = ids(enrolment, "Yes")
    sent = {f"question_{question.pk}": yes, "later": "yes"}
    assert "Your answers are kept" in client.post(page("take_check", token), sent, follow=True).text
    enrolment.refresh_from_db()
    assert (enrolment.tries, enrolment.score) == (0, None)
    form = client.get(page("learn_check", token)).context["form"]
    assert form[f"question_{question.pk}"].initial == str(yes)


def test_the_page_saves_answers_when_the_learner_leaves_it(client, token, enrolment):
    assert page("keep_answers", token) in client.get(page("learn_check", token)).text
    wanted = ids(enrolment, "This", "Neither")
    client.post(page("keep_answers", token), as_form({enrolment.questions.last().pk: wanted}))
    enrolment.refresh_from_db()
    assert set(enrolment.kept_answers) == wanted


def test_invalid_choices_are_not_saved(client, token, enrolment):
    question = enrolment.questions.first()
    sent = {f"question_{question.pk}": ["999999", "x", "²", "-1"]}
    assert client.post(page("keep_answers", token), sent).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.kept_answers == []


def test_a_retry_asks_only_the_questions_answered_wrongly(client, token, enrolment):
    one, two = enrolment.questions
    wrong = {one.pk: ids(enrolment, "Yes"), two.pk: ids(enrolment, "This")}
    client.post(page("take_check", token), as_form(wrong))
    again = client.get(page("learn_check", token))
    assert list(again.context["form"].fields) == [f"question_{two.pk}"]
    assert "2. Two right?" in again.text
    right = {two.pk: ids(enrolment, "This", "That")}
    client.post(page("take_check", token), as_form(right))
    enrolment.refresh_from_db()
    assert (enrolment.score, enrolment.tries) == (100, 2)
    assert enrolment.completed_at


def test_a_right_answer_cannot_be_overwritten_by_a_later_wrong_one(enrolment):
    enrolment = read_all(enrolment)
    one, two = enrolment.questions
    actions.take_check(enrolment, {one.pk: ids(enrolment, "Yes"), two.pk: set()})
    enrolment = actions.take_check(enrolment, {one.pk: ids(enrolment, "No"), two.pk: set()})
    assert enrolment.score == 50


def order(enrolment):
    return [[choice.text for choice in q.shuffled] for q in questions_to_answer(enrolment)]


def test_choices_are_shuffled_per_person_and_try_but_stable_within_a_try(sign_up, module, manager):
    orders = []
    for number in range(12):
        person = add_person(sign_up, f"Sam {number}")
        enrolment = read_all(actions.enrol(person, module, by=manager))
        assert order(enrolment) == order(enrolment)
        orders.append(order(enrolment))
        first = order(enrolment)
        actions.take_check(enrolment, {})
        enrolment.refresh_from_db()
        orders.append(order(enrolment))
        assert [sorted(texts) for texts in first] == [sorted(t) for t in order(enrolment)]
    assert len({str(each) for each in orders}) > 3


def test_saved_answers_are_cleared_once_submitted(client, token, enrolment):
    client.post(page("keep_answers", token), as_form(right_answers(enrolment)))
    client.post(page("take_check", token), as_form(right_answers(enrolment)))
    enrolment.refresh_from_db()
    assert enrolment.kept_answers == []
