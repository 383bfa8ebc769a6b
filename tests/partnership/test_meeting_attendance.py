"""Meeting attendance as evidence: n of the last m meetings; by default it never unlists."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from partnership.models import Series
from tests.factories import RequirementFactory, SchemeFactory, SignUpFactory, VenueFactory
from tests.partnership.factories import AttendanceFactory, MeetingFactory, SeriesFactory, days_ago
from venues.duties import warn_of_lapses
from venues.evidence import outstanding, proofs
from venues.evidence_kinds import Stage
from venues.models import SignUp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
TODAY = timezone.localdate


@pytest.fixture
def scheme():
    return SeriesFactory(scheme=SchemeFactory(grace_days=28)).scheme


@pytest.fixture
def requirement(scheme):
    return RequirementFactory(
        principle__scheme=scheme,
        evidence="meeting_attendance",
        needed_for="standing",
        at_least=1,
        of_last=2,
    )


@pytest.fixture
def sign_up(scheme, requirement):
    return SignUpFactory(scheme=scheme, approved=True, listed=True, approved_at=days_ago(400))


def hold(scheme, ago, sign_up=None, outcome="present"):
    meeting = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(ago))
    if sign_up:
        AttendanceFactory(meeting=meeting, organisation=sign_up.venue.organisation, outcome=outcome)
    return meeting


def state(sign_up, at=None):
    (proof,) = proofs(sign_up, Stage.STANDING, at or TODAY())
    listed = SignUp.objects.with_standing(at or TODAY()).with_lapse(at or TODAY())
    found = listed.get(pk=sign_up.pk)
    # The queryset and the single-venue rule must agree.
    assert found.has_lapsed == (proof.state == "asked_for")
    return proof.state


def test_nothing_is_required_until_enough_meetings_were_held(scheme, sign_up):
    assert state(sign_up) == "not_yet_due"
    hold(scheme, 30, sign_up, "missed")
    assert state(sign_up) == "not_yet_due"
    hold(scheme, 20, sign_up, "missed")
    assert state(sign_up) == "asked_for"


def test_one_of_the_last_two_meetings_is_enough(scheme, sign_up):
    hold(scheme, 300, sign_up, "present")
    hold(scheme, 200, sign_up, "missed")
    assert state(sign_up) == "held"
    hold(scheme, 100, sign_up, "missed")
    assert state(sign_up) == "asked_for"
    assert state(sign_up, TODAY() - datetime.timedelta(days=101)) == "held"
    hold(scheme, 10, sign_up, "deputy")
    assert state(sign_up) == "held"


def test_all_of_the_last_three_meetings_can_be_required(scheme, sign_up, requirement):
    requirement.at_least, requirement.of_last = 3, None
    requirement.save()
    for ago, outcome in ((90, "present"), (60, "online")):
        hold(scheme, ago, sign_up, outcome)
    assert state(sign_up) == "not_yet_due"
    hold(scheme, 30, sign_up, "present")
    assert state(sign_up) == "held"
    hold(scheme, 5, sign_up, "missed")
    assert state(sign_up) == "asked_for"


def test_meetings_before_or_on_the_day_of_approval_are_not_owed(scheme, requirement):
    hold(scheme, 60)
    hold(scheme, 30)
    sign_up = SignUpFactory(scheme=scheme, approved=True, approved_at=days_ago(30, hour=8))
    assert state(sign_up) == "not_yet_due"
    hold(scheme, 20, sign_up, "missed")
    hold(scheme, 10, sign_up, "missed")
    assert state(sign_up) == "asked_for"


@pytest.mark.parametrize(
    ("outcome", "setting", "without", "with_it"),
    [
        ("report", "report_counts", "asked_for", "held"),
        ("apologies", "apologies_count", "asked_for", "held"),
    ],
)
def test_the_series_decides_whether_reports_and_apologies_count(
    scheme, sign_up, outcome, setting, without, with_it
):
    hold(scheme, 60, sign_up, outcome)
    hold(scheme, 30, sign_up, "missed")
    for value, expected in ((False, without), (True, with_it)):
        Series.objects.filter(scheme=scheme).update(**{setting: value})
        assert state(sign_up) == expected


def test_by_default_reports_count_and_apologies_do_not():
    series = SeriesFactory()
    assert series.report_counts
    assert not series.apologies_count


def test_one_attendee_counts_for_every_venue_of_the_organisation(scheme, sign_up):
    other = SignUpFactory(
        scheme=scheme,
        approved=True,
        approved_at=days_ago(400),
        venue=VenueFactory(organisation=sign_up.venue.organisation, lead_scheme=scheme),
    )
    stranger = SignUpFactory(scheme=scheme, approved=True, approved_at=days_ago(400))
    hold(scheme, 60, sign_up, "present")
    hold(scheme, 30)
    assert [state(each) for each in (sign_up, other, stranger)] == ["held", "held", "asked_for"]


def test_only_held_meetings_of_the_same_scheme_count(scheme, sign_up):
    hold(SchemeFactory(), 10, sign_up, "present")
    MeetingFactory(scheme=scheme, confirmed=True, starts_at=days_ago(5))
    hold(scheme, 60, sign_up, "missed")
    hold(scheme, 30, sign_up, "missed")
    assert state(sign_up) == "asked_for"


def test_missed_meetings_unlist_only_where_the_scheme_says_so(scheme, sign_up, requirement):
    hold(scheme, 60, sign_up, "missed")
    hold(scheme, 30, sign_up, "missed")
    listed = SignUp.objects.listed(TODAY())
    assert listed.filter(pk=sign_up.pk).exists()
    assert [proof.state for proof in outstanding(sign_up, Stage.STANDING, TODAY())] == ["asked_for"]

    requirement.unlists = True
    requirement.save()
    assert not listed.filter(pk=sign_up.pk).exists()
    assert [proof.state for proof in outstanding(sign_up, Stage.STANDING, TODAY())] == ["missing"]


def test_strict_attendance_unlists_only_after_the_grace_period_of_a_sent_letter(
    scheme, sign_up, requirement
):
    requirement.unlists = True
    requirement.save()
    hold(scheme, 60, sign_up, "present")
    hold(scheme, 30, sign_up, "missed")
    warn_of_lapses()
    hold(scheme, 1, sign_up, "missed")
    listed = SignUp.objects.filter(pk=sign_up.pk).listed
    last_day = TODAY() + datetime.timedelta(days=28)
    day_after = last_day + datetime.timedelta(days=1)

    assert warn_of_lapses() == 1
    assert listed(day_after).exists(), "its letter has not gone yet"
    Email.objects.update(status=STATUS.sent)
    warn_of_lapses()
    assert listed(last_day).exists()
    assert not listed(day_after).exists()
    (proof,) = outstanding(sign_up, Stage.STANDING, TODAY())
    assert (proof.state, proof.grace_until) == ("in_grace", last_day)

    hold(scheme, 0, sign_up, "present")
    assert listed(day_after).exists()


def test_a_scheme_can_stop_any_evidence_from_unlisting(scheme, sign_up):
    hours = RequirementFactory(
        principle__scheme=scheme, evidence="opening_hours", needed_for="standing", unlists=False
    )
    listed = SignUp.objects.listed(TODAY())
    assert listed.filter(pk=sign_up.pk).exists()
    hours.unlists = None
    hours.save()
    assert not listed.filter(pk=sign_up.pk).exists()
