"""The life of a sign-up, from draft to decision: what is allowed, refused and recorded."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    CHECKS,
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import (
    agree,
    approve_sign_up,
    ask_for_changes,
    change_wording,
    confirm_agreement,
    decline_sign_up,
    record_check,
    reinstate_sign_up,
    send_suspension_letter,
    start_again,
    start_sign_up,
    submit_sign_up,
    suspend_sign_up,
    withdraw_sign_up,
)
from venues.models import Event, Organisation, SignUp, VenueVersion
from venues.models.sign_ups import MOVES, State
from venues.rules import agreements_to_renew, missing_for_submission, unmet_principles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def officer():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def refusal(call):
    """The reasons given by a refusal, having checked that nothing changed."""
    before = list(SignUp.objects.order_by("pk").values()), kinds(), Email.objects.count()
    with pytest.raises(Refused) as refused:
        call()
    after = list(SignUp.objects.order_by("pk").values()), kinds(), Email.objects.count()
    assert before == after
    return list(refused.value.reasons)


DECISIONS = {
    State.SUBMITTED: lambda s, by: submit_sign_up(s, by=by),
    State.APPROVED: lambda s, by: approve_sign_up(s, by=by, letter="Dear all"),
    State.CHANGES_ASKED_FOR: lambda s, by: ask_for_changes(
        s, by=by, requests=[(None, "The name")], letter="Dear all"
    ),
    State.DECLINED: lambda s, by: decline_sign_up(s, by=by, reason="Far", letter="Dear all"),
    State.WITHDRAWN: lambda s, by: withdraw_sign_up(s, by=by),
    State.SUSPENDED: lambda s, by: suspend_sign_up(s, by=by, reason="A report"),
}


def in_state(state):
    sign_up = SignUpFactory(checked=True, approved=state in (State.APPROVED, State.SUSPENDED))
    SignUp.objects.filter(pk=sign_up.pk).update(state=state)
    return SignUp.objects.get(pk=sign_up.pk)


def test_the_transition_table_covers_every_state():
    assert set(MOVES) == set(State)
    assert set.union(*MOVES.values()) <= set(State)


@pytest.mark.parametrize("start", State)
@pytest.mark.parametrize("end", DECISIONS)
def test_each_decision_follows_the_transition_table(start, end, officer):
    sign_up = in_state(start)
    if end in MOVES[start] and (start, end) != (State.SUSPENDED, State.APPROVED):
        DECISIONS[end](sign_up, officer)
        sign_up.refresh_from_db()
        assert sign_up.state == end
        assert len(kinds()) == 1
    else:
        assert refusal(lambda: DECISIONS[end](sign_up, officer))


def test_starting_creates_a_draft_managed_by_its_creator(officer):
    sign_up = start_sign_up(scheme=SchemeFactory(), postcode="zz1 1aa", by=officer)
    assert sign_up.state == "draft"
    assert sign_up.venue.postcode == "ZZ1 1AA"
    assert list(SignUp.objects.managed_by(officer)) == [sign_up]
    assert kinds() == ["venues.sign_up_started"]
    assert VenueVersion.objects.get().valid_to is None


def test_an_officer_entering_a_sign_up_does_not_become_its_manager(officer):
    sign_up = start_sign_up(
        scheme=SchemeFactory(), postcode="ZZ1 1AA", by=officer, entered_by_officer=True
    )
    assert sign_up.entered_by == officer
    assert not SignUp.objects.managed_by(officer).exists()
    assert kinds() == ["venues.sign_up_entered"]


def test_starting_needs_an_open_scheme_and_a_postcode(officer):
    draft = SchemeFactory(draft=True)
    assert refusal(lambda: start_sign_up(scheme=draft, postcode="ZZ1 1AA", by=officer))
    assert refusal(lambda: start_sign_up(scheme=SchemeFactory(), postcode="Z", by=officer))
    assert not Organisation.objects.exists()


def test_submitting_an_empty_draft_lists_every_missing_item(officer):
    scheme = SchemeFactory()
    principle = PrincipleFactory(scheme=scheme)
    RequirementFactory(principle=principle, evidence="opening_hours")
    RequirementFactory(principle=principle, evidence="online_presence")
    sign_up = start_sign_up(scheme=scheme, postcode="ZZ1 1AA", by=officer)
    reasons = refusal(lambda: submit_sign_up(sign_up, by=officer))
    assert reasons == missing_for_submission(sign_up)
    assert len(reasons) == 8
    assert all(str(reason).endswith(".") for reason in reasons)


def test_submitting_notifies_the_venue_and_the_council(officer):
    sign_up = SignUpFactory()
    submit_sign_up(sign_up, by=officer)
    sign_up.refresh_from_db()
    assert sign_up.submitted_by == officer
    assert kinds() == ["venues.sign_up_submitted"]
    assert {address for mail in Email.objects.all() for address in mail.to} == {
        "sam@example.org",
        "team@example.org",
    }


def test_letters_go_to_every_current_manager_and_no_former_one(officer):
    sign_up = SignUpFactory(submitted=True, checked=True)
    organisation = sign_up.venue.organisation
    manager = MembershipFactory(organisation=organisation).user
    MembershipFactory(organisation=organisation, user__is_active=False)
    MembershipFactory(organisation=organisation, role="staff")
    approve_sign_up(sign_up, by=officer, letter="Dear Sam")
    mail = Email.objects.get()
    assert set(mail.to) == {"sam@example.org", manager.email}
    signature = f"{sign_up.scheme.council}, {sign_up.scheme}\n"
    assert mail.message.startswith(f"Dear Sam\n\nAbout: {sign_up.venue}\n{signature}")


def test_approving_a_public_place_needs_every_check_passed(officer):
    sign_up = SignUpFactory(submitted=True)
    assert len(refusal(lambda: approve_sign_up(sign_up, by=officer, letter="x"))) == len(CHECKS)
    for kind in CHECKS:
        record_check(sign_up, kind=kind, passed=kind != "visited", by=officer)
    assert len(refusal(lambda: approve_sign_up(sign_up, by=officer, letter="x"))) == 1
    record_check(sign_up, kind="visited", passed=True, by=officer)
    approve_sign_up(sign_up, by=officer, letter="x")
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.approved_by) == ("approved", officer)


def test_an_internal_place_needs_no_checks(officer):
    sign_up = SignUpFactory(submitted=True, venue__listing="internal")
    approve_sign_up(sign_up, by=officer, letter="x")
    assert kinds() == ["venues.sign_up_approved"]


def test_a_check_stores_no_content_and_unknown_checks_are_refused(officer):
    sign_up = SignUpFactory()
    check = record_check(sign_up, kind="visited", passed=False, by=officer)
    assert (check.passed, check.checked_by, check.checked_on) == (
        False,
        officer,
        timezone.localdate(),
    )
    assert refusal(lambda: record_check(sign_up, kind="rumour", passed=True, by=officer))


def test_a_sign_up_entered_by_an_officer_needs_the_venues_confirmation(officer):
    scheme = SchemeFactory()
    principle = PrincipleFactory(scheme=scheme)
    sign_up = SignUpFactory(scheme=scheme, entered_by=officer, checked=True)
    assert refusal(lambda: confirm_agreement(sign_up, how="paper"))
    agree(sign_up, {principle: ("we_do", None)}, by=officer)
    submit_sign_up(sign_up, by=officer)
    assert Email.objects.filter(subject__contains="confirm").count() == 1
    (reason,) = refusal(lambda: approve_sign_up(sign_up, by=officer, letter="x"))
    assert "not confirmed" in reason
    confirm_agreement(sign_up, how="link")
    assert refusal(lambda: confirm_agreement(sign_up, how="link"))
    approve_sign_up(sign_up, by=officer, letter="x")
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"


def test_an_agreement_made_by_the_venue_needs_no_confirmation():
    sign_up = SignUpFactory()
    assert refusal(lambda: confirm_agreement(sign_up, how="link"))


def test_unmet_principles_become_tasks_and_block_nothing(officer):
    scheme = SchemeFactory()
    first, second, third = (PrincipleFactory(scheme=scheme) for _number in range(3))
    sign_up = SignUpFactory(scheme=scheme)
    day = datetime.date(2027, 1, 1)
    answers = {first: ("we_do", day), second: ("we_will", day), third: ("need_help", None)}
    agree(sign_up, answers, by=officer)
    assert [a.principle for a in unmet_principles(sign_up)] == [second, third]
    assert [a.will_by for a in sign_up.agreements.order_by("principle__order")] == [None, day, None]
    submit_sign_up(sign_up, by=officer)


def test_answering_is_refused_without_a_date_in_another_scheme_or_after_the_end(officer):
    sign_up = SignUpFactory()
    principle, other = PrincipleFactory(scheme=sign_up.scheme), PrincipleFactory()
    assert refusal(lambda: agree(sign_up, {principle: ("we_will", None)}, by=officer))
    assert refusal(lambda: agree(sign_up, {other: ("we_do", None)}, by=officer))
    SignUp.objects.update(state="declined")
    assert refusal(lambda: agree(sign_up, {principle: ("we_do", None)}, by=officer))
    assert not sign_up.agreements.exists()


def test_a_substantive_change_of_wording_asks_again_and_keeps_earlier_agreements(officer):
    scheme = SchemeFactory()
    principle = PrincipleFactory(scheme=scheme, wording="Old words.")
    sign_up = SignUpFactory(scheme=scheme, agreed=True, approved=True)
    SignUpFactory(scheme=scheme, agreed=True)  # drafts get no letter
    change_wording(
        principle, title=principle.title, wording="New words.", in_substance=True, by=officer
    )
    assert [p.pk for p in agreements_to_renew(sign_up)] == [principle.pk]
    assert sign_up.agreements.get().wording == "Old words."
    assert Email.objects.count() == 1
    principle.refresh_from_db()
    agree(sign_up, {principle: ("we_do", None)}, by=officer)
    assert not agreements_to_renew(sign_up)
    assert list(sign_up.agreements.order_by("version").values_list("wording", flat=True)) == [
        "Old words.",
        "New words.",
    ]


def test_a_corrected_comma_asks_nobody_to_agree_again(officer):
    sign_up = SignUpFactory(approved=True)
    principle = PrincipleFactory(scheme=sign_up.scheme)
    change_wording(principle, title="A title", wording="Words", in_substance=False, by=officer)
    principle.refresh_from_db()
    assert principle.version == 1
    assert not Email.objects.exists()
    assert kinds() == ["venues.wording_changed"]


def test_empty_or_unchanged_wording_is_refused(officer):
    principle = PrincipleFactory()
    for title, wording in [("", "x"), ("x", " "), (principle.title, principle.wording)]:
        assert refusal(
            lambda title=title, wording=wording: change_wording(
                principle, title=title, wording=wording, in_substance=True, by=officer
            )
        )


def test_changes_are_requested_per_principle_and_answered_by_resubmitting(officer):
    sign_up = SignUpFactory(submitted=True)
    principle = PrincipleFactory(scheme=sign_up.scheme)
    empty = [(principle, "  ")]
    assert refusal(lambda: ask_for_changes(sign_up, by=officer, requests=empty, letter="x"))
    ask_for_changes(
        sign_up, by=officer, requests=[(principle, "Say when."), (None, "The name.")], letter="x"
    )
    assert sign_up.change_requests.filter(answered_at=None).count() == 2
    agree(sign_up, {principle: ("we_do", None)}, by=officer)
    submit_sign_up(sign_up, by=officer)
    assert not sign_up.change_requests.filter(answered_at=None).exists()


def test_declining_and_suspending_require_a_reason(officer):
    sign_up = SignUpFactory(submitted=True)
    assert refusal(lambda: decline_sign_up(sign_up, by=officer, reason=" ", letter="x"))
    member = SignUpFactory(approved=True)
    assert refusal(lambda: suspend_sign_up(member, by=officer, reason=""))


def test_suspending_sends_no_letter_but_reinstating_does(officer):
    sign_up = SignUpFactory(approved=True)
    assert refusal(lambda: send_suspension_letter(sign_up, letter="x", by=officer))
    assert refusal(lambda: reinstate_sign_up(sign_up, by=officer, letter="x"))
    suspend_sign_up(sign_up, by=officer, reason="A report of harm")
    assert not Email.objects.exists()
    assert refusal(lambda: approve_sign_up(sign_up, by=officer, letter="x"))
    assert refusal(lambda: send_suspension_letter(sign_up, letter=" ", by=officer))
    send_suspension_letter(sign_up, letter="Dear Sam", by=officer)
    reinstate_sign_up(sign_up, by=officer, letter="Welcome back")
    first_lines = [mail.message.split("\n")[0] for mail in Email.objects.order_by("id")]
    assert first_lines == ["Dear Sam", "Welcome back"]
    assert "harm" not in "".join(mail.message for mail in Email.objects.all())
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"


def test_leaving_ends_the_sticker(officer):
    sign_up = SignUpFactory(approved=True)
    sticker = StickerFactory(sign_up=sign_up)
    withdraw_sign_up(sign_up, by=officer)
    sticker.refresh_from_db()
    assert (sticker.end_reason, sticker.ended_by) == ("withdrawn", officer)
    assert set(kinds()) == {"venues.sign_up_withdrawn", "venues.sticker_ended"}


def test_a_returning_venue_starts_afresh_with_no_agreements(officer):
    scheme = SchemeFactory()
    PrincipleFactory(scheme=scheme)
    old = SignUpFactory(scheme=scheme, agreed=True, checked=True)
    MembershipFactory(organisation=old.venue.organisation, user=officer)
    assert refusal(lambda: start_again(old, by=officer))
    withdraw_sign_up(old, by=officer)
    assert list(SignUp.objects.managed_by(officer)) == [old]
    new = start_again(old, by=officer)
    assert new.state == "draft"
    assert agreements_to_renew(new)
    assert not new.checks.exists()
    assert list(SignUp.objects.managed_by(officer)) == [new]
    assert refusal(lambda: start_again(old, by=officer))


def test_a_place_has_at_most_one_live_sign_up_per_scheme():
    venue, scheme = VenueFactory(), SchemeFactory()
    SignUpFactory(venue=venue, scheme=scheme)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUpFactory(venue=venue, scheme=scheme)
