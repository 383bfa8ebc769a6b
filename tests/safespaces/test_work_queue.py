"""The officers' first page: each row, and the rule that put it there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tests.coverage.factories import GapFactory
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    VenueFactory,
)
from venues.models import Enquiry, Event, EvidenceRecord
from venues.queues import SIGN_UP_QUEUES
from venues.work_queue import Queue, queues, register, work_queue

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def scheme():
    return SchemeFactory(grace_days=28)


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


def why(officer, key):
    found = next(queue for queue in work_queue(officer) if queue.key == key)
    return [row.rule for row in found.rows]


def test_nothing_waits_in_an_empty_scheme(officer):
    assert [queue.rows for queue in work_queue(officer) if queue.rows] == []


def test_an_application_shows_its_age(scheme, officer):
    SignUpFactory(scheme=scheme, submitted=True, submitted_at=ago(5))
    assert why(officer, "waiting") == ["Sent in 5 days ago and not decided yet."]


def test_what_an_officer_entered_waits_for_the_venue(scheme, officer):
    SignUpFactory(scheme=scheme, submitted=True, entered_by=officer)
    assert why(officer, "not_confirmed") == [
        "An officer entered it, and the venue has not confirmed its agreement."
    ]


def with_proof(scheme, until, **details):
    """An approved sign-up whose one proof is held, or was, until a day."""
    principle = scheme.principles.first() or PrincipleFactory(scheme=scheme)
    if not principle.requirements.exists():
        RequirementFactory(principle=principle, evidence="trained_people", needed_for="standing")
    sign_up = SignUpFactory(scheme=scheme, approved=True, agreed=True, **details)
    EvidenceRecord.objects.create(
        sign_up=sign_up,
        evidence="trained_people",
        valid_until=until,
        imported_by=sign_up.started_by,
    )
    return sign_up


def test_what_lapses_within_30_days_says_what_and_when(scheme, officer):
    with_proof(scheme, in_days(10))
    with_proof(scheme, in_days(31))
    assert len(why(officer, "lapsing")) == 1
    assert "is proved until" in why(officer, "lapsing")[0]


def test_what_is_missing_within_its_grace_says_until_when(scheme, officer):
    with_proof(scheme, in_days(-3), approved_at=ago(100))
    assert why(officer, "in_grace")[0].startswith("Missing: “")
    assert why(officer, "missing") == []


def test_what_is_missing_beyond_its_grace_says_so(scheme, officer):
    with_proof(scheme, in_days(-40), approved_at=ago(100))
    assert why(officer, "missing")[0].startswith("The days of grace are over: “")
    assert why(officer, "in_grace") == []


def test_hours_count_for_the_schemes_days(scheme, officer):
    for name, at in (("Old", ago(91)), ("New", ago(89)), ("Never", None)):
        venue = VenueFactory(lead_scheme=scheme, name=name, hours_confirmed_at=at)
        SignUpFactory(scheme=scheme, venue=venue, approved=True)
    assert why(officer, "hours") == [
        "Its opening hours were never confirmed.",
        "Its opening hours were last confirmed 91 days ago; they count for 90.",
    ]


def test_stickers_are_to_be_issued_then_sent(scheme, officer):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    assert len(why(officer, "to_issue")) == 1
    StickerFactory(sign_up=sign_up)
    assert why(officer, "to_issue") == []
    assert len(why(officer, "to_send")) == 1


def test_a_new_wording_is_to_be_agreed_to(scheme, officer):
    principle = PrincipleFactory(scheme=scheme, title="Open door")
    SignUpFactory(scheme=scheme, approved=True, agreed=True)
    assert why(officer, "to_agree") == []
    principle.version = 2
    principle.save()
    assert why(officer, "to_agree") == ["Not agreed to in its present wording: Open door."]


def test_a_long_queue_leads_to_its_whole_list(client, scheme, officer):
    SignUpFactory.create_batch(10, scheme=scheme, submitted=True)
    client.force_login(officer)
    waiting = next(queue for queue in work_queue(officer) if queue.key == "waiting")
    assert len(waiting.rows) == 8
    assert len(client.get(waiting.more_url).context["cl"].result_list) == 10


@pytest.mark.parametrize(
    "key",
    [queue.key for queue in SIGN_UP_QUEUES],
)
def test_each_queue_is_a_filter_of_the_list(client, officer, key):
    client.force_login(officer)
    url = reverse("admin:venues_signup_changelist")
    assert client.get(url, {"queue": key}).status_code == 200


def rows(officer, key):
    return next(queue.rows for queue in work_queue(officer) if queue.key == key)


def test_what_lapses_is_due_on_its_last_day(scheme, officer):
    with_proof(scheme, in_days(10))
    assert [row.due for row in rows(officer, "lapsing")] == [in_days(10)]


def test_what_is_missing_is_due_on_the_last_day_of_grace(scheme, officer):
    with_proof(scheme, in_days(-3), approved_at=ago(100))
    assert [row.due for row in rows(officer, "in_grace")] == [in_days(25)]
    with_proof(scheme, in_days(-40), approved_at=ago(100))
    assert [row.due for row in rows(officer, "missing")] == [in_days(-12)]


def test_hours_are_due_when_they_cease_to_count(scheme, officer):
    for name, at in (("Old", ago(91)), ("Never", None)):
        venue = VenueFactory(lead_scheme=scheme, name=name, hours_confirmed_at=at)
        SignUpFactory(scheme=scheme, venue=venue, approved=True)
    assert [row.due for row in rows(officer, "hours")] == [None, in_days(-1)]


def test_the_first_page_says_when_a_thing_is_due_and_who_looks_after_it(client, scheme, officer):
    client.force_login(officer)
    gap = GapFactory(scheme=scheme, owner=officer, opened_at=ago(40), title="Nobody on Fridays")
    page = " ".join(client.get(reverse("admin:index")).content.decode().split())
    due = date_format(timezone.localdate(gap.opened_at) + datetime.timedelta(days=30), "j F Y")
    assert f"Due {due}. {officer} looks after it." in page
    assert "None" not in page


def test_queues_stand_in_the_order_of_an_officers_morning():
    order = [queue.key for queue in queues()]
    assert order[0] == "urgent_issues"
    assert order[1 : len(SIGN_UP_QUEUES) + 2] == [q.key for q in SIGN_UP_QUEUES] + ["enquiries"]
    assert order[len(SIGN_UP_QUEUES) + 2 :] == [
        *("open_issues", "issue_words", "progress_words", "staff_to_check", "to_thank", "to_share"),
        *("failed_work", "missed_twice", "meetings", "meeting_reports", "overdue_actions"),
        *("packs", "gaps"),
    ]


@pytest.mark.parametrize("queue", queues(), ids=lambda queue: queue.key)
def test_the_whole_list_of_each_queue_opens(admin_client, queue):
    assert admin_client.get(queue.whole_url()).status_code == 200


def test_a_queue_with_a_key_or_a_place_that_is_taken_is_an_error():
    for key, order, words in (("gaps", 999, "registered twice"), ("new", 0, "same order")):
        with pytest.raises(ValueError, match=words):
            register(Queue(key, order, "New", lambda user, now, most: [], lambda: "/"))


def fill(scheme, many):
    for __ in range(many):
        sign_up = with_proof(scheme, in_days(10))
        StickerFactory(sign_up=sign_up)
        SignUpFactory(scheme=scheme, submitted=True)
        OfficerFactory(scheme=scheme, role="viewer")
        PrincipleFactory(scheme=scheme)
        Enquiry.objects.create(scheme=scheme, name="Jo", venue_name="Shop", phone="1")
        Event.objects.record("venues.sign_up_approved", sign_up=sign_up, by=sign_up.started_by)


PAGES = ["admin:index"] + [
    f"admin:venues_{model}_{page}"
    for model in (
        "scheme",
        "principle",
        "officer",
        "venue",
        "organisation",
        "signup",
        "sticker",
        "enquiry",
        "event",
    )
    for page in ("changelist", "export")
]


def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(client, scheme, officer):
    client.force_login(officer)
    asked = []
    for many in (3, 27):
        fill(scheme, many)
        for page in PAGES:
            client.get(reverse(page))  # what is read once per process
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(reverse(page))
            asked.append((page, len(queries)))
    few, more = dict(asked[: len(PAGES)]), dict(asked[len(PAGES) :])
    assert more == few
    assert max(few.values()) < 31
