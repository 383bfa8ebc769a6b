"""Each retention period is defined once, kept to the day, and stated on the pages."""

import ast
import datetime
import re
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from post_office.models import Email

from accounts.models import FormerAddress
from common import retention
from common.durations import in_words
from common.retention import Period, with_periods
from partnership.models import Attendance, Issue, Progress
from safespaces.duties import DUTIES
from tests.factories import (
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
    VenueFactory,
)
from tests.house.test_layers import SOURCES
from tests.partnership.factories import (
    AttendanceFactory,
    IssueFactory,
    MeetingFactory,
    UsageReturnFactory,
)
from tests.training.session_factories import GuestFactory, InterestFactory, SeatRequestFactory
from training.models import Booking, Interest, SeatRequest
from venues import letters
from venues.actions import ask_to_be_rung
from venues.models import (
    DutyLink,
    Enquiry,
    Event,
    Import,
    Letter,
    OrganisationAgreement,
    OrganisationSignUp,
    Post,
    PrintRun,
    SignUp,
    StaffMember,
    Start,
    Venue,
    Waiting,
)

ROOT = Path(settings.BASE_DIR)
ROWS = {row.key: row for row in retention.rows()}
MAKERS = {}


def local(day, time):
    return timezone.make_aware(datetime.datetime.combine(day, time))


def makes(key):
    """Register how to create an object of a row at a moment; returns whether it still exists."""

    def register(make):
        MAKERS[key] = make
        return make

    return register


@makes("former_addresses")
def _former_address(when):
    made = FormerAddress.objects.create(user=UserFactory(), email="old@example.org")
    FormerAddress.objects.filter(pk=made.pk).update(changed_at=when)
    return FormerAddress.objects.exists


@makes("sessions")
def _session(when):
    made = UserSession.objects.create(
        user=UserFactory(), session_key="ended", ip="192.0.2.1", user_agent="A browser"
    )
    UserSession.objects.filter(pk=made.pk).update(created_at=when)
    return UserSession.objects.exists


@makes("starts")
def _start(when):
    Start.objects.create(
        email="kim@example.org", postcode="SO23 9AA", scheme=SchemeFactory(), asked_at=when
    )
    return Start.objects.exists


@makes("enquiries")
def _enquiry(when):
    ask_to_be_rung(SchemeFactory(), name="Kim", venue_name="Café", phone="01632 960001")
    Enquiry.objects.update(asked_at=when)
    return Enquiry.objects.exists


@makes("waiting")
def _waiting(when):
    Waiting.objects.create(scheme=SchemeFactory(), email="kim@example.org", confirmed_at=when)
    return Waiting.objects.exists


@makes("waiting_unconfirmed")
def _waiting_unconfirmed(when):
    Waiting.objects.create(scheme=SchemeFactory(), email="kim@example.org", asked_at=when)
    return Waiting.objects.exists


@makes("mail")
def _mail(when):
    letters.write_to_venue("venues.suspend", SignUpFactory(approved=True), context={"link": ""})
    Email.objects.update(created=when)
    return Email.objects.exists


@makes("letters")
def _letter(when):
    letters.write_to_venue("venues.suspend", SignUpFactory(approved=True), context={"link": ""})
    Letter.objects.update(written_at=when)
    return Letter.objects.filter(text__gt="").exists


def _quiet_venue(when, **state):
    sign_up = SignUpFactory(scheme=PrincipleFactory().scheme, venue__contact_name="Kim", **state)
    SignUp.objects.filter(pk=sign_up.pk).update(state="withdrawn")
    Event.objects.record("venues.sign_up_withdrawn", sign_up=sign_up)
    Event.objects.filter(venue=sign_up.venue).update(at=when)
    return Venue.objects.filter(contact_name="Kim").exists


@makes("venues_that_left")
def _venue_that_left(when):
    return _quiet_venue(when, approved=True)


@makes("organisations_that_left")
def _organisation_that_left(when):
    principle = PrincipleFactory(scheme__agrees="organisation")
    user = UserFactory()
    sign_up = OrganisationSignUp.objects.create(
        organisation=OrganisationFactory(),
        scheme=principle.scheme,
        reference="LEFT",
        state="withdrawn",
        started_by=user,
    )
    answer = {"version": 1, "wording": "We do.", "answer": "we_do", "agreed_by": user}
    OrganisationAgreement.objects.create(sign_up=sign_up, principle=principle, **answer)
    Event.objects.record_about("venues.organisation_withdrawn", sign_up, by=user)
    Event.objects.update(at=when)
    return OrganisationAgreement.objects.exists


