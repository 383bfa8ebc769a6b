"""Meeting dates: proposed from the series, confirmed, moved and cancelled."""

import datetime
import itertools

import pytest
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from partnership.actions.attendance import invite_to_meeting
from partnership.actions.meetings import (
    add_meeting,
    cancel_meeting,
    confirm_meeting,
    move_meeting,
    propose_meetings,
)
from partnership.models import Meeting, Series
from partnership.rules.meetings import day_in, usual_days
from tests.partnership.factories import (
    AttendanceFactory,
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    days_ago,
    make_member,
    make_officer,
)
from venues.models import Event, Scheme

pytestmark = pytest.mark.django_db
date = datetime.date


@pytest.fixture
def series():
    return SeriesFactory(standing_items="Welcome\n* Rough sleeping\n\nAny other business")


@pytest.fixture
def chair(series):
    return make_officer(series.scheme)


@pytest.fixture
def meeting(series):
    return MeetingFactory(scheme=series.scheme, confirmed=True)


def move(meeting, by, **changes):
    given = {
        "starts_at": meeting.starts_at,
        "minutes": meeting.minutes,
        "venue": meeting.venue,
        "address": meeting.address,
        "video_link": meeting.video_link,
        **changes,
    }
    return move_meeting(meeting, by=by, **given)


@pytest.mark.parametrize(
    ("week", "weekday", "month", "expected"),
    [(1, 0, (2026, 6), 1), (2, 2, (2026, 11), 11), (5, 4, (2026, 10), 30), (5, 0, (2026, 2), 23)],
)
def test_the_usual_weekday_of_a_month(week, weekday, month, expected):
    assert day_in(Series(week=week, weekday=weekday), *month) == date(*month, expected)


def test_dates_follow_the_schemes_cadence_on_the_usual_day():
    series = Series(week=2, weekday=2, scheme=Scheme(meetings_every="quarter"))
    days = list(itertools.islice(usual_days(series, date(2026, 11, 11)), 3))
    assert days == [date(2027, 2, 10), date(2027, 5, 12), date(2027, 8, 11)]


def test_a_year_of_dates_is_proposed_with_the_usual_agenda_and_local_time(series):
    made = propose_meetings(series, on=date(2026, 11, 21))
    local = [timezone.localtime(meeting.starts_at) for meeting in made]
    assert [each.date() for each in local] == [
        date(2026, 12, 9),
        date(2027, 3, 10),
        date(2027, 6, 9),
        date(2027, 9, 8),
    ]
    # Ten o'clock local time in both winter and summer.
    assert {each.time() for each in local} == {datetime.time(10)}
    assert {meeting.state for meeting in made} == {"proposed"}
    assert [(item.title, item.is_work_stream) for item in made[0].items.all()] == [
        ("Welcome", False),
        ("Rough sleeping", True),
        ("Any other business", False),
    ]


def test_proposing_is_idempotent_and_does_not_bring_back_a_cancelled_date(series, chair):
    on = timezone.localdate()
    made = propose_meetings(series, on=on)
    cancel_meeting(made[-1], by=chair)
    assert propose_meetings(series, on=on) == []
    assert Meeting.objects.count() == len(made)


def test_only_future_dates_are_proposed_after_a_long_gap(series):
    MeetingFactory(scheme=series.scheme, held=True, starts_at=days_ago(900))
    made = propose_meetings(series, on=timezone.localdate())
    assert made
    assert all(meeting.starts_at > timezone.now() for meeting in made)


def test_a_yearly_cadence_proposes_one_date(series):
    Scheme.objects.update(meetings_every="year")
    MeetingFactory(scheme=series.scheme, held=True, starts_at=days_ago(10))
    assert len(propose_meetings(series, on=timezone.localdate())) == 1


def test_a_date_needs_an_address_or_a_video_link_to_be_confirmed(series, chair):
    meeting = MeetingFactory(scheme=series.scheme, address="")
    with pytest.raises(Refused, match="Give a place or a video link"):
        confirm_meeting(meeting, by=chair)
    meeting = move(meeting, chair, video_link="https://video.example/1")
    assert confirm_meeting(meeting, by=chair).state == "confirmed"
    with pytest.raises(Refused, match="Only a proposed date"):
        confirm_meeting(meeting, by=chair)


