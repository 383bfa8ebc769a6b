"""Hourly duties for meetings: dates, invitations, reminders and forgetting names."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from partnership.duties.meetings import (
    invite_when_near,
    propose_dates,
    remind_of_replies,
    tell_chairs,
)
from partnership.models import VenueLetter
from partnership.retention import forget_deputies
from safespaces.duties import DUTIES
from tests.partnership.factories import (
    AttendanceFactory,
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    days_ago,
    make_member,
    make_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


def at(meeting, **before):
    return meeting.starts_at - datetime.timedelta(**before)


def test_they_are_registered_as_hourly_duties():
    assert {propose_dates, invite_when_near, remind_of_replies, tell_chairs} <= {*DUTIES}


def test_dates_are_proposed_a_year_ahead_for_open_schemes(scheme):
    SeriesFactory(scheme__draft=True)
    made = propose_dates()
    assert made == scheme.meetings.count() >= 4
    assert propose_dates() == 0


def test_invitations_go_out_once_within_the_seriess_notice_period(scheme):
    make_member(scheme)
    meeting = MeetingFactory(scheme=scheme, confirmed=True)
    proposed = MeetingFactory(scheme=scheme, starts_at=days_ago(-20))
    assert invite_when_near(at(meeting, days=29)) == 0
    assert invite_when_near(at(meeting, days=27)) == 1
    assert invite_when_near(at(meeting, days=26)) == 0
    make_member(scheme, "Late", "late@example.org")
    assert invite_when_near(at(meeting, days=20)) == 1
    assert not proposed.attendances.exists()


def test_invitees_without_a_reply_are_reminded_once(scheme):
    meeting = MeetingFactory(scheme=scheme, confirmed=True, invited_at=timezone.now())
    silent = make_member(scheme, "Silent", "silent@example.org").venue.organisation
    coming = make_member(scheme, "Coming", "coming@example.org").venue.organisation
    partner = PartnerFactory(scheme=scheme, email="police@example.org")
    AttendanceFactory(meeting=meeting, organisation=silent)
    AttendanceFactory(meeting=meeting, organisation=coming, reply="coming")
    AttendanceFactory(meeting=meeting, partner=partner)
    assert remind_of_replies(at(meeting, days=8)) == 0
    assert remind_of_replies(at(meeting, days=6)) == 2
    assert remind_of_replies(at(meeting, days=5)) == 0
    letters = Email.objects.all()
    assert {letter.to[0] for letter in letters} == {"silent@example.org", "police@example.org"}
    assert not any(letter.attachments.exists() for letter in letters)


def test_no_reminder_for_somebody_who_already_had_a_routine_letter(scheme):
    meeting = MeetingFactory(scheme=scheme, confirmed=True, invited_at=timezone.now())
    sign_up = make_member(scheme)
    row = AttendanceFactory(meeting=meeting, organisation=sign_up.venue.organisation)
    VenueLetter.objects.create(
        sign_up=sign_up, kind="month", year=2026, number=11, sent_at=row.invited_at
    )
    assert remind_of_replies(at(meeting, days=6)) == 0
    assert not Email.objects.exists()


def test_the_chair_is_sent_the_meeting_page_once(scheme):
    meeting = MeetingFactory(scheme=scheme, confirmed=True, video_link="https://video.example/1")
    assert tell_chairs(at(meeting, days=6)) == 1
    assert Email.objects.get().to == [scheme.contact_email]
    Email.objects.all().delete()
    make_officer(scheme, email="chair@example.org")
    make_officer(scheme, "viewer", email="viewer@example.org")
    other = MeetingFactory(scheme=scheme, confirmed=True, starts_at=days_ago(-60))
    assert tell_chairs(at(other, days=6)) == 1
    assert tell_chairs(at(other, days=5)) == 0
    letter = Email.objects.get()
    assert letter.to == ["chair@example.org"]
    assert f"/admin/partnership/meeting/{other.pk}/change/" in letter.message
    assert "video.example" not in letter.message


def test_a_deputys_name_is_deleted_after_a_month(scheme):
    rows = [
        AttendanceFactory(
            meeting=MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(ago)),
            visitor="X",
            reply="deputy",
            deputy_role="Shift leader",
            deputy_name="Jo",
        )
        for ago in (40, 20)
    ]
    assert forget_deputies() == 1
    for row in rows:
        row.refresh_from_db()
    assert [row.deputy_name for row in rows] == ["", "Jo"]
    assert rows[0].deputy_role == "Shift leader"
