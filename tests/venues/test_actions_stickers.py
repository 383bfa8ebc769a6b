"""Issuing, sending, displaying, renewing and ending window stickers."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
)
from venues.actions import (
    end_sticker,
    issue_sticker,
    keep_earlier_sticker,
    mark_sticker_displayed,
    mark_sticker_sent,
    suspend_sign_up,
)
from venues.actions.stickers import CODE_LENGTH, CODE_LETTERS, _months_after, sticker_refusals
from venues.models import Event, SignUp, Sticker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def by():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def refusal(call):
    before = list(Sticker.objects.order_by("pk").values()), kinds(), Email.objects.count()
    with pytest.raises(Refused) as refused:
        call()
    assert before == (
        list(Sticker.objects.order_by("pk").values()),
        kinds(),
        Email.objects.count(),
    )
    return list(refused.value.reasons)


def days(number):
    return datetime.timedelta(days=number)


def test_issuing_assigns_a_number_and_a_code_and_notifies_the_venue(by):
    sign_up = SignUpFactory(approved=True)
    sticker = issue_sticker(sign_up, by=by)
    assert sticker.number == 1
    assert len(sticker.code) == CODE_LENGTH
    assert set(sticker.code) <= set(CODE_LETTERS)
    assert sticker.expires_on.month == timezone.localdate().month
    assert sticker.expires_on.year == timezone.localdate().year + 1
    assert kinds() == ["venues.sticker_issued"]
    assert Email.objects.get().to == ["sam@example.org"]
    assert issue_sticker(SignUpFactory(scheme=sign_up.scheme, approved=True), by=by).number == 2
    assert issue_sticker(SignUpFactory(approved=True), by=by).number == 1


def test_a_refusal_gives_every_reason_and_changes_nothing(by):
    scheme = SchemeFactory()
    RequirementFactory(principle__scheme=scheme, evidence="online_presence", needed_for="sticker")
    RequirementFactory(principle__scheme=scheme, evidence="opening_hours")
    RequirementFactory(
        principle__scheme=scheme, evidence="sticker_displayed", needed_for="standing"
    )
    sign_up = SignUpFactory(scheme=scheme, venue__listing="internal", venue__website="")
    reasons = refusal(lambda: issue_sticker(sign_up, by=by))
    assert len(reasons) == 4
    assert reasons == sticker_refusals(sign_up, timezone.localdate())


@pytest.mark.parametrize("state", ["draft", "submitted", "suspended", "withdrawn"])
def test_only_an_approved_place_gets_a_sticker(state, by):
    sign_up = SignUpFactory(approved=True)
    SignUp.objects.update(state=state)
    assert len(refusal(lambda: issue_sticker(sign_up, by=by))) == 1


def test_a_current_sticker_is_not_reissued_early(by):
    sign_up = SignUpFactory(approved=True, listed=True)
    assert len(refusal(lambda: issue_sticker(sign_up, by=by))) == 1


@pytest.mark.parametrize("left", [-1, 0, 29])
def test_renewal_is_allowed_from_the_last_month_and_ends_the_old_sticker(left, by):
    old = StickerFactory(expires_on=timezone.localdate() + days(left))
    new = issue_sticker(old.sign_up, by=by)
    old.refresh_from_db()
    assert old.end_reason == "renewed"
    assert list(Sticker.objects.live()) == [new]
    assert new.number == old.number + 1


def test_a_one_month_sticker_from_the_31st_expires_at_the_end_of_next_month():
    from_day = datetime.date(2027, 1, 31)
    assert _months_after(from_day, 1) == datetime.date(2027, 2, 28)
    assert _months_after(from_day, 11) == datetime.date(2027, 12, 31)
    assert _months_after(from_day, 12) == datetime.date(2028, 1, 31)
    assert _months_after(datetime.date(2028, 2, 29), 12) == datetime.date(2029, 2, 28)
    assert _months_after(datetime.date(2027, 12, 1), 1) == datetime.date(2028, 1, 1)


def test_a_sticker_is_marked_sent_and_displayed_once_each(by):
    sticker = StickerFactory()
    mark_sticker_sent(sticker, by=by)
    mark_sticker_displayed(sticker, by=by)
    sticker.refresh_from_db()
    assert (sticker.sent_by, sticker.displayed_by) == (by, by)
    assert refusal(lambda: mark_sticker_sent(sticker, by=by))
    assert refusal(lambda: mark_sticker_displayed(sticker, by=by))
    assert kinds() == ["venues.sticker_sent", "venues.sticker_displayed"]


def test_an_ended_sticker_cannot_be_marked_or_ended_again(by):
    sticker = StickerFactory()
    assert refusal(lambda: end_sticker(sticker, by=by, reason="because"))
    end_sticker(sticker, by=by, reason="lost")
    for act in (
        lambda: mark_sticker_sent(sticker, by=by),
        lambda: mark_sticker_displayed(sticker, by=by),
        lambda: end_sticker(sticker, by=by, reason="lost"),
    ):
        assert refusal(act)
    assert SignUp.objects.listed(timezone.localdate()).exists()  # still within grace
    assert issue_sticker(sticker.sign_up, by=by).number == sticker.number + 1


def test_a_suspended_place_keeps_its_sticker_for_reinstatement(by):
    sticker = StickerFactory()
    suspend_sign_up(sticker.sign_up, by=by, reason="A report.")
    assert Sticker.objects.live().get() == sticker


def test_an_earlier_sticker_cannot_be_kept_for_an_unapproved_place():
    sign_up = SignUpFactory(
        submitted=True, scheme__earlier_records_valid_until=timezone.localdate()
    )
    with pytest.raises(Refused, match="that was approved"):
        keep_earlier_sticker(sign_up, number=5, by=UserFactory())
    assert not sign_up.stickers.exists()
