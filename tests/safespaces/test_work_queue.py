"""The officers' first page: each row, and the rule behind it."""

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
from venues.models import Enquiry, Event, EvidenceRecord, SignUp
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


def test_an_empty_scheme_has_an_empty_queue(officer):
    assert [queue.rows for queue in work_queue(officer) if queue.rows] == []


def test_an_application_shows_its_age(scheme, officer):
    SignUpFactory(scheme=scheme, submitted=True, submitted_at=ago(5))
    assert why(officer, "waiting") == ["Sent in 5 days ago and not decided yet."]


def test_a_sign_up_entered_by_an_officer_waits_for_the_venue(scheme, officer):
    SignUpFactory(scheme=scheme, submitted=True, entered_by=officer)
    assert why(officer, "not_confirmed") == [
        "An officer entered it, and the venue has not confirmed its agreement."
    ]


def with_proof(scheme, until, **details):
    """An approved sign-up with one proof, held or lapsed on a given day."""
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


def test_evidence_lapsing_within_30_days_says_what_and_when(scheme, officer):
    with_proof(scheme, in_days(10))
    with_proof(scheme, in_days(31))
    assert len(why(officer, "lapsing")) == 1
    assert "is proved until" in why(officer, "lapsing")[0]


def test_missing_evidence_within_grace_says_until_when(scheme, officer):
    with_proof(scheme, in_days(-3), approved_at=ago(100))
    assert why(officer, "in_grace")[0].startswith("Missing: “")
    assert why(officer, "missing") == []


def test_missing_evidence_beyond_grace_says_so(scheme, officer):
    with_proof(scheme, in_days(-40), approved_at=ago(100))
    assert why(officer, "missing")[0].startswith("The days of grace are over: “")
    assert why(officer, "in_grace") == []


def test_hours_count_for_the_schemes_number_of_days(scheme, officer):
    for name, at in (("Old", ago(91)), ("New", ago(89)), ("Never", None)):
        venue = VenueFactory(lead_scheme=scheme, name=name, hours_confirmed_at=at)
        SignUpFactory(scheme=scheme, venue=venue, approved=True)
    assert why(officer, "hours") == [
        "Its opening hours were never confirmed.",
        "Its opening hours were last confirmed 91 days ago; they count for 90.",
    ]


def test_stickers_are_due_to_be_issued_then_sent(scheme, officer):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    assert len(why(officer, "to_issue")) == 1
    StickerFactory(sign_up=sign_up)
    assert why(officer, "to_issue") == []
    assert len(why(officer, "to_send")) == 1


def test_a_new_wording_needs_agreement(scheme, officer):
    principle = PrincipleFactory(scheme=scheme, title="Open door")
    SignUpFactory(scheme=scheme, approved=True, agreed=True)
    assert why(officer, "to_agree") == []
    principle.version = 2
    principle.save()
    assert why(officer, "to_agree") == ["Not agreed to in its present wording: Open door."]


def test_a_long_queue_links_to_its_full_list(client, scheme, officer):
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


def test_a_list_works_a_costly_queue_out_once_and_shows_its_rows_in_order(client, scheme, officer):
    lapsing = [with_proof(scheme, in_days(days)) for days in (9, 4, 200, 20)]
    client.force_login(officer)
    page = reverse("admin:venues_signup_changelist") + "?queue=lapsing"
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(page).context["cl"].result_list
    newest_first = sorted(lapsing[:2] + lapsing[3:], key=lambda each: -each.pk)
    assert list(shown) == newest_first
    assert len([each for each in asked if "daterange" in each["sql"]]) == 1


COSTLY = {each.key: each for each in SIGN_UP_QUEUES if each.is_costly}


@pytest.mark.parametrize("key", COSTLY)
def test_found_once_or_each_time_a_queue_has_the_same_rows(scheme, key):
    queue = COSTLY[key]
    for days in (-400, -5, 4, 20, 200):
        with_proof(scheme, in_days(days))
        with_proof(scheme, in_days(days), listed_since=in_days(-500))
    with_proof(scheme, in_days(-100), approved_at=ago(200))
    scheme.principles.get().requirements.update(asked_since=in_days(-300))
    everything, now = SignUp.objects.select_related("venue"), timezone.now()
    found = list(queue.find(everything, now))
    assert found
    assert list(queue.find_once(everything, now)) == found


def test_lapsing_evidence_is_due_on_its_last_day(scheme, officer):
    with_proof(scheme, in_days(10))
    assert [row.due for row in rows(officer, "lapsing")] == [in_days(10)]


def test_missing_evidence_is_due_on_the_last_day_of_grace(scheme, officer):
    with_proof(scheme, in_days(-3), approved_at=ago(100))
    assert [row.due for row in rows(officer, "in_grace")] == [in_days(25)]
    with_proof(scheme, in_days(-40), approved_at=ago(100))
    assert [row.due for row in rows(officer, "missing")] == [in_days(-12)]


def test_hours_are_due_when_they_stop_counting(scheme, officer):
    for name, at in (("Old", ago(91)), ("Never", None)):
        venue = VenueFactory(lead_scheme=scheme, name=name, hours_confirmed_at=at)
        SignUpFactory(scheme=scheme, venue=venue, approved=True)
    assert [row.due for row in rows(officer, "hours")] == [None, in_days(-1)]


def test_the_first_page_shows_due_dates_and_owners(client, scheme, officer):
    client.force_login(officer)
    gap = GapFactory(scheme=scheme, owner=officer, opened_at=ago(40), title="Nobody on Fridays")
    page = " ".join(client.get(reverse("admin:index")).content.decode().split())
    due = date_format(timezone.localdate(gap.opened_at) + datetime.timedelta(days=30), "j F Y")
    assert f"Due {due}. {officer} looks after it." in page
    assert "None" not in page


def test_queues_are_in_order_of_urgency():
    order = [queue.key for queue in queues()]
    assert order[0] == "urgent_issues"
    assert order[1 : len(SIGN_UP_QUEUES) + 1] == [q.key for q in SIGN_UP_QUEUES]
    assert order[len(SIGN_UP_QUEUES) + 1 :] == [
        *("organisations", "venue_edits", "same_places", "merges", "school_terms", "rounds"),
        *(
            "enquiries",
            "open_issues",
            "issue_words",
            "progress_words",
            "staff_to_check",
            "to_thank",
            "to_share",
        ),
        *("failed_work", "missed_twice", "meetings", "meeting_reports", "overdue_actions"),
        *("packs", "gaps"),
    ]


@pytest.mark.parametrize("queue", queues(), ids=lambda queue: queue.key)
def test_the_full_list_of_each_queue_opens(admin_client, queue):
    assert admin_client.get(queue.whole_url()).status_code == 200


def test_a_duplicate_queue_key_or_position_is_an_error():
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


def test_pages_use_a_constant_number_of_queries(client, scheme, officer):
    client.force_login(officer)
    asked = []
    for many in (3, 27):
        fill(scheme, many)
        for page in PAGES:
            client.get(reverse(page))  # Read once per process.
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(reverse(page))
            asked.append((page, len(queries)))
    few, more = dict(asked[: len(PAGES)]), dict(asked[len(PAGES) :])
    assert more == few
    assert max(few.values()) < 49, "the first page: about one query a queue"
