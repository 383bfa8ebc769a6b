"""Calendar files and feeds, checked with a different parser from the one that wrote them."""

import re
import uuid

import pytest
import vobject
from django.utils import timezone

from partnership import calendars
from partnership.actions.attendance import invite_to_meeting
from partnership.actions.feeds import renew_feed, revoke_feed
from partnership.actions.meetings import cancel_meeting, move_meeting
from partnership.actions.partners import end_partner
from partnership.models import CalendarFeed
from tests.partnership.factories import (
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    days_ago,
    make_member,
    make_officer,
)
from venues.actions import withdraw_sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


@pytest.fixture
def chair(scheme):
    return make_officer(scheme)


@pytest.fixture
def meeting(scheme):
    return MeetingFactory(
        scheme=scheme,
        confirmed=True,
        address="Guildhall; east door, first floor\nHigh Street " + "long " * 20,
        video_link="https://video.example/secret",
    )


def parsed(content):
    calendar = vobject.readOne(content.decode())
    calendar.validate()
    return calendar


def events(client, feed):
    response = client.get(f"/calendars/{feed.key}/meetings.ics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    assert not response.cookies
    return {
        event.uid.value: event for event in getattr(parsed(response.content), "vevent_list", [])
    }


def organisation_feed(meeting, chair):
    sign_up = make_member(meeting.scheme)
    invite_to_meeting(meeting, by=chair)
    return sign_up, CalendarFeed.objects.get(organisation=sign_up.venue.organisation)


def test_an_independent_parser_reads_the_calendar_file(meeting):
    content = calendars.calendar_file(meeting)
    calendar = parsed(content)
    event = calendar.vevent
    assert calendar.method.value == "PUBLISH"
    assert event.dtstart.value == meeting.starts_at.replace(microsecond=0)
    assert event.dtend.value == meeting.ends_at.replace(microsecond=0)
    assert event.summary.value == "Social Inclusion Partnership"
    assert event.location.value == meeting.place
    assert event.organizer.value == f"mailto:{meeting.scheme.contact_email}"
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert re.search(rb"DTSTART:\d{8}T\d{6}Z", content)


def test_a_move_and_a_cancellation_keep_the_uid_and_raise_the_sequence(client, meeting, chair):
    _sign_up, feed = organisation_feed(meeting, chair)
    (uid, first), *_rest = events(client, feed).items()
    assert first.status.value == "CONFIRMED"

    moved = move_meeting(
        meeting,
        starts_at=days_ago(-40),
        minutes=60,
        venue=None,
        address="Library",
        video_link="",
        by=chair,
    )
    (second,) = events(client, feed).values()
    assert second.uid.value == uid
    assert int(second.sequence.value) > int(first.sequence.value)
    assert second.dtstamp.value >= first.dtstamp.value
    assert second.dtstart.value == moved.starts_at
    assert second.location.value == "Library"

    cancelled = cancel_meeting(meeting, by=chair)
    (third,) = events(client, feed).values()
    assert third.uid.value == uid
    assert int(third.sequence.value) > int(second.sequence.value)
    assert third.status.value == "CANCELLED"
    alone = parsed(calendars.calendar_file(cancelled))
    assert alone.method.value == "CANCEL"
    assert (alone.vevent.uid.value, alone.vevent.status.value) == (uid, "CANCELLED")


def test_a_proposed_date_is_tentative(client, scheme, meeting, chair):
    MeetingFactory(scheme=scheme, starts_at=days_ago(-120))
    MeetingFactory(starts_at=days_ago(-120))
    _sign_up, feed = organisation_feed(meeting, chair)
    found = events(client, feed).values()
    assert sorted(event.status.value for event in found) == ["CONFIRMED", "TENTATIVE"]


def test_calendars_contain_no_joining_link_names_or_email_addresses(client, meeting, chair):
    _sign_up, feed = organisation_feed(meeting, chair)
    attendance = meeting.attendances.get()
    attendance.reply, attendance.replied_at = "deputy", timezone.now()
    attendance.deputy_role, attendance.deputy_name = "Shift leader", "Jo Bloggs"
    attendance.save()
    content = client.get(f"/calendars/{feed.key}/meetings.ics").content.decode()
    for secret in ("video.example", "Jo Bloggs", "ATTENDEE", "manager@example.org", "Copper"):
        assert secret not in content.replace("\r\n ", "")
        assert secret not in calendars.calendar_file(meeting).decode().replace("\r\n ", "")


def test_a_feed_can_be_renewed_and_revoked(client, meeting, chair):
    sign_up, feed = organisation_feed(meeting, chair)
    organisation = sign_up.venue.organisation
    new = renew_feed(meeting.scheme, organisation=organisation, by=chair)
    assert client.get(f"/calendars/{feed.key}/meetings.ics").status_code == 404
    assert events(client, new)
    revoke_feed(new, by=chair)
    assert client.get(f"/calendars/{new.key}/meetings.ics").status_code == 404
    assert client.get(f"/calendars/{uuid.uuid4()}/meetings.ics").status_code == 404


def test_a_feed_ends_with_the_membership_the_seat_or_the_role(client, meeting, chair):
    sign_up, feed = organisation_feed(meeting, chair)
    partner = PartnerFactory(scheme=meeting.scheme)
    theirs = renew_feed(meeting.scheme, partner=partner, by=chair)
    own = renew_feed(meeting.scheme, officer=chair, by=chair)
    assert all(events(client, each) for each in (feed, theirs, own))

    withdraw_sign_up(sign_up, by=chair, reason="moved")
    assert client.get(f"/calendars/{feed.key}/meetings.ics").status_code == 410
    end_partner(partner, by=chair)
    assert client.get(f"/calendars/{theirs.key}/meetings.ics").status_code == 404
    chair.officer_roles.all().delete()
    assert client.get(f"/calendars/{own.key}/meetings.ics").status_code == 410


def test_a_feed_uses_a_constant_number_of_queries(
    client, meeting, chair, django_assert_num_queries
):
    _sign_up, feed = organisation_feed(meeting, chair)
    for number in range(8):
        MeetingFactory(scheme=meeting.scheme, starts_at=days_ago(-100 - number))
    with django_assert_num_queries(3):
        client.get(f"/calendars/{feed.key}/meetings.ics")
