"""Replying by the letter's link: one press, no login, no personal names on the page."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from partnership.actions.attendance import invite_to_meeting, redact_report, release_report
from partnership.actions.meetings import cancel_meeting
from partnership.actions.partners import end_partner
from partnership.links.meetings import ON_A_PAGE, rsvp_token
from partnership.models import Attendance, UsageReturn
from partnership.periods import QUARTER, Period
from tests.factories import SignUpFactory, VenueFactory
from tests.partnership.factories import (
    AttendanceFactory,
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    days_ago,
    make_member,
    make_officer,
)
from venues.actions import withdraw_sign_up
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


@pytest.fixture
def chair(scheme):
    return make_officer(scheme)


@pytest.fixture
def sign_up(scheme):
    return make_member(scheme)


@pytest.fixture
def meeting(scheme):
    return MeetingFactory(scheme=scheme, confirmed=True, video_link="https://video.example/secret")


@pytest.fixture
def invitation(meeting, sign_up, chair):
    invite_to_meeting(meeting, by=chair)
    return Attendance.objects.get(organisation=sign_up.venue.organisation)


def address(invitation, more=""):
    return f"/meetings/{rsvp_token(invitation)}/{more}"


def answer(client, invitation, **data):
    return client.post(address(invitation, "reply/"), data)


def test_each_organisation_and_partner_is_invited_once(scheme, meeting, sign_up, chair):
    SignUpFactory(
        scheme=scheme,
        approved=True,
        venue=VenueFactory(organisation=sign_up.venue.organisation, lead_scheme=scheme),
    )
    SignUpFactory(scheme=scheme, submitted=True)
    SignUpFactory(approved=True)
    PartnerFactory(scheme=scheme, email="")
    assert invite_to_meeting(meeting, by=chair) == 2
    assert invite_to_meeting(meeting, by=chair) == 0
    letter = Email.objects.get()
    assert letter.to == ["manager@example.org"]
    assert [file.name for file in letter.attachments.all()] == ["meeting.ics"]
    assert "video.example" not in letter.message


def test_the_letters_link_takes_a_reply_without_logging_in(client, invitation):
    letter = Email.objects.get()
    link = next(line for line in letter.message.split("\n") if line.startswith("http"))
    page = client.get(link.split("8000", 1)[-1])
    assert "Are you coming?" in page.content.decode()
    assert not page.cookies.get("sessionid")
    response = answer(client, invitation, reply="coming")
    assert response.status_code == 302
    invitation.refresh_from_db()
    assert invitation.reply == "coming"
    event = Event.objects.get(kind="partnership.replied")
    assert event.by is None
    assert event.data == {"attendance": invitation.pk, "reply": "coming"}


def test_a_reply_can_be_changed_until_the_meeting_starts(client, invitation):
    for reply in ("coming", "apologies", "deputy"):
        answer(client, invitation, reply=reply)
    invitation.refresh_from_db()
    assert invitation.reply == "deputy"
    meeting = invitation.meeting
    meeting.starts_at = timezone.now() - datetime.timedelta(minutes=5)
    meeting.save()
    assert "replies are closed" in answer(client, invitation, reply="coming").content.decode()
    invitation.refresh_from_db()
    assert invitation.reply == "deputy"


def test_a_deputys_name_is_shown_to_officers_only(client, invitation, chair):
    answer(client, invitation, reply="deputy", deputy_role="Shift leader", deputy_name="Jo Bloggs")
    page = client.get(address(invitation)).content.decode()
    assert "Jo Bloggs" not in page
    client.force_login(chair)
    officers = f"/admin/partnership/meeting/{invitation.meeting_id}/change/"
    assert "Jo Bloggs" in client.get(officers).content.decode()
    answer(client, invitation, reply="apologies")
    invitation.refresh_from_db()
    assert (invitation.deputy_role, invitation.deputy_name) == ("", "")


class TestReport:
    def test_a_report_is_held_until_an_officer_reads_it(self, client, invitation, chair):
        answer(client, invitation, reply="report", text="Busy nights, calm days.")
        invitation.refresh_from_db()
        assert invitation.is_held
        assert "Busy nights" not in client.get(address(invitation)).content.decode()
        assert not any("Busy nights" in letter.message for letter in Email.objects.all())
        assert release_report(invitation, by=chair).readable_text == "Busy nights, calm days."

    def test_redacting_keeps_no_copy_of_the_original(self, client, invitation, chair):
        answer(client, invitation, reply="report", text="Ask about the man in the red coat.")
        redact_report(invitation, text="Ask us (taken out).", by=chair)
        invitation.refresh_from_db()
        assert invitation.text == "Ask us (taken out)."
        assert "red coat" not in str(list(Event.objects.values_list("data", flat=True)))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Write to sam@example.org", "e-mail address"),
            ("Ring 01962 840 222", "telephone number"),
            ("He was born 12/03/1990", "date of birth"),
            ("x" * 601, "600"),
            ("", "Write a sentence or two"),
        ],
    )
    def test_an_invalid_report_is_refused_and_nothing_is_saved(
        self, client, invitation, text, words
    ):
        page = answer(client, invitation, reply="report", text=text)
        assert words in page.content.decode()
        invitation.refresh_from_db()
        assert (invitation.reply, invitation.text) == ("", "")

    def test_a_report_typed_with_another_answer_is_questioned(self, client, invitation):
        page = answer(client, invitation, reply="coming", text="All well.")
        assert "You wrote a report" in page.content.decode()
        assert "All well." in page.content.decode()

    def test_a_sent_return_counts_as_the_report(self, client, invitation, sign_up):
        UsageReturn.objects.create(
            sign_up=sign_up, year=2026, number=3, people=0, way="link", sent_at=days_ago(1)
        )
        assert "We have your return" in client.get(address(invitation)).content.decode()
        answer(client, invitation, reply="report")
        invitation.refresh_from_db()
        assert invitation.reply == "report"

    def test_an_empty_box_keeps_the_earlier_report(self, client, invitation):
        answer(client, invitation, reply="report", text="All well.")
        answer(client, invitation, reply="report", text="")
        invitation.refresh_from_db()
        assert invitation.text == "All well."
        answer(client, invitation, reply="coming")
        invitation.refresh_from_db()
        assert invitation.text == ""


@pytest.mark.parametrize("reply", ["", "maybe"])
def test_an_unknown_reply_is_refused(client, invitation, reply):
    page = answer(client, invitation, reply=reply)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_an_old_meetings_link_points_to_the_next_meeting(client, scheme, invitation, sign_up):
    before = MeetingFactory(scheme=scheme, held=True)
    old = AttendanceFactory(
        meeting=before, organisation=sign_up.venue.organisation, outcome="present"
    )
    page = client.get(address(old)).content.decode()
    assert "is over" in page
    assert "The next meeting is on" in page
    assert "Send our reply" not in page


def test_an_organisation_that_left_is_told_so_and_sees_nothing_else(
    client, invitation, sign_up, chair, meeting
):
    withdraw_sign_up(sign_up, by=chair, reason="moved")
    page = client.get(address(invitation)).content.decode()
    assert "is not in the partnership any more" in page
    for secret in ("video.example", "Guildhall", "calendars/"):
        assert secret not in page
    assert "not in the partnership" in answer(client, invitation, reply="coming").content.decode()
    invitation.refresh_from_db()
    assert invitation.reply == ""


def test_a_departed_partners_link_is_refused(client, meeting, scheme, chair):
    partner = PartnerFactory(scheme=scheme)
    invite_to_meeting(meeting, by=chair)
    token = rsvp_token(partner.attendances.get())
    end_partner(partner, by=chair)
    page = client.get(f"/meetings/{token}/")
    assert page.status_code == 403
    assert "taken back" in page.content.decode()


def test_a_forwarded_link_reveals_only_whom_it_is_for(client, invitation):
    page = client.get(address(invitation)).content.decode()
    assert "This page is for The Copper Kettle" in page
    for secret in ("manager@example.org", "Sam", "sam@example.org"):
        assert secret not in page


def test_a_cancelled_meeting_takes_no_reply(client, invitation, chair):
    cancel_meeting(invitation.meeting, by=chair)
    page = client.get(address(invitation)).content.decode()
    assert "This meeting is cancelled" in page
    assert "Send our reply" not in page


@pytest.mark.parametrize("broken", ["nonsense", "abc:def"])
def test_a_broken_link_gets_a_clear_403(client, broken):
    page = client.get(f"/meetings/{broken}/")
    assert page.status_code == 403
    assert "This link is not" in page.content.decode()


def test_the_joining_link_is_hidden_once_the_meeting_is_over(client, invitation):
    assert "video.example" in client.get(address(invitation)).content.decode()
    invitation.meeting.starts_at = days_ago(1)
    invitation.meeting.save()
    assert "video.example" not in client.get(address(invitation)).content.decode()


def test_the_quarters_page_links_to_the_reply(client, invitation, sign_up):
    client.force_login(sign_up.venue.organisation.memberships.get().user)
    quarter = Period.containing(QUARTER, timezone.localdate()).previous
    page = client.get(f"/portal/returns/{sign_up.pk}/{quarter.code}/").content.decode()
    assert "Reply to the invitation" in page
    assert f"/meetings/{rsvp_token(invitation, lasts=ON_A_PAGE).split(':')[0]}" in page
    answer(client, invitation, reply="coming")
    page = client.get(f"/portal/returns/{sign_up.pk}/{quarter.code}/").content.decode()
    assert "Your reply: We are coming." in page
