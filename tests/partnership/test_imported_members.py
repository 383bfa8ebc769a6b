"""A venue imported from earlier records owes nothing for the time before its import."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from partnership.actions import set_up_returns
from partnership.actions.attendance import invite_to_meeting
from partnership.duties.meetings import invite_when_near
from partnership.duties.returns import send_return_letters
from partnership.periods import QUARTER, Period
from partnership.rules.returns import past_periods
from tests.factories import OfficerFactory, RequirementFactory, SignUpFactory
from tests.partnership.factories import MeetingFactory, SeriesFactory, days_ago
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import SignUp

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def at(month, day, year=2026):
    return timezone.make_aware(datetime.datetime(year, month, day, 10))


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


def imported(scheme, when):
    """A venue approved three years ago and imported on `when`."""
    return SignUpFactory(
        approved=True,
        approved_at=at(5, 3, 2023),
        imported_at=when,
        scheme=scheme,
        venue__contact_email="quiet@example.org",
    )


def test_an_imported_venue_gets_no_letter_about_a_quarter_before_its_import(scheme):
    set_up_returns(scheme)
    imported(scheme, at(9, 15))
    send_return_letters(at(10, 1))
    assert not Email.objects.exists()
    send_return_letters(at(1, 4, 2027))
    assert Email.objects.count() == 1


def test_periods_before_the_import_are_not_listed_as_missing(scheme):
    sign_up = imported(scheme, at(2, 10))
    quarters = [row.period for row in past_periods(sign_up, datetime.date(2026, 11, 20))]
    assert quarters == [Period(QUARTER, 2026, 3), Period(QUARTER, 2026, 2)]


@pytest.mark.parametrize("evidence", ["usage_return", "meeting_attendance"])
def test_returns_and_meetings_before_the_import_are_not_owed(scheme, evidence):
    RequirementFactory(principle__scheme=scheme, evidence=evidence, needed_for="standing")
    MeetingFactory(scheme=scheme, held=True)
    sign_up = imported(scheme, days_ago(2))
    today = timezone.localdate()
    states = {proof.state for proof in proofs(sign_up, Stage.STANDING, today)}
    assert states == {"not_yet_due"}
    assert not SignUp.objects.with_lapse(today).get(pk=sign_up.pk).has_lapsed
    SignUp.objects.update(imported_at=None)
    assert SignUp.objects.with_lapse(today).get(pk=sign_up.pk).has_lapsed


def test_an_import_sends_no_invitations_to_a_meeting_already_announced(scheme):
    meeting = MeetingFactory(scheme=scheme, confirmed=True)
    sign_up = imported(scheme, meeting.starts_at - 20 * DAY)
    assert invite_when_near(meeting.starts_at - 19 * DAY) == 0
    SignUp.objects.filter(pk=sign_up.pk).update(imported_at=meeting.starts_at - 40 * DAY)
    assert invite_when_near(meeting.starts_at - 19 * DAY) == 1


def test_an_officer_can_invite_imported_venues_to_that_meeting(scheme):
    meeting = MeetingFactory(scheme=scheme, confirmed=True)
    imported(scheme, meeting.starts_at - 20 * DAY)
    assert invite_to_meeting(meeting, by=OfficerFactory(scheme=scheme).user) == 1
