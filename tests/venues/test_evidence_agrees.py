"""The queryset and the single-object rule agree on who is ready, whatever the history."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from training.models import Enrolment, Module
from venues.evidence import outstanding, proofs, proofs_by_sign_up
from venues.evidence_kinds import FOREVER, Stage
from venues.models import (
    EvidenceRecord,
    Lapse,
    OpeningHours,
    Post,
    Requirement,
    Scheme,
    SignUp,
)

AT = datetime.date(2026, 7, 1)
NEAR = st.sampled_from([-400, -60, -29, -28, -27, -1, 0, 1, 29, 30, 31, 300])
"""Days from `AT`; the grace below is 28 days."""
KINDS = [
    "opening_hours",
    "open_hours_a_week",
    "online_presence",
    "current_sticker",
    "sticker_displayed",
    "trained_people",
    "unknown_kind",
]
REQUIREMENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(Stage.values), st.integers(1, 2)),
    max_size=4,
    unique_by=lambda row: row[:2],
)


def on(days):
    return AT + datetime.timedelta(days=days)


def at_noon(days):
    return datetime.datetime.combine(on(days), datetime.time(12), datetime.UTC)


def train(venue, module, scheme, *, completed, until, leaves):
    person = StaffMemberFactory(organisation=venue.organisation)
    Post.objects.create(
        staff_member=person,
        venue=venue,
        from_date=on(-500),
        until=leaves if leaves is None else on(leaves),
    )
    Enrolment.objects.create(
        staff_member=person,
        module=module,
        module_version=1,
        scheme=scheme,
        enrolled_by=scheme.opened_by,
        code_expires_at=timezone.now(),
        check_passed_at=at_noon(completed),
        score=100,
        completed_at=at_noon(completed),
        valid_until=on(until),
    )


HISTORIES = {
    "requirements": REQUIREMENTS,
    "approved": st.none() | NEAR,
    "hours_from": st.none() | NEAR,
    "website": st.sampled_from(["", "https://example.org/"]),
    "sticker": st.none() | st.tuples(NEAR, NEAR, st.booleans()),
    "people": st.lists(st.tuples(NEAR, st.none() | NEAR), max_size=3),
    "records": st.lists(st.tuples(st.sampled_from(KINDS), NEAR), max_size=2),
    "asked_since": NEAR,
    "listed_since": st.none() | NEAR,
    "lapses": st.lists(
        st.tuples(NEAR, st.none() | NEAR, st.booleans(), st.none() | NEAR), max_size=3
    ),
}


def live_through(history, scheme, module):
    """A sign-up with this history, in a `scheme` of its own."""
    for kind, stage, at_least in history["requirements"]:
        RequirementFactory(
            principle__scheme=scheme,
            evidence=kind,
            needed_for=stage,
            at_least=at_least,
            subject="introductory" if kind == "trained_people" else "",
            asked_since=on(history["asked_since"]),
        )
    venue = VenueFactory(lead_scheme=scheme, website=history["website"])
    if history["approved"] is None:
        sign_up = SignUpFactory(venue=venue, scheme=scheme)
    else:
        moment = at_noon(history["approved"])
        sign_up = SignUpFactory(venue=venue, scheme=scheme, approved=True, approved_at=moment)
    if history["hours_from"] is not None:
        OpeningHours.objects.create(
            venue=venue,
            weekday=0,
            opens=datetime.time(9),
            closes=datetime.time(17),
            valid_from=on(history["hours_from"]),
        )
    if history["sticker"]:
        issued, expires, displayed = history["sticker"]
        sticker = StickerFactory(sign_up=sign_up, issued_at=at_noon(issued), expires_on=on(expires))
        if displayed:
            sticker.displayed_at, sticker.displayed_by = at_noon(issued), sticker.issued_by
            sticker.save()
    for until, leaves in history["people"]:
        train(venue, module, scheme, completed=-450, until=until, leaves=leaves)
    for kind, until in history["records"]:
        EvidenceRecord.objects.create(
            sign_up=sign_up,
            evidence=kind,
            subject="introductory" if kind == "trained_people" else "",
            valid_until=on(until),
            imported_by=scheme.opened_by,
        )
    note(history, sign_up)
    return sign_up


def note(history, sign_up):
    """What the software recorded about it: when it was listed, and lapses in every state."""
    if sign_up.state != "approved" or history["listed_since"] is None:
        return
    sign_up.listed_since = on(history["listed_since"])
    sign_up.save()
    requirements = Requirement.objects.filter(principle__scheme=sign_up.scheme_id)
    for requirement, (since, ends, told, closed) in zip(
        requirements, history["lapses"], strict=False
    ):
        Lapse.objects.create(
            sign_up=sign_up,
            requirement=requirement,
            since=on(since),
            noticed_at=at_noon(since),
            ends_on=None if ends is None else on(ends),
            announced_at=at_noon(since) if told and ends is not None else None,
            closed_on=None if closed is None else on(closed),
        )


def reviewed_module():
    return Module.objects.create(
        slug="introductory",
        title="Introduction",
        kind="introductory",
        minutes=5,
        reviewed_version=1,
        reviewed_by_name="Sam",
        reviewed_by_role="Safeguarding lead",
        reviewed_on=on(-500),
        review_recorded_by=UserFactory(),
    )


@pytest.mark.django_db
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    histories=st.lists(
        st.tuples(st.fixed_dictionaries(HISTORIES), st.sampled_from([0, 28])),
        min_size=8,  # a batch, because the queryset is evaluated once for all of them
        max_size=8,
    )
)
def test_the_queryset_and_the_rule_agree_for_any_history(histories):
    with transaction.atomic():
        module = reviewed_module()
        sign_ups = [
            live_through(history, SchemeFactory(grace_days=grace), module)
            for history, grace in histories
        ]
        for at in (AT, on(1)):
            in_list = set(SignUp.objects.listed(at).values_list("pk", flat=True))
            proofs_found = proofs_by_sign_up(sign_ups, Stage.STANDING, at)
            assert len(proofs_found) == len(sign_ups)
            annotated = SignUp.objects.with_standing(at).with_lapse(at)
            rows = annotated.in_bulk([sign_up.pk for sign_up in sign_ups])
            for sign_up in sign_ups:
                found = proofs(sign_up, Stage.STANDING, at)
                assert proofs_found[sign_up.pk] == found
                assert_the_row_agrees(rows[sign_up.pk], found, at)
                is_listed = sign_up.state == "approved" and rows[sign_up.pk].in_good_standing
                assert (sign_up.pk in in_list) == is_listed
        transaction.set_rollback(True)


def assert_the_row_agrees(row, found, at):
    """Assert that a queryset row says of its sign-up what the single-object rule found."""
    states = {proof.state for proof in found}
    assert row.ready_for_sticker == (not outstanding(row, Stage.STICKER, at))
    assert row.in_good_standing == (not {"missing", "awaited"} & states)
    if not row.has_lapsed:
        assert not {"in_grace", "missing", "awaited"} & states
    if not row.in_good_standing:
        assert row.has_lapsed


@pytest.mark.django_db
class TestOneRequirement:
    def make(self, kind="online_presence", stage="standing", **more):
        scheme = SchemeFactory(grace_days=28)
        RequirementFactory(principle__scheme=scheme, evidence=kind, needed_for=stage)
        return SignUpFactory(scheme=scheme, venue__website="", **more)

    def proof(self, sign_up, at=AT):
        (proof,) = proofs(sign_up, Stage.STANDING, at)
        return proof

    def test_proof_without_an_expiry_is_held_forever(self):
        sign_up = self.make()
        sign_up.venue.website = "https://example.org/"
        sign_up.venue.save()
        assert self.proof(sign_up).state == "held"
        assert self.proof(sign_up).held_until == FOREVER

    def test_a_requirement_falls_due_the_days_of_grace_after_approval(self):
        sign_up = self.make(approved=True, approved_at=at_noon(-28))
        assert self.proof(sign_up).state == "not_yet_due"
        assert self.proof(sign_up).grace_until == AT
        assert self.proof(sign_up, on(1)).state == "missing"

    def test_a_lapsed_proof_gets_its_own_grace(self):
        sign_up = self.make(approved=True, approved_at=at_noon(-300))
        EvidenceRecord.objects.create(
            sign_up=sign_up,
            evidence="online_presence",
            valid_until=on(-1),
            imported_by=sign_up.started_by,
        )
        assert self.proof(sign_up, on(-31)).state == "lapsing"
        assert self.proof(sign_up, on(-32)).state == "held"
        assert self.proof(sign_up, on(-1)).state == "lapsing"
        assert self.proof(sign_up, AT).state == "in_grace"
        assert self.proof(sign_up, on(27)).state == "in_grace"
        assert self.proof(sign_up, on(28)).state == "missing"

    def test_an_unknown_evidence_kind_counts_as_missing_and_says_so(self):
        sign_up = self.make("no_such_kind", "sticker")
        (proof,) = outstanding(sign_up, Stage.STICKER, AT)
        assert "no_such_kind" in proof.words
        assert not SignUp.objects.with_standing(AT).get().ready_for_sticker

    def test_a_renewed_sticker_has_its_own_grace_to_be_displayed(self):
        sign_up = self.make("sticker_displayed", approved=True, approved_at=at_noon(-400))
        assert self.proof(sign_up).state == "not_yet_due"
        StickerFactory(sign_up=sign_up, sent=True, issued_at=at_noon(-28), expires_on=on(300))
        assert self.proof(sign_up).state == "not_yet_due"
        assert self.proof(sign_up, on(1)).state == "missing"

    def test_what_a_sticker_needs_to_be_issued_it_needs_to_stay_current(self):
        sign_up = self.make(stage="submission")
        for stage in Stage:
            assert outstanding(sign_up, stage, AT)

    def test_requirements_for_staying_listed_are_not_asked_before_the_sticker(self):
        sign_up = self.make(stage="standing")
        assert not outstanding(sign_up, Stage.STICKER, AT)

    def test_another_schemes_requirements_are_ignored(self):
        sign_up = self.make()
        RequirementFactory(evidence="opening_hours", needed_for="submission")
        assert not outstanding(sign_up, Stage.SUBMISSION, AT)
        assert Scheme.objects.count() == 2
