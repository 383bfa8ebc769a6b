"""Enrolling somebody, and their link and code."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.training.conftest import TODAY, add_person, days, train
from training import actions
from training.links.enrolments import find_by_code, find_by_token, make_link, make_token
from training.models import Enrolment, Module
from venues.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


def token_of(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def test_enrolling_twice_is_idempotent_and_records_one_event(enrolment, sam, module, manager):
    assert actions.enrol(sam, module, by=manager) == enrolment
    assert Enrolment.objects.count() == 1
    event = Event.objects.get(kind="training.enrolled")
    assert event.venue == sam.posts.get().venue
    assert "Sam" not in str(event.data)


def test_a_trained_person_can_be_enrolled_again(sam, module, manager):
    train(sam, module, manager)
    assert not actions.enrol(sam, module, by=manager).completed_at


def test_a_leaver_cannot_be_enrolled(sign_up, module, manager):
    gone = add_person(sign_up, "Jo", until=TODAY() - days(1))
    with pytest.raises(Refused):
        actions.enrol(gone, module, by=manager)


def test_an_unreviewed_module_cannot_be_enrolled_on(sam, unreviewed, manager):
    with pytest.raises(Refused, match="safeguarding lead"):
        actions.enrol(sam, unreviewed, by=manager)


def test_another_schemes_module_is_refused(sam, module, manager, scheme):
    other = type(scheme).objects.create(
        name="Other", slug="other", council="B", contact_email="b@example.org"
    )
    module.schemes.set([other])
    with pytest.raises(Refused, match="another scheme"):
        actions.enrol(sam, module, by=manager)
    assert not Module.objects.for_scheme(scheme).exists()


def test_the_link_and_the_code_both_find_the_enrolment(enrolment):
    assert find_by_token(token_of(enrolment)) == enrolment
    assert find_by_code(f" {enrolment.code_in_two.lower()} ") == enrolment


def test_a_link_does_not_reveal_the_person_or_venue(enrolment):
    link = make_link(enrolment)
    assert "Sam" not in link
    assert "Cafe" not in link


def test_a_truncated_link_is_refused_with_a_clear_error(enrolment):
    with pytest.raises(Refused, match="not whole"):
        find_by_token(token_of(enrolment)[:-10])


def test_an_expired_link_or_code_is_refused_with_a_clear_error(enrolment):
    with pytest.raises(Refused, match="run out"):
        find_by_token(make_token(enrolment, lasts=timedelta(seconds=-5)))
    enrolment.code_expires_at = timezone.now() - timedelta(minutes=1)
    enrolment.save()
    with pytest.raises(Refused, match="run out"):
        find_by_code(enrolment.code)


def test_a_new_link_revokes_the_old_one(enrolment, manager):
    old_link, old_code = token_of(enrolment), enrolment.code
    enrolment = actions.renew_link(enrolment, by=manager)
    with pytest.raises(Refused, match="replaced"):
        find_by_token(old_link)
    with pytest.raises(Refused):
        find_by_code(old_code)
    assert find_by_token(token_of(enrolment)) == enrolment


def test_a_leavers_link_is_refused_with_a_clear_error(enrolment, sam):
    sam.posts.update(until=TODAY() - days(1))
    for find, what in ((find_by_token, token_of(enrolment)), (find_by_code, enrolment.code)):
        with pytest.raises(Refused, match="left"):
            find(what)


def test_the_link_of_a_withdrawn_completion_is_refused(sam, module, manager):
    done = train(sam, module, manager)
    actions.withdraw_completion(done, by=manager, reason="Mistake")
    with pytest.raises(Refused, match="ended"):
        find_by_token(token_of(done))
    with pytest.raises(Refused):
        actions.withdraw_completion(done, by=manager, reason="Again")


@pytest.mark.parametrize("typed", ["", "ABC", "AAAAAAAA", "BCDFGHJK", "<script>"])
def test_an_unknown_code_is_refused(enrolment, typed):
    with pytest.raises(Refused, match="do not know this code"):
        find_by_code(typed)


def test_the_link_is_sent_only_to_somebody_with_an_email_address(enrolment, sam, manager):
    with pytest.raises(Refused, match="no e-mail address"):
        actions.send_link(enrolment, by=manager)
    sam.email = "sam@example.org"
    sam.save()
    actions.send_link(enrolment, by=manager)
    letter = Email.objects.get()
    assert letter.to == ["sam@example.org"]
    assert "/learn/" in letter.message
    assert enrolment.code_in_two in letter.message
    assert outbox.outbox == []  # queued: the worker sends it
