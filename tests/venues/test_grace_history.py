"""Over random histories, nothing listed yesterday is unlisted today except by one of four acts or
the end of an announced grace.
"""

import contextlib
import datetime
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post_office.models import STATUS, Email

from common.refusals import Refused
from tests.factories import RequirementFactory, SchemeFactory, SignUpFactory, UserFactory
from venues import actions
from venues.duties import warn_of_lapses
from venues.models import EvidenceRecord, Lapse, Letter, Requirement, SignUp, Venue

pytestmark = pytest.mark.django_db
KINDS = ["online_presence", "opening_hours", "current_sticker", "trained_people"]
AT_ONCE = {"suspend", "leave", "hide"}
STEPS = st.one_of(
    st.tuples(st.just("website"), st.sampled_from(["", "https://example.org/"])),
    st.tuples(st.just("add_requirement"), st.sampled_from(KINDS)),
    st.tuples(st.just("raise_requirement"), st.integers(1, 3)),
    st.tuples(st.just("subject"), st.sampled_from(["", "introductory", "introductry"])),
    st.tuples(st.just("remove_requirement"), st.none()),
    st.tuples(st.just("grace_days"), st.sampled_from([0, 3, 10])),
    st.tuples(st.just("end_sticker"), st.none()),
    st.tuples(st.just("issue_sticker"), st.none()),
    st.tuples(st.just("proof"), st.integers(-5, 15)),
    st.tuples(st.just("proofs_withdrawn"), st.none()),
    st.tuples(st.just("come_back"), st.none()),
    st.tuples(st.sampled_from(sorted(AT_ONCE)), st.none()),
)
LOSSES = st.sampled_from(
    [
        ("end_sticker", None),
        ("add_requirement", "trained_people"),
        ("add_requirement", "opening_hours"),
    ]
)
FATES = st.sampled_from([STATUS.sent, STATUS.sent, STATUS.queued, STATUS.failed])
DAYS = st.tuples(
    # Every history begins with a loss: without one, no grace could run out.
    st.tuples(st.just(1), st.lists(LOSSES, min_size=1, max_size=1), st.just(True), FATES),
    st.lists(
        st.tuples(
            st.sampled_from([11, 1, 4]),  # days that pass; grace is ten at most
            st.lists(STEPS, max_size=2),
            st.sampled_from([True, False]),  # whether the hourly duties ran
            FATES,
        ),
        min_size=2,
        max_size=3,
    ),
).map(lambda begun: [begun[0], *begun[1]])


