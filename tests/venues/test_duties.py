"""Hourly jobs: warnings of lapses."""

import datetime

import pytest
from post_office.models import Email

from tests.factories import RequirementFactory, SchemeFactory, SignUpFactory
from venues.duties import warn_of_lapses
from venues.models import EvidenceRecord, SignUp

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)


def days(number):
    return datetime.timedelta(days=number)


@pytest.fixture
def sign_up():
    """A sign-up approved long ago, with two proofs that lapse with their records."""
    scheme = SchemeFactory(grace_days=28)
    for kind in ("online_presence", "opening_hours"):
        RequirementFactory(principle__scheme=scheme, evidence=kind, needed_for="standing")
    return SignUpFactory(
        scheme=scheme, venue__website="", approved=True, approved_at=NOON - days(300)
    )


def record(sign_up, kind, until):
    EvidenceRecord.objects.create(
        sign_up=sign_up,
        evidence=kind,
        valid_until=(NOON + days(until)).date(),
        imported_by=sign_up.started_by,
    )


def test_a_lapse_is_announced_once_with_the_day_it_is_unlisted(sign_up):
    record(sign_up, "online_presence", -1)
    record(sign_up, "opening_hours", 200)
    assert warn_of_lapses(NOON) == 1
    assert warn_of_lapses(NOON + days(1)) == 0
    to_venue, to_council = Email.objects.order_by("pk")
    assert to_venue.to == ["sam@example.org"]
    assert to_council.to == [sign_up.scheme.contact_email]
    for mail in (to_venue, to_council):
        assert "The place can be found online." in mail.message
        assert "opening hours" not in mail.message
        assert "28 July 2026" in mail.message


def test_a_second_lapse_in_the_same_month_is_announced_too(sign_up):
    record(sign_up, "online_presence", -1)
    record(sign_up, "opening_hours", 5)
    assert warn_of_lapses(NOON) == 1
    assert warn_of_lapses(NOON + days(5)) == 0
    assert warn_of_lapses(NOON + days(6)) == 1
    assert warn_of_lapses(NOON + days(7)) == 0


@pytest.mark.parametrize("state", ["submitted", "suspended", "withdrawn"])
def test_only_members_are_warned(sign_up, state):
    record(sign_up, "online_presence", -1)
    SignUp.objects.update(state=state)
    assert warn_of_lapses(NOON) == 0


def test_proof_never_supplied_after_approval_is_announced_with_its_day(sign_up):
    SignUp.objects.update(approved_at=NOON - days(1))
    assert warn_of_lapses(NOON) == 1
    assert "29 July 2026" in Email.objects.earliest("pk").message