@makes("venues_that_never_joined")
def _venue_that_never_joined(when):
    return _quiet_venue(when)


@makes("leavers")
def _leaver(when):
    venue = VenueFactory()
    person = StaffMemberFactory(organisation=venue.organisation, venue=venue)
    day = timezone.localdate(when)
    Post.objects.filter(staff_member=person).update(from_date=day, until=day)
    return StaffMember.objects.filter(first_name="Alex").exists


def _import(**fields):
    officer = OfficerFactory(role="administrator")
    made = Import.objects.create(
        kind="members", scheme=officer.scheme, by=officer.user, file_name="a.csv", **fields
    )
    return Import.objects.filter(pk=made.pk)


@makes("unconfirmed_imports")
def _unconfirmed_import(when):
    made = _import(state="tried", file=b"Kim")
    made.update(asked_at=when)
    return made.exists


@makes("imports")
def _ended_import(when):
    return _import(state="done", finished_at=when).exists


def _print_run(**fields):
    officer = OfficerFactory()
    made = PrintRun.objects.create(
        kind="stickers", scheme=officer.scheme, by=officer.user, title="60 stickers", **fields
    )
    return PrintRun.objects.filter(pk=made.pk)


@makes("print_runs")
def _ended_print_run(when):
    return _print_run(state="done", file=b"%PDF", finished_at=when).exists


@makes("unfinished_print_runs")
def _unfinished_print_run(when):
    made = _print_run(state="making")
    made.update(asked_at=when)
    return made.exists


@makes("seat_requests")
def _seat_request(when):
    SeatRequestFactory(asked_at=when)
    return SeatRequest.objects.exists


@makes("guests")
def _guest(when):
    GuestFactory(session__starts_at=when)
    return Booking.objects.exists


@makes("interest")
def _interest(when):
    InterestFactory(asked_at=when)
    return Interest.objects.exists


def _read():
    return {
        "text": "Somebody came in.",
        "text_state": "released",
        "text_read_at": timezone.now(),
        "text_read_by": UserFactory(),
    }


@makes("progress")
def _progress(when):
    Progress.objects.create(usage_return=UsageReturnFactory(sent_at=when), **_read())
    return Progress.objects.exists


@makes("reports")
def _report(when):
    meeting = MeetingFactory(held=True, starts_at=when)
    AttendanceFactory(meeting=meeting, visitor="X", outcome="report", **_read())
    return Attendance.objects.filter(text__gt="").exists


@makes("issues")
def _issue(when):
    IssueFactory(closed_at=when, closed_by=UserFactory(), state="closed", answer="Yes", **_read())
    return Issue.objects.filter(answer="Yes", text="Somebody came in.").exists


@makes("deputies")
def _deputy(when):
    AttendanceFactory(
        meeting=MeetingFactory(held=True, starts_at=when),
        visitor="X",
        reply="deputy",
        deputy_role="Shift leader",
        deputy_name="Jo",
    )
    return Attendance.objects.filter(deputy_name="Jo").exists


@makes("duty_links")
def _duty_link(when):
    day = timezone.localdate(when)
    DutyLink.objects.create(
        scheme=SchemeFactory(),
        name="Robin",
        phone="1",
        email="duty@example.org",
        starts_on=day,
        ends_on=day,
        made_by=UserFactory(),
    )
    return DutyLink.objects.exclude(name="").exists


def test_every_row_has_an_example_object():
    assert set(MAKERS) == set(ROWS)


@pytest.mark.django_db
@pytest.mark.parametrize("key", MAKERS)
def test_data_is_kept_to_the_end_of_the_last_day_and_deleted_the_day_after(key):
    # Late on a summer evening the local day differs from the day in UTC.
    day = datetime.date(2024, 5, 31)
    is_kept = MAKERS[key](local(day, datetime.time(23, 30)))
    row = ROWS[key]
    last = row.period.last_day(day)

    row.duty(local(last, datetime.time(23, 59)))
    assert is_kept()
    assert row.duty(local(last + datetime.timedelta(days=1), datetime.time(0, 1))) >= 1
    assert not is_kept()


@pytest.mark.parametrize("key", ROWS)
def test_each_deletion_is_an_hourly_duty(key):
    assert ROWS[key].duty in DUTIES


