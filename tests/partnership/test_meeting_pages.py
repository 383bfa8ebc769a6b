"""The chair's page, the officers' lists and queues, and the manager's page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.actions.attendance import invite_to_meeting
from partnership.models import CalendarFeed, Minutes
from tests.factories import RequirementFactory
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
from venues.models import Event, Letter
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SeriesFactory().scheme


@pytest.fixture
def chair(scheme):
    return make_officer(scheme)


@pytest.fixture
def meeting(scheme):
    return MeetingFactory(scheme=scheme, confirmed=True)


@pytest.fixture
def sign_up(scheme):
    return make_member(scheme)


def page_of(meeting, more="change/"):
    return f"/admin/partnership/meeting/{meeting.pk}/{more}"


def queries(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def fill(scheme, meeting, number):
    """Add `number` members, each with history, a report, an action and an agenda item."""
    past = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(90 + number))
    for each in range(number):
        organisation = make_member(
            scheme, f"Member {number} {each}", f"m{number}-{each}@example.org"
        ).venue.organisation
        AttendanceFactory(meeting=past, organisation=organisation, outcome="missed")
        AttendanceFactory(meeting=meeting, organisation=organisation, reply="report", text="Calm.")
        action = ActionFactory(scheme=scheme, organisation=organisation, due_on=days_ago(3).date())
        meeting.items.create(order=meeting.items.count() + 1, title=f"Item {action.pk}")


def test_every_page_uses_a_constant_number_of_queries(client, scheme, meeting, chair):
    client.force_login(chair)
    series = scheme.series
    addresses = [
        page_of(meeting),
        f"/admin/partnership/series/{series.pk}/change/",
        "/admin/partnership/meeting/",
        "/admin/partnership/action/",
        "/admin/partnership/attendance/",
        "/admin/partnership/partner/",
        "/admin/",
    ]
    PartnerFactory(scheme=scheme)
    fill(scheme, meeting, 3)
    for address in addresses:
        client.get(address)  # warm the per-process caches
    few = [queries(client, address) for address in addresses]
    for _each in range(4):
        PartnerFactory(scheme=scheme)
    fill(scheme, meeting, 6)
    assert [queries(client, address) for address in addresses] == few


@pytest.mark.parametrize(
    ("role", "press", "status"),
    [
        ("viewer", "confirm/", 403),
        ("trainer", "items/add/", 403),
        ("officer", "minutes/approve/", 403),
        ("chair", "invite/", 302),
        ("administrator", "cancel/", 302),
    ],
)
def test_only_chairs_and_administrators_decide_about_a_meeting(
    client, scheme, meeting, role, press, status
):
    client.force_login(make_officer(scheme, role))
    assert client.get(page_of(meeting)).status_code == 200
    only_asks = client.get(page_of(meeting, press)).status_code
    assert only_asks == (403 if status == 403 else 200)
    assert client.post(page_of(meeting, press)).status_code == status


def test_another_council_gets_404(client, meeting):
    client.force_login(make_officer(SeriesFactory().scheme, "administrator"))
    for more in ("change/", "register/", "minutes/", "minutes.pdf", "meeting.ics"):
        assert client.get(page_of(meeting, more)).status_code == 404
    for more in ("confirm/", "move/", "cancel/", "items/add/", "register/save/", "agree/"):
        assert client.post(page_of(meeting, more)).status_code == 404


def test_a_chair_sets_up_a_series_in_their_own_scheme_only(client, chair, scheme):
    scheme.series.delete()
    other = make_officer(SeriesFactory().scheme).officer_roles.get().scheme
    other.series.delete()
    client.force_login(chair)
    form = {
        "name": "Partnership", "week": 2, "weekday": 2, "starts": "10:00",
        "minutes": 90, "address": "Guildhall", "video_link": "", "standing_items": "",
        "invite_days": 28, "remind_days": 7, "report_counts": "on",
    }  # fmt: skip
    page = client.post("/admin/partnership/series/add/", {**form, "scheme": other.pk})
    assert "Select a valid choice" in page.content.decode()
    client.post("/admin/partnership/series/add/", {**form, "scheme": scheme.pk})
    scheme.refresh_from_db()
    assert scheme.series.name == "Partnership"
    assert Event.objects.filter(kind="partnership.series_changed", scheme=scheme).exists()
    client.post(f"/admin/partnership/series/{scheme.series.pk}/propose/")
    assert scheme.meetings.count() >= 4


def test_the_chair_moves_a_meeting_and_invalid_input_is_refused(client, meeting, chair):
    client.force_login(chair)
    given = {"starts_at": "2031-02-05T14:30", "minutes": 60, "address": "Library"}
    client.post(page_of(meeting, "move/"), given)
    meeting.refresh_from_db()
    assert timezone.localtime(meeting.starts_at).hour == 14
    for changes, words in (
        ({"starts_at": "someday"}, "Enter a valid date"),
        ({"starts_at": "2020-01-01T10:00"}, "new time has passed"),
        ({"minutes": -5}, "greater than or equal"),
        ({"video_link": "javascript:alert(1)"}, "valid URL"),
    ):
        page = client.post(page_of(meeting, "move/"), {**given, **changes}, follow=True)
        assert words in page.content.decode(), words
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.minutes) == (1, 60)


def test_the_chair_adds_reorders_edits_and_removes_agenda_items(client, meeting, chair):
    client.force_login(chair)
    for title in ("One", "Two", "Three"):
        client.post(page_of(meeting, "items/add/"), {"title": title})
    two = meeting.items.get(title="Two")
    client.post(page_of(meeting, f"items/{two.pk}/up/"))
    client.post(page_of(meeting, f"items/{two.pk}/up/"))
    client.post(
        page_of(meeting, f"items/{two.pk}/change/"),
        {"title": "Second", "is_work_stream": "on"},
    )
    client.post(page_of(meeting, f"items/{meeting.items.get(title='One').pk}/remove/"))
    assert [item.title for item in meeting.items.all()] == ["Second", "Three"]
    assert meeting.items.first().is_work_stream


def test_the_attendance_csv_escapes_formulas(client, scheme, chair):
    AttendanceFactory(
        meeting=MeetingFactory(scheme=scheme, held=True), visitor="=cmd()", outcome="present"
    )
    client.force_login(chair)
    csv = client.get("/admin/partnership/attendance/export/").content.decode()
    assert "'=cmd()" in csv


def test_each_queue_row_says_why_it_is_waiting(scheme, meeting, chair, sign_up):
    organisation = sign_up.venue.organisation
    for ago in (100, 10):
        held = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(ago))
        AttendanceFactory(meeting=held, organisation=organisation, outcome="missed")
    Minutes.objects.create(meeting=held, text="x", drafted_by=chair)
    MeetingFactory(scheme=scheme, starts_at=days_ago(-35))
    MeetingFactory(scheme=scheme, starts_at=days_ago(-200))
    MeetingFactory(scheme=scheme, confirmed=True, starts_at=days_ago(1))
    AttendanceFactory(meeting=meeting, organisation=organisation, reply="report", text="Calm.")
    ActionFactory(scheme=scheme, officer=chair, due_on=days_ago(2).date())
    AttendanceFactory(meeting=MeetingFactory(confirmed=True), visitor="X", reply="report", text="y")

    now = timezone.now()
    found = {queue.key: queue.rows for queue in work_queue(chair, now)}
    assert [row.title for row in found["missed_twice"]] == ["The Copper Kettle"]
    assert {row.rule.split(":")[0] for row in found["meetings"]} == {
        "The date waits to be confirmed",
        "It has begun",
        "Its minutes are not approved.",
    }
    assert [row.title for row in found["meeting_reports"]] == ["The Copper Kettle"]
    (late,) = found["overdue_actions"]
    assert (late.due, late.owner) == (days_ago(2).date(), str(chair))


class TestPortal:
    def test_a_manager_replies_and_is_offered_a_call_after_two_missed_meetings(
        self, client, scheme, meeting, sign_up, chair
    ):
        RequirementFactory(
            principle__scheme=scheme, evidence="meeting_attendance", needed_for="standing",
            at_least=1, of_last=2,
        )  # fmt: skip
        for ago in (100, 10):
            held = MeetingFactory(scheme=scheme, held=True, starts_at=days_ago(ago))
            AttendanceFactory(
                meeting=held, organisation=sign_up.venue.organisation, outcome="missed"
            )
        invite_to_meeting(meeting, by=chair)
        manager = sign_up.venue.organisation.memberships.get().user
        client.force_login(manager)
        home = client.get(f"/portal/{sign_up.pk}/").content.decode()
        assert f"/portal/{sign_up.pk}/meetings/" in home
        page = client.get(f"/portal/{sign_up.pk}/meetings/").content.decode()
        assert "You missed two meetings. Shall we call?" in page
        assert "1 of every 2 meetings" in page
        for word in ("evidence", "outstanding", "standing"):
            assert word not in page
        row = meeting.attendances.get()
        client.post(f"/portal/{sign_up.pk}/meetings/{row.pk}/reply/", {"reply": "coming"})
        row.refresh_from_db()
        assert row.reply == "coming"
        assert Event.objects.get(kind="partnership.replied").by == manager

    def test_the_calendar_feed_is_created_renewed_and_revoked(self, client, scheme, sign_up):
        client.force_login(sign_up.venue.organisation.memberships.get().user)
        base = f"/portal/{sign_up.pk}/meetings/"
        keys = set()
        for _time in range(2):
            client.post(f"{base}calendar/new/")
            keys.add(CalendarFeed.objects.live().get().key)
        assert len(keys) == 2
        assert str(CalendarFeed.objects.live().get().key) in client.get(base).content.decode()
        client.post(f"{base}calendar/end/")
        assert not CalendarFeed.objects.live().exists()
        assert client.post(f"{base}calendar/end/").status_code == 404

    def test_another_organisations_invitation_and_action_return_404(
        self, client, scheme, meeting, sign_up
    ):
        other = make_member(scheme, "Other", "other@example.org").venue.organisation
        row = AttendanceFactory(meeting=meeting, organisation=other)
        action = ActionFactory(scheme=scheme, organisation=other)
        client.force_login(sign_up.venue.organisation.memberships.get().user)
        base = f"/portal/{sign_up.pk}/meetings/"
        assert client.post(f"{base}{row.pk}/reply/", {"reply": "coming"}).status_code == 404
        assert client.post(f"{base}actions/{action.pk}/done/").status_code == 404


def test_the_chair_is_told_who_has_no_address_and_so_got_no_letter(client, scheme, meeting, chair):
    make_member(scheme)
    PartnerFactory(scheme=scheme, email="")
    client.force_login(chair)
    page = client.post(page_of(meeting, "invite/"), follow=True).content.decode()
    assert "2 are invited." in page
    assert "The letter is on its way." in page
    assert "There is no e-mail address: no letter was sent." in page
    posted = Letter.objects.get(recipients=0)
    assert f"/admin/venues/letter/{posted.pk}/change/" in page