def test_an_extra_date_has_the_usual_place_and_must_be_free_and_in_the_future(series, chair):
    starts_at = days_ago(-9)
    meeting = add_meeting(series.scheme, starts_at=starts_at, by=chair)
    assert (meeting.address, meeting.state) == ("Guildhall, High Street", "proposed")
    with pytest.raises(Refused, match="There is a meeting at this time already"):
        add_meeting(series.scheme, starts_at=starts_at, by=chair)
    with pytest.raises(Refused, match="This time has passed"):
        add_meeting(series.scheme, starts_at=days_ago(1), by=chair)


class TestMovedAfterInvitations:
    def test_everyone_invited_is_told_with_an_updated_calendar_file(self, meeting, chair):
        make_member(meeting.scheme)
        PartnerFactory(scheme=meeting.scheme, email="police@example.org")
        PartnerFactory(scheme=meeting.scheme, email="")
        invite_to_meeting(meeting, by=chair)
        Email.objects.all().delete()

        moved = move(meeting, chair, starts_at=days_ago(-35))

        letters = Email.objects.order_by("id")
        assert [letter.to for letter in letters] == [
            ["manager@example.org"],
            ["police@example.org"],
        ]
        for letter in letters:
            assert letter.subject.startswith("Changed: Social Inclusion Partnership")
            assert "please reply again" in letter.message
            file = letter.attachments.get().file.read().decode()
            assert f"SEQUENCE:{moved.sequence}" in file
        assert moved.sequence == meeting.sequence + 1
        event = Event.objects.get(kind="partnership.meeting_moved")
        assert event.data["what"] == ["starts_at"]

    def test_a_new_time_clears_replies_but_keeps_reports(self, meeting, chair):
        coming = AttendanceFactory(
            meeting=meeting, partner=PartnerFactory(scheme=meeting.scheme), reply="coming"
        )
        report = AttendanceFactory(
            meeting=meeting, partner=PartnerFactory(scheme=meeting.scheme), reply="report", text="x"
        )
        move(meeting, chair, starts_at=days_ago(-35))
        coming.refresh_from_db()
        report.refresh_from_db()
        assert (coming.reply, report.reply, report.text) == ("", "report", "x")

    def test_a_new_place_keeps_the_replies(self, meeting, chair):
        row = AttendanceFactory(
            meeting=meeting, partner=PartnerFactory(scheme=meeting.scheme), reply="coming"
        )
        move(meeting, chair, address="Library")
        row.refresh_from_db()
        assert row.reply == "coming"

    def test_moving_to_the_same_details_changes_nothing(self, meeting, chair):
        assert move(meeting, chair).sequence == meeting.sequence
        assert not Event.objects.exists()


@pytest.mark.parametrize("held", [True, False])
def test_a_past_meeting_can_be_neither_moved_nor_cancelled(series, chair, held):
    state = {"held": True} if held else {"confirmed": True}
    meeting = MeetingFactory(scheme=series.scheme, starts_at=days_ago(2), **state)
    with pytest.raises(Refused, match="in the past"):
        move(meeting, chair, starts_at=days_ago(-5))
    with pytest.raises(Refused, match="in the past"):
        cancel_meeting(meeting, by=chair)
    meeting.refresh_from_db()
    assert meeting.sequence == 0


def test_a_meeting_cannot_move_into_the_past_or_onto_another(meeting, chair):
    other = MeetingFactory(scheme=meeting.scheme, starts_at=days_ago(-60))
    with pytest.raises(Refused, match="new time has passed"):
        move(meeting, chair, starts_at=days_ago(1))
    with pytest.raises(Refused, match="a meeting at this time already"):
        move(meeting, chair, starts_at=other.starts_at)
    with pytest.raises(Refused, match="Give a place"):
        move(meeting, chair, address=" ")


def test_cancelling_tells_everyone_and_removes_the_calendar_entry(meeting, chair):
    make_member(meeting.scheme)
    invite_to_meeting(meeting, by=chair)
    Email.objects.all().delete()
    cancelled = cancel_meeting(meeting, by=chair)
    letter = Email.objects.get()
    assert "has been cancelled" in letter.message
    file = letter.attachments.get().file.read().decode()
    assert "METHOD:CANCEL" in file
    assert "STATUS:CANCELLED" in file
    with pytest.raises(Refused, match="was cancelled"):
        cancel_meeting(cancelled, by=chair)


def test_nobody_is_told_of_changes_before_invitations_are_sent(meeting, chair):
    make_member(meeting.scheme)
    move(meeting, chair, address="Library")
    cancel_meeting(meeting, by=chair)
    assert not Email.objects.exists()