@pytest.mark.django_db
def test_the_privacy_page_lists_every_period(client):
    page = client.get("/privacy/").content.decode()
    for row in ROWS.values():
        assert str(row.period) in str(row)
        assert f"<li>{row}</li>" in page


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(months=1), "a month"),
        (Period(months=6), "six months"),
        (Period(months=12), "a year"),
        (Period(months=24), "two years"),
        (Period(days=1), "a day"),
        (Period(days=3), "three days"),
        (Period(days=14), "two weeks"),
        (Period(days=180), "180 days"),
    ],
)
def test_periods_in_words(period, words):
    assert str(period) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "a minute"), (900, "15 minutes"), (12 * 3600, "12 hours"), (90, "90 seconds")],
)
def test_durations_in_words(seconds, words):
    assert in_words(datetime.timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("period", "day", "last"),
    [
        (Period(months=6), (2024, 8, 31), (2025, 2, 28)),
        (Period(months=6), (2025, 2, 28), (2025, 8, 28)),
        (Period(months=1), (2024, 1, 31), (2024, 2, 29)),
        (Period(months=12), (2024, 2, 29), (2025, 2, 28)),
        (Period(months=24), (2024, 3, 1), (2026, 3, 1)),
        (Period(days=3), (2024, 12, 30), (2025, 1, 2)),
    ],
)
def test_month_ends_are_handled_and_each_day_is_due_the_day_after(period, day, last):
    day, last = datetime.date(*day), datetime.date(*last)
    noon = local(day, datetime.time(12))
    assert period.last_day(day) == last
    assert not noon < period.before(local(last, datetime.time(23, 59)))
    assert noon < period.before(local(last + datetime.timedelta(days=1), datetime.time()))


def test_two_rows_cannot_share_a_key():
    with pytest.raises(ValueError, match="enquiries"):
        retention.keep_for("enquiries", Period(days=1), "")(lambda before: 0)


# Nothing but the table states a period

PERIOD = re.compile(
    r"\b(an?|half an?|one|two|three|four|five|six|twelve|eighteen|\d+)\s+(day|week|month|year)s?\b",
    re.IGNORECASE,
)
KEEPING = re.compile(
    r"\b(delet|forg[eo]t|anonymis|erase)|\b(keep|kept|hold|store[ds]?)\b|\btak(e|en) out\b"
    r"|link works|works once",
    re.IGNORECASE,
)
ANOTHER_MATTER = {
    "Keep to one or two days a week.",
}
"""Sentences of both kinds of words that are no promise to delete."""


def promises_a_period(text: str) -> list[str]:
    """Sentences that hard-code how long something is kept."""
    sentences = re.split(r"(?<=[.!?])\s+|\n", text)
    return [
        each
        for each in sentences
        if PERIOD.search(each) and KEEPING.search(each) and each not in ANOTHER_MATTER
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It is deleted after two years.",
        "We keep the name for 6 months.",
        "Kept a year.",
        "Then the name is taken out, a month after.",
    ],
)
def test_a_hard_coded_period_is_found(text):
    assert promises_a_period(text)


def test_no_template_hard_codes_a_retention_period():
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt") and (said := promises_a_period(path.read_text())):
            found[str(path.relative_to(ROOT))] = said
    assert not found


def test_no_message_hard_codes_a_retention_period():
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and _is_gettext(node.func)):
                continue
            texts = [
                arg.value
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if said := [each for text in texts for each in promises_a_period(text)]:
                found.setdefault(path.name, []).extend(said)
    assert not found


def _is_gettext(func):
    return getattr(func, "id", getattr(func, "attr", "")) in {
        "_",
        "gettext",
        "gettext_lazy",
        "ngettext",
    }


def test_every_key_used_by_a_page_or_form_is_a_row():
    named = set()
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in (".html", ".txt"):
            named |= set(re.findall(r'{% kept_for "(\w+)"', path.read_text()))
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "with_periods":
                named |= {
                    each.value.value
                    for each in node.keywords
                    if each.arg and isinstance(each.value, ast.Constant)
                }
    assert {"enquiries", "deputies", "interest", "mail"} <= named <= set(ROWS)
    assert str(with_periods("After %(period)s.", period="enquiries")) == "After six months."


@pytest.mark.django_db
def test_a_session_in_use_is_kept_whatever_its_age():
    key = "alive"
    now = timezone.now()
    Session.objects.create(session_key=key, expire_date=now + datetime.timedelta(hours=1))
    UserSession.objects.create(
        user=UserFactory(), session_key=key, ip="192.0.2.1", user_agent="A browser"
    )
    UserSession.objects.update(created_at=now - datetime.timedelta(days=60))
    ROWS["sessions"].duty(now)
    assert UserSession.objects.filter(session_key=key).exists()
