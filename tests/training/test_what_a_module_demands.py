"""How a module may be completed, its prerequisites, and who may begin it."""

import pytest
from django.urls import reverse

from common.refusals import Refused
from tests.training.conftest import TODAY, add_person, days, read_all, right_answers, train
from tests.training.session_factories import SessionFactory
from tests.training.test_author_module import make
from training import actions
from training.links.enrolments import make_link
from training.models import Enrolment, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_session(administrator):
    module = make("by-session", aims="- Something", completed_by="attendance")
    return actions.review_module(module, by=administrator, name="Ada", role="Lead")


def token_of(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def test_an_attendance_module_cannot_be_enrolled_on(client, sign_up, sam, by_session, manager):
    with pytest.raises(Refused, match="coming to a session"):
        actions.enrol(sam, by_session, by=manager)
    client.force_login(manager)
    url = reverse("enrol_staff_member", args=[sign_up.pk, by_session.slug, sam.pk])
    assert "coming to a session" in client.post(url, follow=True).text
    assert not Enrolment.objects.exists()
    url = reverse("enrol_person", args=[sign_up.pk, by_session.slug])
    client.post(url, {"first_name": "Kim"})
    assert not sign_up.venue.posts.filter(staff_member__first_name="Kim").exists()


def test_somebody_can_be_booked_by_name_on_an_attendance_module(
    sign_up, sam, by_session, scheme, manager
):
    session = SessionFactory(scheme=scheme, module=by_session)
    (booking,) = actions.book(session, sign_up, by=manager, people=[sam])
    assert booking.staff_member == sam


def test_a_check_no_longer_completes_a_module_changed_to_attendance(client, enrolment, module):
    read_all(enrolment)
    Module.objects.filter(pk=module.pk).update(completed_by="attendance")
    enrolment.refresh_from_db()
    with pytest.raises(Refused, match="now completed by coming to a session"):
        actions.take_check(Enrolment.objects.get(), right_answers(enrolment))
    page = client.get(reverse("learn_check", args=[token_of(enrolment)]), follow=True)
    assert "now completed by coming to a session" in page.text
    enrolment.refresh_from_db()
    assert enrolment.sections_finished == [1, 2], "what was read is kept"
    assert enrolment.completed_at is None


def test_a_module_that_allows_either_is_completed_by_its_check(enrolment, module):
    Module.objects.filter(pk=module.pk).update(completed_by="either")
    done = actions.take_check(read_all(enrolment), right_answers(enrolment))
    assert done.completed_at


def test_a_missing_or_expired_prerequisite_is_named(sign_up, sam, module, manager, administrator):
    later = make("later", completed_by="either")
    Module.objects.filter(pk=later.pk).update(
        reviewed_version=1,
        reviewed_by_name="Ada",
        reviewed_by_role="Lead",
        reviewed_on=TODAY(),
        review_recorded_by=administrator,
    )
    later.refresh_from_db()
    later.prerequisites.set([module])
    with pytest.raises(Refused, match="First comes “Introduction”"):
        actions.enrol(sam, later, by=manager)
    old = train(sam, module, manager, until=TODAY() - days(1))
    with pytest.raises(Refused, match="has run out"):
        actions.enrol(sam, later, by=manager)
    Enrolment.objects.filter(pk=old.pk).update(valid_until=TODAY())
    assert actions.enrol(sam, later, by=manager).module == later


def test_a_learners_link_opens_only_their_own_training(client, sign_up, module, manager):
    one = actions.enrol(add_person(sign_up, "Alexandra"), module, by=manager)
    other = actions.enrol(add_person(sign_up, "Bartholomew"), module, by=manager)
    page = client.get(reverse("learn_module", args=[token_of(one)])).text
    assert "Bartholomew" not in page
    forged = token_of(one).replace(token_of(one)[:6], token_of(other)[:6])
    refused = client.post(reverse("finish_section", args=[forged + "x", 1]))
    assert refused.status_code == 403
    assert not Enrolment.objects.exclude(sections_finished=[]).exists()


def test_a_completion_by_attendance_has_a_certificate_and_no_sections(client, enrolment):
    done = actions.take_check(read_all(enrolment), right_answers(enrolment))
    Enrolment.objects.filter(pk=done.pk).update(source="attendance")
    opened = client.get(reverse("learn_module", args=[token_of(done)]), follow=True)
    assert opened.redirect_chain[-1][0].endswith("/certificate/")
    assert "came to a session" in opened.text
    assert "How was it?" not in opened.text, "the session's own letter asks"


def test_outside_the_demo_an_unreviewed_module_is_offered_nowhere(
    client, sign_up, manager, settings
):
    make("not-signed-off")
    client.force_login(manager)
    places = [
        reverse("training_home", args=[sign_up.pk]),
        reverse("training_sessions", args=[sign_up.pk]),
        reverse("interest", args=[sign_up.pk]),
        reverse("interest_for_all"),
        reverse("sessions"),
    ]
    for address in places:
        assert "not-signed-off" not in client.get(address).text, address
    settings.DEMO = True
    assert "not-signed-off" in client.get(places[0]).text
