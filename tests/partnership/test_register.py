"""Attendance at the door, and the register once closed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.refusals import Refused
from partnership.actions.attendance import (
    Tick,
    add_walk_in,
    close_register,
    note_call,
    take_attendance,
)
from partnership.models import Attendance
from partnership.rules.meetings import grid, missed_twice
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
TODAY = days_ago(0).date()


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


@pytest.fixture
def chair(scheme):
    return make_officer(scheme)


@pytest.fixture
def meeting(scheme):
    return MeetingFactory(scheme=scheme, confirmed=True, starts_at=days_ago(0, hour=0))


def row_of(meeting, name, **more):
    sign_up = make_member(meeting.scheme, name=name, email=f"{name.lower()}@example.org")
    return AttendanceFactory(meeting=meeting, organisation=sign_up.venue.organisation, **more)


def outcome(row):
    row.refresh_from_db()
    return row.outcome


def test_closing_gives_every_invitee_an_outcome(meeting, chair):
    came, report, sorry, silent, late = (
        row_of(meeting, "Came"),
        row_of(meeting, "Report", reply="report", text="All well."),
        row_of(meeting, "Sorry", reply="apologies"),
        row_of(meeting, "Silent"),
        row_of(meeting, "Late", reply="coming"),
    )
    take_attendance(meeting, [Tick(came.pk, "", "present")], by=chair)
    held = close_register(meeting, by=chair)
    assert (held.state, held.held_by) == ("held", chair)
    rows = (came, report, sorry, silent, late)
    assert [outcome(row) for row in rows] == ["present", "report", "apologies", "missed", "missed"]
    assert close_register(meeting, by=chair).held_at == held.held_at


def test_an_organisation_that_has_left_is_not_marked_as_missed(meeting, chair):
    gone = row_of(meeting, "Gone")
    came = row_of(meeting, "Came")
    withdraw_sign_up(gone.organisation.venues.get().sign_ups.get(), by=chair, reason="moved")
    take_attendance(meeting, [Tick(came.pk, "", "online")], by=chair)
    close_register(meeting, by=chair)
    assert outcome(gone) == ""


def test_resent_forms_and_a_second_phone_do_not_undo_each_other(meeting, chair):
    one, two = row_of(meeting, "One"), row_of(meeting, "Two")
    first_phone = [Tick(one.pk, "", "present"), Tick(two.pk, "", "")]
    second_phone = [Tick(one.pk, "", ""), Tick(two.pk, "", "deputy")]
    assert take_attendance(meeting, first_phone, by=chair) == 1
    assert take_attendance(meeting, second_phone, by=chair) == 1
    assert take_attendance(meeting, first_phone, by=chair) == 0
    assert [outcome(one), outcome(two)] == ["present", "deputy"]
    assert take_attendance(meeting, [Tick(one.pk, "present", "")], by=chair) == 1
    assert outcome(one) == ""


def test_a_correction_after_closing_is_recorded_as_an_event(meeting, chair):
    one, two = row_of(meeting, "One"), row_of(meeting, "Two")
    take_attendance(meeting, [Tick(one.pk, "", "present")], by=chair)
    close_register(meeting, by=chair)
    take_attendance(meeting, [Tick(two.pk, "missed", "report")], by=chair)
    assert outcome(two) == "report"
    event = Event.objects.get(kind="partnership.attendance_corrected")
    assert (event.organisation, event.by) == (two.organisation, chair)
    assert (event.data["before"], event.data["after"]) == ("missed", "report")


def test_nobody_can_be_marked_missed_before_the_register_is_closed(meeting, chair):
    one = row_of(meeting, "One")
    with pytest.raises(Refused, match="Choose how each was there"):
        take_attendance(meeting, [Tick(one.pk, "", "missed")], by=chair)
    assert outcome(one) == ""


def test_the_register_opens_two_hours_before_a_confirmed_meeting(scheme, chair):
    meeting = MeetingFactory(scheme=scheme, confirmed=True)
    with pytest.raises(Refused, match="has not begun"):
        take_attendance(meeting, [], by=chair)
    with pytest.raises(Refused, match="never confirmed"):
        close_register(MeetingFactory(scheme=scheme, starts_at=days_ago(1)), by=chair)


def test_an_empty_register_cannot_be_closed(meeting, chair):
    row_of(meeting, "One")
    with pytest.raises(Refused, match="Nobody is ticked"):
        close_register(meeting, by=chair)


def test_an_attendance_of_another_meeting_is_ignored(meeting, chair):
    other = AttendanceFactory(
        meeting=MeetingFactory(confirmed=True), partner=PartnerFactory(), outcome=""
    )
    assert take_attendance(meeting, [Tick(other.pk, "", "present")], by=chair) == 0
    assert outcome(other) == ""


class TestWalkIns:
    def test_members_partners_and_visitors_can_walk_in(self, meeting, chair):
        member = make_member(meeting.scheme, name="New")
        partner = PartnerFactory(scheme=meeting.scheme)
        add_walk_in(meeting, organisation=member.venue.organisation, by=chair)
        add_walk_in(meeting, partner=partner, by=chair)
        for _twice in range(2):
            add_walk_in(meeting, visitor="Night bus company, driver", by=chair)
        assert meeting.attendances.came().count() == 3
        assert meeting.attendances.get(partner=partner).invited_at is None

    @pytest.mark.parametrize(
        ("visitor", "words"), [(" ", "Say who came"), ("sam@example.org", "a role")]
    )
    def test_an_empty_or_identifying_visitor_is_refused(self, meeting, chair, visitor, words):
        with pytest.raises(Refused, match=words):
            add_walk_in(meeting, visitor=visitor, by=chair)


class TestTheDoorPage:
    def page(self, meeting, more=""):
        return f"/admin/partnership/meeting/{meeting.pk}/register/{more}"

    def test_one_press_saves_ticks_and_closes_the_register(self, client, meeting, chair):
        here, away = row_of(meeting, "Here", reply="deputy"), row_of(meeting, "Away")
        client.force_login(chair)
        page = client.get(self.page(meeting)).content.decode()
        assert '<option value="deputy" selected>' in page
        sent = {
            "row": [here.pk, away.pk],
            f"was_{here.pk}": "",
            f"here_{here.pk}": "1",
            f"how_{here.pk}": "deputy",
            f"was_{away.pk}": "",
            f"how_{away.pk}": "present",
            "close": "1",
        }
        client.post(self.page(meeting, "save/"), sent)
        assert [outcome(here), outcome(away)] == ["deputy", "missed"]
        assert "Correct the register" in client.get(self.page(meeting)).content.decode()
        client.post(
            self.page(meeting, "save/"),
            {"row": away.pk, f"was_{away.pk}": "missed", f"outcome_{away.pk}": "apologies"},
        )
        assert outcome(away) == "apologies"

    def test_an_unknown_outcome_is_refused(self, client, meeting, chair):
        row = row_of(meeting, "One")
        client.force_login(chair)
        sent = {"row": ["x", row.pk], f"here_{row.pk}": "1", f"how_{row.pk}": "flew"}
        page = client.post(self.page(meeting, "save/"), sent, follow=True).content.decode()
        assert "Choose how each was there" in page
        assert outcome(row) == ""

    @pytest.mark.parametrize(
        ("role", "status"), [("viewer", 403), ("trainer", 403), ("officer", 200)]
    )
    def test_only_roles_with_the_permission_see_the_register(self, client, meeting, role, status):
        client.force_login(make_officer(meeting.scheme, role))
        assert client.get(self.page(meeting)).status_code == status

    def test_the_register_uses_a_constant_number_of_queries(self, client, meeting, chair):
        client.force_login(chair)
        row_of(meeting, "First")
        with CaptureQueriesContext(connection) as few:
            client.get(self.page(meeting))
        for number in range(12):
            row_of(meeting, f"Member{number}")
        with CaptureQueriesContext(connection) as many:
            client.get(self.page(meeting))
        assert len(many) == len(few)


class TestMissedTwice:
    def hold(self, scheme, ago, **outcomes):
        meeting = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(ago))
        for name, value in outcomes.items():
            AttendanceFactory(meeting=meeting, organisation=getattr(self, name), outcome=value)
        return meeting

    def test_only_two_consecutive_silent_absences_count_as_missed_twice(self, scheme, chair):
        for name in ("silent", "sorry", "back"):
            sign_up = make_member(scheme, name=name, email=f"{name}@example.org")
            setattr(self, name, sign_up.venue.organisation)
        self.hold(scheme, 200, silent="present", sorry="missed", back="missed")
        first = self.hold(scheme, 100, silent="missed", sorry="apologies", back="missed")
        assert missed_twice([scheme], TODAY)[0].organisation == self.back
        last = self.hold(scheme, 10, silent="missed", sorry="missed", back="deputy")
        (row,) = missed_twice([scheme], TODAY)
        assert (row.organisation, row.meeting) == (self.silent, last)
        rows = {line.who: line for line in grid([first, last])}
        assert [rows[who].to_call for who in (self.silent, self.sorry, self.back)] == [
            True,
            False,
            False,
        ]
        note_call(row, by=chair)
        assert Attendance.objects.get(pk=row.pk).called_by == chair
        with pytest.raises(Refused, match="noted already"):
            note_call(row, by=chair)
