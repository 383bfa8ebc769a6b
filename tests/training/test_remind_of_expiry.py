"""Learners and managers are reminded once each at 60, 30 and 7 days before training ends."""

import pytest
from django.utils import timezone
from post_office.models import Email

from tests.factories import MembershipFactory, SchemeFactory, SignUpFactory, UserFactory
from tests.training.conftest import TODAY, days
from tests.training.factories import CompletionFactory, ModuleFactory
from training.actions import withdraw_completion
from training.duties import remind_of_expiry
from venues.models import Event, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(db):
    return SchemeFactory()


@pytest.fixture
def boss(db):
    return UserFactory(email="boss@example.org")


@pytest.fixture
def sign_up(scheme, boss):
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__contact_email="")
    MembershipFactory(organisation=sign_up.venue.organisation, user=boss)
    return sign_up


def done(sign_up, number=100, **more):
    return CompletionFactory(scheme=sign_up.scheme, venue=sign_up.venue, days=number, **more)


def later(number):
    return timezone.now() + days(number)


def test_each_of_the_three_reminders_is_sent_once(sign_up):
    done(sign_up, 100)
    reminded = []
    for day in range(0, 102):
        for __ in range(2):  # duties run every hour
            if remind_of_expiry(later(day)):
                reminded.append(100 - day)
    assert reminded == [60, 30, 7]
    assert Event.objects.filter(kind="training.expiry_reminded").count() == 3


def test_only_the_nearest_reminder_is_sent_after_downtime(sign_up):
    enrolment = done(sign_up, 5)
    assert remind_of_expiry() == 1
    assert remind_of_expiry() == 0
    enrolment.refresh_from_db()
    assert enrolment.reminded_days == 7


def test_a_manager_gets_one_letter_for_all_venues_and_no_names(scheme, sign_up, boss):
    other = SignUpFactory(scheme=scheme, approved=True, venue__contact_email="")
    MembershipFactory(organisation=other.venue.organisation, user=boss)
    for each in (sign_up, other):
        for number in (50, 55):
            done(each, number)
    assert remind_of_expiry() == 4
    (letter,) = Email.objects.all()
    assert letter.to == ["boss@example.org"]
    assert f"{sign_up.venue}: 2 people" in letter.message
    assert f"/portal/training/{other.pk}/" in letter.message
    assert "Alex" not in letter.message


def test_a_learner_with_an_email_address_is_reminded_too(sign_up):
    enrolment = done(sign_up, 20)
    type(enrolment.staff_member).objects.update(email="alex@example.org")
    remind_of_expiry()
    letter = Email.objects.get(to="alex@example.org")
    assert letter.subject == "Your training"
    assert enrolment.module.title in letter.message


def test_no_reminder_for_somebody_retrained_leaving_or_withdrawn(sign_up):
    first = done(sign_up, 10)
    CompletionFactory(
        scheme=first.scheme, module=first.module, staff_member=first.staff_member, days=300
    )
    leaver = done(sign_up, 20)
    Post.objects.filter(staff_member=leaver.staff_member).update(until=TODAY() + days(19))
    withdraw_completion(done(sign_up, 20), by=UserFactory(), reason="A colleague answered.")
    done(sign_up, -1)
    done(sign_up, 61)
    assert remind_of_expiry() == 0
    assert not Email.objects.exists()


def test_two_completions_ending_the_same_day_make_one_reminder(sign_up):
    first = done(sign_up, 10)
    CompletionFactory(
        scheme=first.scheme, module=first.module, staff_member=first.staff_member, days=10
    )
    assert remind_of_expiry() == 1


def test_a_completion_of_another_module_does_not_stop_the_reminder(sign_up):
    first = done(sign_up, 10)
    CompletionFactory(
        scheme=first.scheme,
        module=ModuleFactory(slug="vawg", title="VAWG"),
        staff_member=first.staff_member,
        days=300,
    )
    assert remind_of_expiry() == 1


def test_a_venue_that_left_the_scheme_is_not_reminded(sign_up):
    done(sign_up, 10)
    sign_up.state = "withdrawn"
    sign_up.save()
    assert remind_of_expiry() == 0


def test_reminding_uses_a_bounded_number_of_queries(sign_up, django_assert_max_num_queries):
    for __ in range(10):
        done(sign_up, 10)
    with django_assert_max_num_queries(60):
        assert remind_of_expiry() == 10
    assert Email.objects.count() == 1


def test_a_further_reminder_is_sent_and_named_in_the_letter(sign_up, monkeypatch):
    monkeypatch.setattr("training.rules.expiry.REMINDED_BEFORE", (7, 90, 60, 30))
    done(sign_up, 85)
    assert remind_of_expiry() == 1
    letter = Email.objects.get()
    assert "We write 90, 60, 30 and 7 days before training runs out" in letter.message
