"""The learner's pages: no account, sections in order, idempotent posts, nothing cached."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.training.conftest import TODAY, as_form, days, read_all, right_answers
from training import actions
from training.links.enrolments import make_link
from training.models import Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def page(name, token, *rest):
    return reverse(name, args=[token, *rest])


def test_a_learner_completes_the_training_without_an_account(client, token, enrolment):
    start = client.get(page("learn_module", token))
    assert start.status_code == 200
    assert "no-store" in start["Cache-Control"]
    assert "01632 960000" in start.text
    section = client.get(page("learn_section", token, 2), follow=True)
    assert "Section 1 is next" in section.text
    section = client.get(page("learn_section", token, 1))
    assert "<em>this</em>" in section.text
    there = client.post(page("finish_section", token, 1))
    assert there.url == page("learn_section", token, 2)
    assert "01632 960000" in client.get(there.url).text
    there = client.post(page("finish_section", token, 2))
    assert there.url == page("learn_check", token)
    assert "One right?" in client.get(there.url).text
    there = client.post(page("take_check", token), as_form(right_answers(enrolment)))
    assert there.url == page("learn_result", token)
    assert "You have passed" in client.get(there.url).text
    certificate = client.get(page("learn_certificate", token)).text
    assert "Introduction" in certificate
    assert "Sam" in certificate
    assert client.get(page("learn_module", token)).status_code == 200


def test_opening_pages_completes_nothing(client, token, enrolment):
    for __ in range(2):
        for order in (1, 2):
            client.get(page("learn_section", token, order))
        for name in ("learn_module", "learn_check", "learn_result", "learn_certificate"):
            client.get(page(name, token))
    enrolment.refresh_from_db()
    assert enrolment.sections_finished == []
    assert enrolment.completed_at is None


def test_state_changing_urls_refuse_get(client, token):
    assert client.get(page("finish_section", token, 1)).status_code == 302
    assert client.get(page("take_check", token)).status_code == 302


def test_the_check_is_refused_until_every_section_is_read(client, token, enrolment):
    assert (
        "Read the other 2 sections first"
        in client.get(page("learn_check", token), follow=True).text
    )
    sent = client.post(page("take_check", token), as_form(right_answers(enrolment)), follow=True)
    assert "Read the other 2 sections first" in sent.text
    enrolment.refresh_from_db()
    assert enrolment.completed_at is None


def test_an_unanswered_question_is_flagged_and_other_answers_stay_ticked(client, token, enrolment):
    read_all(enrolment)
    first, second = right_answers(enrolment).items()
    sent = client.post(page("take_check", token), as_form(dict([first])))
    assert "Answer question 2." in sent.text
    assert "checked" in sent.text
    enrolment.refresh_from_db()
    assert enrolment.tries == 0
    assert second


def test_wrong_answers_get_feedback_without_revealing_the_solution(client, token, enrolment):
    read_all(enrolment)
    one, two = enrolment.questions
    answers = {
        one.pk: {one.choices.get(text="No").pk},
        two.pk: {two.choices.get(text="This").pk},
    }
    result = client.post(page("take_check", token), as_form(answers), follow=True).text
    assert "Not yet: try again" in result
    assert "Think again." in result
    assert "Right so." not in result
    assert "That, too." not in result


def test_submitting_the_answers_twice_is_idempotent(client, token, enrolment):
    read_all(enrolment)
    for __ in range(2):
        sent = client.post(page("take_check", token), as_form(right_answers(enrolment)))
        assert sent.url == page("learn_result", token)
    assert Enrolment.objects.get().tries == 1


def test_a_link_that_does_not_work_says_why(client, token, sam):
    cut = client.get(page("learn_module", token[:-12]))
    assert cut.status_code == 403
    assert "not whole" in cut.text
    sam.posts.update(until=TODAY() - days(1))
    gone = client.get(page("learn_section", token, 1))
    assert gone.status_code == 403
    assert "somebody who has left" in gone.text
    assert client.post(page("finish_section", token, 1)).status_code == 403


def test_a_code_opens_the_training(client, enrolment):
    assert client.get(reverse("learn")).status_code == 200
    sent = client.post(reverse("open_with_code"), {"code": enrolment.code.lower()}, follow=True)
    assert sent.status_code == 200
    assert "Introduction" in sent.text
    assert enrolment.code not in sent.redirect_chain[-1][0]


def test_right_codes_from_one_address_are_not_rate_limited(enrolment):
    code = {"code": enrolment.code}
    answers = [Client().post(reverse("open_with_code"), code).status_code for __ in range(24)]
    assert answers == [302] * 24


def test_a_wrong_code_is_refused_and_guessing_is_rate_limited(client, enrolment):
    sent = client.post(reverse("open_with_code"), {"code": "BCDFGHJK"})
    assert "We do not know this code" in sent.text
    answers = [
        client.post(reverse("open_with_code"), {"code": "BCDFGHJK"}).status_code for __ in range(20)
    ]
    assert answers[-1] == 429


def test_an_expired_certificate_says_so(client, token, enrolment):
    done = actions.take_check(read_all(enrolment), right_answers(enrolment))
    done.valid_until = TODAY() - days(1)
    done.save()
    assert "has run out" in client.get(page("learn_certificate", token)).text
    assert "ran out on" in client.get(page("learn_module", token)).text


def test_every_section_of_the_introductory_module_renders(
    client, sam, introductory, administrator, manager
):
    introductory.facts.update(to_confirm=False)  # As the reviewer would after checking them.
    introductory = actions.review_module(introductory, by=administrator, name="A", role="B")
    enrolment = read_all(actions.enrol(sam, introductory, by=manager))
    token = make_link(enrolment).rstrip("/").rpartition("/")[2]
    for section in enrolment.sections:
        text = client.get(page("learn_section", token, section.order)).text
        assert "[[" not in text
        assert "**" not in text
    assert client.get(page("learn_check", token)).text.count("<fieldset") == 16


def test_learners_see_who_holds_their_data_and_for_how_long(client, token):
    text = client.get(page("learn_module", token)).text
    for words in ("Why we ask.", "Who sees it.", "Your manager", "two years after"):
        assert words in text
