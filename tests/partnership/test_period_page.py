"""One link for the period: the return, the hours and the reply to the next meeting."""

import pytest

from partnership.models import Attendance
from tests.partnership.factories import AttendanceFactory, MeetingFactory, SeriesFactory
from tests.partnership.returns import a_member, link

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up():
    sign_up = a_member()
    SeriesFactory(scheme=sign_up.scheme)
    return sign_up


@pytest.fixture
def invitation(sign_up):
    meeting = MeetingFactory(scheme=sign_up.scheme, confirmed=True)
    return AttendanceFactory(meeting=meeting, organisation=sign_up.venue.organisation)


def test_without_a_meeting_no_reply_is_asked_for(client, sign_up):
    assert "Reply to the invitation" not in client.get(link(sign_up)).content.decode()


def test_return_hours_and_reply_are_done_from_one_link_without_logging_in(
    client, sign_up, invitation
):
    page = client.get(link(sign_up))
    text = page.content.decode()
    for words in ("0 this quarter", "Yes, the hours are right", "Reply to the invitation"):
        assert words in text
    client.post(link(sign_up, "nil/"), {"version": "0"})
    client.post(link(sign_up, "hours/"), {"version": "0"})
    client.post(page.context["card"].url + "reply/", {"reply": Attendance.Reply.COMING})
    invitation.refresh_from_db()
    assert invitation.reply == Attendance.Reply.COMING
    assert sign_up.usage_returns.get().is_nil
    text = client.get(link(sign_up)).content.decode()
    assert "Your reply: We are coming." in text
    assert "You said on" in text


def test_a_link_from_an_earlier_letter_still_works_and_keeps_what_is_sent(client, sign_up):
    former = link(sign_up).replace("/returns/", "/quarter/")
    page = client.get(former, follow=True)
    assert page.redirect_chain == [(link(sign_up), 308)]
    assert "0 this quarter" in page.content.decode()
    client.post(f"{former}nil/", {"version": "0"}, follow=True)
    assert sign_up.usage_returns.get().is_nil
