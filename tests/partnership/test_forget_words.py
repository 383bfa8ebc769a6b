"""Venues' free text is deleted after two years wherever it was written."""

import datetime

import pytest
from django.utils import timezone

from partnership.actions.attendance import redact_report, release_report
from partnership.actions.minutes import draft_minutes
from partnership.models import Attendance, Issue, Progress, UsageReturn
from partnership.retention import TWO_YEARS, forget_issues, forget_progress, forget_reports
from tests.factories import UserFactory
from tests.partnership.factories import (
    AttendanceFactory,
    IssueFactory,
    MeetingFactory,
    SeriesFactory,
    UsageReturnFactory,
    days_ago,
    make_member,
)

pytestmark = pytest.mark.django_db
WORDS = "A young man with a red bicycle came in crying"


@pytest.fixture
def officer():
    return UserFactory()


def read(officer):
    return {"text_state": "released", "text_read_at": timezone.now(), "text_read_by": officer}


def test_free_text_is_deleted_after_two_years_and_the_rest_is_kept(officer):
    over = TWO_YEARS.before() - datetime.timedelta(hours=1)
    closed = {"state": "closed", "closed_by": officer, "answer": "Yes", "what_was_done": "Rang"}
    for when in (over, timezone.now() - datetime.timedelta(days=700)):
        sent = UsageReturnFactory(people=2, sent_at=when)
        Progress.objects.create(usage_return=sent, text=WORDS, **read(officer))
        series = SeriesFactory()
        member = make_member(series.scheme, email=f"{when:%Y%m%d}@example.org")
        AttendanceFactory(
            meeting=MeetingFactory(scheme=series.scheme, held=True, starts_at=when),
            organisation=member.venue.organisation,
            outcome="report",
            text=WORDS,
            **read(officer),
        )
        IssueFactory(text=WORDS, closed_at=when, **closed, **read(officer))
        IssueFactory(text=WORDS, raised_at=when, **read(officer))  # kept: the issue is still open
        IssueFactory(text=WORDS, closed_at=when, **closed)  # kept: nobody has read it yet

    assert [forget() for forget in (forget_progress, forget_reports, forget_issues)] == [1] * 3
    assert [forget() for forget in (forget_progress, forget_reports, forget_issues)] == [0] * 3
    assert UsageReturn.objects.filter(people=2).count() == 2
    assert Progress.objects.count() == 1
    assert sorted(Attendance.objects.values_list("outcome", "text")) == [
        ("report", ""),
        ("report", WORDS),
    ]
    assert Issue.objects.filter(text="…", what_was_done="", answer="").count() == 1
    assert Issue.objects.filter(text=WORDS).count() == 5
    assert Issue.objects.filter(answer="Yes").count() == 2


def test_redacting_a_report_also_redacts_the_minutes_that_quote_it(officer):
    series = SeriesFactory()
    member = make_member(series.scheme)
    meeting = MeetingFactory(scheme=series.scheme, held=True, starts_at=days_ago(1))
    row = AttendanceFactory(
        meeting=meeting, organisation=member.venue.organisation, outcome="report", text=WORDS
    )
    release_report(row, by=officer)
    minutes = draft_minutes(meeting, by=officer)
    assert WORDS in minutes.text
    redact_report(row, text="Somebody came in", by=officer)
    minutes.refresh_from_db()
    assert WORDS not in minutes.text
    assert "The Copper Kettle: Somebody came in" in minutes.text
