"""Nothing listed is unlisted without a period of grace that a letter announced."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from tests.factories import (
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
)
from venues.actions import (
    change_venue,
    end_sticker,
    hide_scheme,
    mark_letter_posted,
    reinstate_sign_up,
    remove_requirement,
    save_requirement,
    suspend_sign_up,
    withdraw_sign_up,
)
from venues.duties import warn_of_lapses
from venues.evidence import outstanding
from venues.evidence_kinds import Stage
from venues.models import (
    Agreement,
    EvidenceRecord,
    Lapse,
    Letter,
    Requirement,
    Scheme,
    SignUp,
    Venue,
)
from venues.next_steps import one_sentence, standing
from venues.queues import find_queue
from venues.tasks import help_wanted

from .test_evidence_agrees import reviewed_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
GRACE = 28


def today(after=0):
    return timezone.localdate() + datetime.timedelta(days=after)


def noon(after=0):
    return timezone.now().replace(hour=12) + datetime.timedelta(days=after)


def is_listed(after=0):
    return SignUp.objects.listed(today(after)).exists()


def a_day_passes(after):
    """Run one day's hourly duties and let every queued letter leave."""
    warn_of_lapses(noon(after))
    Email.objects.update(status=STATUS.sent)
    warn_of_lapses(noon(after))


@pytest.fixture
def scheme():
    return SchemeFactory(grace_days=GRACE)


@pytest.fixture
def officer():
    return UserFactory()


@pytest.fixture
def sign_up(scheme):
    """A long-listed sign-up with a sticker."""
    RequirementFactory(principle__scheme=scheme, evidence="current_sticker", needed_for="standing")
    return SignUpFactory(
        scheme=scheme,
        approved=True,
        approved_at=noon(-300),
        listed=True,
        listed_since=today(-290),
    )


def require(scheme, kind, **more):
    return RequirementFactory(
        principle__scheme=scheme, evidence=kind, needed_for="standing", **more
    )


def assert_it_leaves_after_its_grace_only():
    assert is_listed()
    a_day_passes(0)
    a_day_passes(1)
    assert Letter.objects.filter(kind="venues.lapse_warned").count() == 1
    assert is_listed(GRACE)
    a_day_passes(GRACE - 7)
    a_day_passes(GRACE - 6)
    assert Letter.objects.filter(kind="venues.grace_ends").count() == 1
    assert not is_listed(GRACE + 1)


def test_a_removed_website_leaves_the_venue_listed_for_its_grace(scheme, sign_up, officer):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    assert Lapse.objects.get().since == today()
    assert_it_leaves_after_its_grace_only()


def test_a_restored_website_ends_the_grace_and_the_next_loss_starts_a_new_one(
    scheme, sign_up, officer
):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    a_day_passes(0)
    a_day_passes(GRACE + 1)
    assert not is_listed(GRACE + 1)
    change_venue(sign_up.venue, {"website": "https://example.org/"}, by=officer)
    assert is_listed(GRACE + 1)
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    assert is_listed(GRACE + 1)


def test_a_new_requirement_counts_from_the_day_it_was_added(scheme, sign_up, officer):
    Venue.objects.update(website="")
    save_requirement(
        Requirement(
            principle=scheme.principles.get(), evidence="online_presence", needed_for="submission"
        ),
        by=officer,
    )
    assert Requirement.objects.get(evidence="online_presence").asked_since == today()
    assert_it_leaves_after_its_grace_only()


def trained(sign_up):
    require(sign_up.scheme, "trained_people", subject="introductory")
    EvidenceRecord.objects.create(
        sign_up=sign_up,
        evidence="trained_people",
        subject="introductory",
        valid_until=today(-100),
        imported_by=sign_up.started_by,
    )
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    then = noon(-90)
    reviewed_module().enrolments.create(
        staff_member=person,
        module_version=1,
        scheme=sign_up.scheme,
        enrolled_by=sign_up.started_by,
        code_expires_at=then,
        check_passed_at=then,
        score=90,
        completed_at=then,
        valid_until=today(200),
    )
    return Requirement.objects.get(evidence="trained_people")


@pytest.mark.parametrize("change", [{"at_least": 2}, {"subject": "introductry"}])
def test_raising_a_requirement_or_changing_its_subject_counts_from_that_day(
    sign_up, officer, change
):
    requirement = trained(sign_up)
    for name, value in change.items():
        setattr(requirement, name, value)
    save_requirement(requirement, by=officer)
    assert_it_leaves_after_its_grace_only()


def test_relaxing_a_requirement_does_not_restart_its_date(sign_up, officer):
    requirement = trained(sign_up)
    before = requirement.asked_since
    requirement.needed_for = "sticker"
    assert save_requirement(requirement, by=officer).asked_since == before


def test_shortening_the_grace_does_not_shorten_what_a_letter_announced(scheme, sign_up, officer):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    a_day_passes(0)
    Scheme.objects.update(grace_days=0)
    a_day_passes(5)
    assert is_listed(GRACE)
    assert not is_listed(GRACE + 1)


