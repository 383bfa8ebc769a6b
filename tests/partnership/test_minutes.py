"""Minutes: drafted from the records, edited, approved and sent round as a link."""

import pytest
from post_office.models import Email

from common.refusals import Refused
from partnership.actions.agreed import agree_action
from partnership.actions.attendance import release_report
from partnership.actions.minutes import (
    approve_minutes,
    change_minutes,
    draft_minutes,
    reopen_minutes,
)
from partnership.links.meetings import rsvp_token
from partnership.minutes import minutes_pdf
from partnership.models import AgendaItem
from tests.partnership.factories import (
    ActionFactory,
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


@pytest.fixture
def chair(scheme):
    return make_officer(scheme)


@pytest.fixture
def meeting(scheme, chair):
    meeting = MeetingFactory(scheme=scheme, held=True)
    AgendaItem.objects.create(
        meeting=meeting, order=1, title="Rough sleeping", is_work_stream=True, led_by="Outreach"
    )
    AttendanceFactory(
        meeting=meeting,
        organisation=make_member(scheme).venue.organisation,
        outcome="deputy",
        deputy_role="Shift leader",
        deputy_name="Jo Bloggs",
    )
    AttendanceFactory(
        meeting=meeting,
        partner=PartnerFactory(scheme=scheme, role="Adviser", email="ca@example.org"),
        outcome="apologies",
    )
    AttendanceFactory(
        meeting=meeting,
        organisation=make_member(scheme, "Library", "lib@example.org").venue.organisation,
        outcome="report",
        reply="report",
        text="Warm and well used.",
    )
    AttendanceFactory(meeting=meeting, visitor="Night bus company, driver", outcome="present")
    return meeting


def test_the_draft_lists_the_facts_without_names_or_addresses(scheme, meeting, chair):
    old = ActionFactory(scheme=scheme, partner=PartnerFactory(scheme=scheme), what="Print maps")
    type(old).objects.update(agreed_at=days_ago(60))
    agree_action(
        scheme,
        meeting=meeting,
        what="Ask for posters",
        due_on=days_ago(-9).date(),
        officer=chair,
        by=chair,
    )
    text = draft_minutes(meeting, by=chair).text
    for words in (
        "# Social Inclusion Partnership",
        "- The Copper Kettle (deputy: Shift leader)",
        "- Night bus company, driver",
        "- Citizens Advice: Adviser",
        "- Library\n",
        "### 1. Rough sleeping (work stream)",
        "Led by: Outreach.",
        "- Print maps. Citizens Advice",
        "- Ask for posters. Example Council, due",
    ):
        assert words in text, text
    for secret in ("Jo Bloggs", "@", "Warm and well used"):
        assert secret not in text


def test_a_report_is_quoted_once_an_officer_has_released_it(meeting, chair):
    release_report(meeting.attendances.get(outcome="report"), by=chair)
    assert "- Library: Warm and well used." in draft_minutes(meeting, by=chair).text


def test_user_text_is_escaped_in_the_minutes(meeting, chair, client):
    AgendaItem.objects.create(meeting=meeting, order=2, title="<script>alert(1)</script>")
    minutes = approve_minutes(draft_minutes(meeting, by=chair), by=chair)
    row = meeting.attendances.get(outcome="deputy")
    page = client.get(f"/meetings/{rsvp_token(row)}/").content.decode()
    assert "<script>alert" not in page
    assert minutes_pdf(minutes.meeting).startswith(b"%PDF")


def test_approved_minutes_are_sent_round_as_a_link(client, meeting, chair):
    minutes = draft_minutes(meeting, by=chair)
    change_minutes(minutes, text=minutes.text + "\nThe bus shelter is mended.", by=chair)
    row = meeting.attendances.get(outcome="deputy")
    address = f"/meetings/{rsvp_token(row)}/"
    assert "bus shelter" not in client.get(address).content.decode()

    approve_minutes(minutes, by=chair)

    letters = list(Email.objects.all())
    assert sorted(letter.to[0] for letter in letters) == [
        "ca@example.org",
        "lib@example.org",
        "manager@example.org",
    ]
    assert all("bus shelter" not in letter.message for letter in letters)
    assert "bus shelter" in client.get(address).content.decode()
    pdf = client.get(f"{address}minutes.pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")

    reopen_minutes(minutes, by=chair)
    assert "bus shelter" not in client.get(address).content.decode()
    assert client.get(f"{address}minutes.pdf").status_code == 302


def test_empty_discussion_items_are_left_out_on_approval(meeting, chair):
    AgendaItem.objects.create(meeting=meeting, order=2, title="Night-time economy")
    minutes = draft_minutes(meeting, by=chair)
    asked = "What was said:"
    assert minutes.text.count(asked) == 2
    head, first, second = minutes.text.split(asked)
    text = f"{head}{asked} Twelve beds.{first}{asked}{second}"
    minutes = change_minutes(minutes, text=text, by=chair)
    text = approve_minutes(minutes, by=chair).text
    assert f"{asked} Twelve beds." in text
    assert text.count(asked) == 1
    assert "Night-time economy\n\n## " in text
    assert text.endswith(second.lstrip())


def test_approved_minutes_are_read_only_until_reopened(meeting, chair):
    minutes = approve_minutes(draft_minutes(meeting, by=chair), by=chair)
    for act in (
        lambda: change_minutes(minutes, text="Other", by=chair),
        lambda: draft_minutes(meeting, by=chair),
        lambda: approve_minutes(minutes, by=chair),
    ):
        with pytest.raises(Refused, match="are approved"):
            act()
    reopened = reopen_minutes(minutes, by=chair)
    with pytest.raises(Refused, match="are a draft"):
        reopen_minutes(reopened, by=chair)


@pytest.mark.parametrize(
    ("text", "words"), [("Write to sam@example.org", "sam@example.org"), (" \n", "are empty")]
)
def test_an_email_address_or_empty_minutes_are_refused(meeting, chair, text, words):
    minutes = draft_minutes(meeting, by=chair)
    with pytest.raises(Refused, match=words):
        change_minutes(minutes, text=text, by=chair)
    minutes.refresh_from_db()
    assert "Rough sleeping" in minutes.text


def test_minutes_cannot_be_drafted_before_the_register_is_closed(scheme, chair):
    with pytest.raises(Refused, match="Close the register first"):
        draft_minutes(MeetingFactory(scheme=scheme, confirmed=True), by=chair)
