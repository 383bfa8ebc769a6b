"""Officers' queues read kept proofs, and show what the rules would show."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from venues.evidence import proofs_by_sign_up
from venues.evidence_kinds import Stage
from venues.kept import can_use_proofs, heal, rebuild
from venues.models import EvidenceRecord, KeptDay, KeptMark, KeptProof, Requirement, SignUp
from venues.queues import SIGN_UP_QUEUES, find_queue

pytestmark = pytest.mark.django_db
KEPT = {queue.key: queue for queue in SIGN_UP_QUEUES if queue.kept_as}


@pytest.fixture
def scheme():
    found = SchemeFactory(grace_days=28)
    for evidence in ("opening_hours", "online_presence"):
        RequirementFactory(principle__scheme=found, evidence=evidence, needed_for="standing")
    Requirement.objects.update(asked_since=in_days(-300))
    return found


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def member(scheme, *lasts, **more):
    """A member whose hours and website were proved until these days from today."""
    more = {"approved_at": timezone.now() - datetime.timedelta(days=200), **more}
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__website="", **more)
    for evidence, days in zip(("opening_hours", "online_presence"), lasts, strict=False):
        EvidenceRecord.objects.create(
            sign_up=sign_up,
            evidence=evidence,
            valid_until=in_days(days),
            imported_by=UserFactory(),
        )
    return sign_up


def members(scheme):
    found = [
        member(scheme, hours, website)
        for hours, website in ((300, 300), (30, 31), (0, -1), (4, 5), (-28, -29), (-100, 9))
    ]
    found.append(member(scheme, -5, -400, listed_since=in_days(-500)))
    found.append(member(scheme))
    found.append(SignUpFactory(scheme=scheme, submitted=True))
    return found


def rows(queue, sign_ups, now):
    return [(each.pk, queue.rule(each, now), queue.due(each, now)) for each in sign_ups]


@pytest.mark.parametrize("key", KEPT)
@pytest.mark.usefixtures("kept_stay_right")
def test_a_queue_shows_the_same_rows_reasons_and_days_from_kept_proofs_as_by_the_rule(key, scheme):
    queue, everybody, now = KEPT[key], SignUp.objects.all(), timezone.now()
    members(scheme)
    rebuild()
    by_rule = rows(queue, queue.find(everybody, now), now)
    assert by_rule
    with CaptureQueriesContext(connection) as asked:
        assert rows(queue, queue.find_fast(everybody, now), now) == by_rule
        assert rows(queue, queue.find_once(everybody, now), now) == by_rule
    assert not any("training_enrolment" in each["sql"] for each in asked)


def test_a_change_is_in_the_queue_at_once(client, scheme):
    sign_up = member(scheme, 300, 300)
    rebuild()
    client.force_login(OfficerFactory(scheme=scheme).user)
    address = reverse("admin:venues_signup_changelist") + "?queue=lapsing"
    assert not client.get(address).context["cl"].result_list
    EvidenceRecord.objects.update(valid_until=in_days(3))
    # The change has not been committed, so the rows are not right yet, and the rule answers.
    assert KeptMark.objects.exists()
    assert list(client.get(address).context["cl"].result_list) == [sign_up]


def test_kept_proofs_are_used_only_on_their_day_and_by_their_release(scheme):
    now = timezone.now()
    assert not can_use_proofs(now)
    rebuild()
    assert can_use_proofs(now)
    assert not can_use_proofs(now + datetime.timedelta(days=1))
    KeptDay.objects.update(version="of another release")
    assert not can_use_proofs(now)
    rebuild(now + datetime.timedelta(days=1))
    assert can_use_proofs(now + datetime.timedelta(days=1))
    assert not can_use_proofs(now)


def test_within_a_day_every_proof_is_compared_and_corrected(scheme, caplog):
    sign_up = member(scheme, 3, 300)
    now = timezone.now()
    rebuild()
    KeptProof.objects.update(state="missing")
    healed = [heal(now + datetime.timedelta(hours=hour)) for hour in range(24)]
    assert set().union(*healed) == {sign_up.venue_id}
    assert f"of venue {sign_up.venue_id} was out of date" in caplog.text
    assert KeptProof.objects.get().sign_up == sign_up
    assert not find_queue("missing").find_fast(SignUp.objects.all(), now).exists()


def test_every_table_that_proofs_are_worked_out_from_leaves_marks(scheme):
    sign_up = member(scheme, 3)
    with CaptureQueriesContext(connection) as asked:
        proofs_by_sign_up([sign_up], Stage.STANDING, timezone.localdate())
    sql = " ".join(each["sql"] for each in asked)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'mark_kept_%'"
        )
        marked = {name for (name,) in cursor.fetchall()}
    read = {name for name in connection.introspection.table_names() if f'"{name}"' in sql}
    assert {"venues_lapse", "training_enrolment", "partnership_usagereturn"} <= read
    assert read - marked == set()