def test_shortening_the_grace_unlists_nobody_who_was_not_told(scheme, sign_up, officer):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    Scheme.objects.update(grace_days=0)
    assert is_listed(3)


def test_an_expired_sticker_leaves_the_venue_listed_for_its_grace(sign_up):
    sign_up.stickers.update(expires_on=today(-1))
    assert is_listed()
    a_day_passes(0)
    a_day_passes(1)
    assert is_listed(GRACE - 1)
    assert not is_listed(GRACE)


def test_a_recalled_sticker_leaves_the_venue_listed_for_its_grace(sign_up, officer):
    end_sticker(sign_up.stickers.get(), by=officer, reason="lost")
    assert_it_leaves_after_its_grace_only()


def test_grace_does_not_end_before_its_letter_is_sent(scheme, sign_up, officer):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    warn_of_lapses(noon(0))
    assert is_listed(GRACE + 50)
    Email.objects.update(status=STATUS.failed)
    warn_of_lapses(noon(2))
    assert is_listed(GRACE + 50)


def test_without_an_email_address_grace_runs_only_once_the_letter_is_posted(
    scheme, sign_up, officer
):
    require(scheme, "online_presence")
    Venue.objects.update(contact_email="")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    warn_of_lapses(noon(0))
    to_post = find_queue("to_post").find(SignUp.objects.all(), noon(0))
    assert list(to_post) == [sign_up]
    assert is_listed(GRACE + 50)
    mark_letter_posted(Letter.objects.get(), by=officer)
    warn_of_lapses(noon(0))
    assert is_listed(GRACE)
    assert not is_listed(GRACE + 1)
    assert not to_post.all().exists()


def test_a_late_letter_still_leaves_a_fortnight(scheme, sign_up, officer):
    require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    warn_of_lapses(noon(0))
    Email.objects.update(status=STATUS.sent)
    warn_of_lapses(noon(GRACE))  # nothing ran for four weeks
    assert is_listed(GRACE + 13)
    assert not is_listed(GRACE + 14)


def test_suspending_leaving_and_hiding_take_effect_at_once(scheme, sign_up, officer):
    hide_scheme(scheme, by=officer)
    assert not is_listed()
    Scheme.objects.update(hidden_at=None, hidden_by=None)
    assert is_listed()
    suspend_sign_up(sign_up, by=officer, reason="A report.")
    assert not is_listed()
    reinstate_sign_up(sign_up, by=officer, letter="Welcome back.")
    assert is_listed()
    withdraw_sign_up(sign_up, by=officer)
    assert not is_listed()


def test_a_reinstated_venue_gets_no_grace_for_an_expired_sticker(scheme, sign_up, officer):
    suspend_sign_up(sign_up, by=officer, reason="A report.")
    sign_up.stickers.update(expires_on=today(-GRACE - 1))
    reinstate_sign_up(sign_up, by=officer, letter="Welcome back.")
    assert not is_listed()


def test_removing_a_requirement_ends_its_grace(scheme, sign_up, officer):
    requirement = require(scheme, "online_presence")
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    a_day_passes(0)
    remove_requirement(requirement, by=officer)
    assert not Lapse.objects.exists()
    assert is_listed(GRACE + 1)


def sentence(sign_up, after=0):
    return one_sentence(sign_up, standing(sign_up, today(after)), noon(after))


def test_the_portals_sentence_is_true_in_every_state(scheme, sign_up, officer):
    require(scheme, "online_presence")
    assert "people can find you" in sentence(sign_up)
    change_venue(sign_up.venue, {"website": ""}, by=officer)
    last = today(GRACE)
    named = f"until {last.day} {last:%B %Y}"
    assert named in sentence(sign_up)
    a_day_passes(0)
    assert named in sentence(sign_up, 20)
    assert "no longer find" in sentence(sign_up, GRACE + 1)
    left = outstanding(sign_up, Stage.STANDING, today(GRACE + 1))
    assert [proof.state for proof in left] == ["missing"]


def test_a_place_awaiting_its_first_sticker_is_told_it_is_not_findable_yet(scheme):
    require(scheme, "current_sticker")
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    assert "cannot find you yet" in sentence(sign_up)
    assert not outstanding(sign_up, Stage.STANDING, today())
    assert not find_queue("missing").find(SignUp.objects.all(), noon()).exists()
    StickerFactory(sign_up=sign_up)
    assert "people can find you" in sentence(sign_up)


def test_principles_in_progress_leave_out_those_already_proved(scheme, sign_up):
    online, calm = PrincipleFactory.create_batch(2, scheme=scheme)
    RequirementFactory(principle=online, evidence="online_presence", needed_for="submission")
    for principle in (online, calm):
        Agreement.objects.create(
            sign_up=sign_up,
            principle=principle,
            version=1,
            wording=principle.wording,
            answer="need_help",
            agreed_by=sign_up.started_by,
        )
    assert [each.principle for each in help_wanted(sign_up)] == [calm]
    Venue.objects.update(website="")
    assert [each.principle for each in help_wanted(sign_up)] == [online, calm]
