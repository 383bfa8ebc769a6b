"""Two people hide one place for safety in the same instant: it is hidden, and once for a scheme."""

import datetime

import pytest
from django.utils import timezone

from common.refusals import Refused
from tests.factories import OfficerFactory, SignUpFactory
from tests.venues.test_concurrency import at_once
from venues.actions import (
    end_safety_suspension,
    hide_for_safety,
    make_duty_link,
    suspend_sign_up,
    use_duty_link,
)
from venues.models import Event, SafetySuspension, SignUp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sign_up():
    return SignUpFactory(approved=True)


def officer(sign_up, role="officer"):
    return OfficerFactory(scheme=sign_up.scheme, role=role).user


def refusals(results):
    return [str(each) for each in results if isinstance(each, Refused)]


def test_two_officers_of_one_scheme_hide_it_once_and_the_second_is_told(sign_up):
    one, two = officer(sign_up), officer(sign_up)
    results = at_once(
        lambda: hide_for_safety(sign_up, by=one), lambda: hide_for_safety(sign_up, by=two)
    )
    assert refusals(results) == [f"{sign_up.venue} is hidden already."]
    assert SafetySuspension.objects.open().count() == 1
    assert Event.objects.filter(kind="venues.hidden_for_safety").count() == 1


def test_officers_of_two_schemes_each_hide_it_and_both_have_to_end_it(sign_up):
    other = SignUpFactory(venue=sign_up.venue, approved=True)
    one, two = officer(sign_up), officer(other)
    results = at_once(
        lambda: hide_for_safety(sign_up, by=one), lambda: hide_for_safety(other, by=two)
    )
    assert refusals(results) == []
    end_safety_suspension(sign_up, by=one)
    today = timezone.localdate()
    assert not SignUp.objects.listed(today).filter(venue=sign_up.venue).exists()
    end_safety_suspension(other, by=two)
    assert SignUp.objects.listed(today).filter(venue=sign_up.venue).count() == 2


def test_a_duty_link_pressed_twice_at_once_works_once(sign_up):
    today = timezone.localdate()
    link = make_duty_link(
        sign_up.scheme,
        name="Robin",
        phone="01632 960001",
        email="robin@example.org",
        starts_on=today,
        ends_on=today + datetime.timedelta(days=1),
        by=officer(sign_up, "administrator"),
    )
    results = at_once(
        lambda: use_duty_link(link, venue=sign_up.venue),
        lambda: use_duty_link(link, venue=sign_up.venue),
    )
    (refused,) = refusals(results)
    assert refused.startswith("This link has been used, and works once.")
    assert SafetySuspension.objects.open().count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_hiding_a_place_and_suspending_its_sign_up_do_not_deadlock(sign_up, _again):
    one, two = officer(sign_up), officer(sign_up)
    results = at_once(
        lambda: hide_for_safety(sign_up, by=one),
        lambda: suspend_sign_up(sign_up, reason="A complaint is looked into.", by=two),
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    assert SafetySuspension.objects.open().count() == 1
    assert SignUp.objects.get(pk=sign_up.pk).state == SignUp.State.SUSPENDED