class History:
    """One venue in one scheme, driven through the real actions."""

    def __init__(self):
        self.by = UserFactory()
        self.scheme = SchemeFactory(grace_days=10, sticker_valid_months=1)
        RequirementFactory(
            principle__scheme=self.scheme, evidence="current_sticker", needed_for="standing"
        )
        # The factory's default is the real clock, not the test's.
        self.sign_up = SignUpFactory(scheme=self.scheme, approved=True, approved_at=timezone.now())
        self.do("issue_sticker", None)

    def is_listed(self):
        return SignUp.objects.listed(timezone.localdate()).exists()

    def do(self, step, value):
        """Take one step; a refused step must change nothing."""
        self.sign_up.refresh_from_db()
        with contextlib.suppress(Refused), transaction.atomic():
            getattr(self, step)(value)

    def _requirement(self):
        asked = Requirement.objects.filter(principle__scheme=self.scheme)
        return asked.order_by("pk").last()

    def website(self, value):
        actions.change_venue(self.sign_up.venue, {"website": value}, by=self.by)

    def add_requirement(self, kind):
        principle = self.scheme.principles.get()
        if not principle.requirements.filter(evidence=kind).exists():
            new = Requirement(principle=principle, evidence=kind, needed_for="standing")
            actions.save_requirement(new, by=self.by)

    def raise_requirement(self, at_least):
        if requirement := self._requirement():
            requirement.at_least = at_least
            actions.save_requirement(requirement, by=self.by)

    def subject(self, subject):
        if requirement := self._requirement():
            requirement.subject = subject
            actions.save_requirement(requirement, by=self.by)

    def remove_requirement(self, _value):
        if requirement := self._requirement():
            actions.remove_requirement(requirement, by=self.by)

    def grace_days(self, days):
        self.scheme.grace_days = days
        self.scheme.save()

    def end_sticker(self, _value):
        if sticker := self.sign_up.stickers.live().first():
            actions.end_sticker(sticker, by=self.by, reason="lost")

    def issue_sticker(self, _value):
        actions.issue_sticker(self.sign_up, by=self.by)

    def proof(self, days):
        if requirement := self._requirement():
            EvidenceRecord.objects.create(
                sign_up=self.sign_up,
                evidence=requirement.evidence,
                subject=requirement.subject,
                valid_until=timezone.localdate() + datetime.timedelta(days=days),
                imported_by=self.by,
            )

    def proofs_withdrawn(self, _value):
        EvidenceRecord.objects.all().delete()

    def suspend(self, _value):
        actions.suspend_sign_up(self.sign_up, by=self.by, reason="A report.")

    def come_back(self, _value):
        if self.sign_up.state == "suspended":
            actions.reinstate_sign_up(self.sign_up, by=self.by, letter="Welcome.")
        actions.show_type(self.scheme, Venue.Type.CAFE, by=self.by)

    def leave(self, _value):
        actions.withdraw_sign_up(self.sign_up, by=self.by)

    def hide(self, _value):
        actions.hide_type(self.scheme, Venue.Type.CAFE, by=self.by)

    def duties(self, fate):
        """Run the hourly duties, decide the fate of their letters, and record what the next hour
        sees.

        The next hour's other duties are skipped: nothing has changed for them to find.
        """
        warn_of_lapses(timezone.now())
        waiting = Email.objects.exclude(status=STATUS.sent)
        waiting.update(status=fate, last_updated=timezone.now())
        actions.note_gone_letters(timezone.now())


def assert_an_announced_grace_ran_out(day):
    over = Lapse.objects.over(day).select_related("letter")
    assert over
    for lapse in over:
        gone = Letter.objects.gone().get(pk=lapse.letter_id)
        assert timezone.localdate(gone.gone_at) <= lapse.ends_on < day
        assert timezone.localdate(lapse.announced_at) <= lapse.ends_on


def pass_days(clock, history, days):
    """Let days pass with nothing done; return whether it is listed afterwards.

    Time alone never relists a place, so intermediate days are checked only if it was unlisted.
    """
    start = clock[0]
    clock[0] = start + datetime.timedelta(days=days)
    if history.is_listed():
        return True
    for day in range(1, days + 1):
        clock[0] = start + datetime.timedelta(days=day)
        if day == days or not history.is_listed():
            assert_an_announced_grace_ran_out(timezone.localdate())
            break
    clock[0] = start + datetime.timedelta(days=days)
    return False


def live_through(days, clock):
    """Assert the property over one history; return whether a grace ran out in it."""
    history, ran_out = History(), False
    listed = history.is_listed()
    assert listed
    for passing, steps, duties_run, fate in days:
        if listed:
            listed = pass_days(clock, history, passing)
            ran_out |= not listed
        else:
            clock[0] += datetime.timedelta(days=passing)
        for step, value in steps:
            history.do(step, value)
            was, listed = listed, history.is_listed()
            if was and not listed:
                assert step in AT_ONCE, step
        if duties_run:
            history.duties(fate)
            was, listed = listed, history.is_listed()
            assert listed >= was
    return ran_out


def test_nothing_is_unlisted_without_an_act_or_an_announced_grace():
    ran_out = []

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(days=DAYS)
    def property_of(days):
        clock = [datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)]
        now = mock.patch("django.utils.timezone.now", side_effect=lambda: clock[0])
        with now, transaction.atomic():
            ran_out.append(live_through(days, clock))
            transaction.set_rollback(True)

    property_of()
    assert sum(ran_out) >= 2, "these histories let no grace run out: they prove nothing"


def test_some_histories_do_reach_an_end_of_grace():
    """Guards the property above against being vacuous: with duties run, a loss does unlist."""
    clock = [datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)]
    with mock.patch("django.utils.timezone.now", side_effect=lambda: clock[0]):
        history = History()
        history.do("add_requirement", "trained_people")
        history.duties(STATUS.sent)
        assert not pass_days(clock, history, 12)
