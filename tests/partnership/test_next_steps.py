"""What a member's home page proposes: first the quarter's return, then the meeting reply."""

import datetime

import pytest
from django.utils import timezone

from partnership.next_steps import send_return
from tests.factories import SchemeFactory, SignUpFactory, UserFactory
from tests.partnership.factories import AttendanceFactory, MeetingFactory, UsageReturnFactory
from tests.partnership.returns import last_quarter
from venues.actions import mark_sticker_displayed
from venues.next_steps import next_step, standing

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def member():
    sign_up = SignUpFactory(
        approved=True,
        listed=True,
        scheme=SchemeFactory(),
        approved_at=LONG_AGO,
        venue__hours_confirmed_at=timezone.now(),
    )
    mark_sticker_displayed(sign_up.stickers.get(), by=UserFactory())
    return sign_up


def step(member):
    now = timezone.now()
    return next_step(member, standing(member, timezone.localdate(now)), now)


def test_the_last_quarters_return_is_asked_for_until_it_is_sent(member):
    quarter = last_quarter()
    assert quarter.label in step(member).words
    assert quarter.code in step(member).url
    UsageReturnFactory(sign_up=member, year=quarter.year, number=quarter.number)
    assert step(member).words == "There is nothing to do. Thank you."


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (datetime.date(2026, 10, 1), "We ask for it by 28 October 2026."),
        (datetime.date(2026, 11, 27), "It was due on 28 October 2026."),
    ],
)
def test_a_return_says_when_it_is_or_was_due(member, today, words):
    assert send_return(member, today).why == words


def test_a_venue_that_joined_this_quarter_is_not_asked(member):
    member.approved_at = timezone.now()
    assert "There is nothing to do" in step(member).words


def test_the_meeting_is_proposed_until_there_is_a_reply(member):
    quarter = last_quarter()
    UsageReturnFactory(sign_up=member, year=quarter.year, number=quarter.number)
    meeting = MeetingFactory(scheme=member.scheme, confirmed=True)
    invitation = AttendanceFactory(
        meeting=meeting, organisation=member.venue.organisation, invited_at=timezone.now()
    )
    assert "Is somebody coming?" in step(member).words
    invitation.reply = "coming"
    invitation.replied_at = timezone.now()
    invitation.save()
    assert "There is nothing to do" in step(member).words
