"""An existing place joins a second scheme: one venue, two independent sign-ups."""

import pytest
from django.utils import timezone

from common.refusals import Refused
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
    VenueFactory,
)
from tests.training.factories import CompletionFactory, ModuleFactory
from training.models import Enrolment
from venues import actions
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.listing import badges
from venues.models import Event, Organisation, SignUp, Venue
from venues.models.sign_ups import State

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def first():
    """A café approved in its first scheme, with hours and one member of staff."""
    sign_up = SignUpFactory(approved=True, venue__hours=ALWAYS)
    StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    return sign_up


@pytest.fixture
def manager(first):
    return MembershipFactory(organisation=first.venue.organisation).user


@pytest.fixture
def second():
    scheme = SchemeFactory(name="Safe Havens")
    PrincipleFactory(scheme=scheme, title="A place to sit")
    return scheme


def join(first, scheme, manager, **more):
    return actions.join_scheme(first.venue, scheme, by=manager, **more)


def test_joining_adds_a_sign_up_for_the_same_place(first, second, manager):
    joined = join(first, second, manager)
    assert (joined.venue, joined.scheme, joined.state) == (first.venue, second, State.DRAFT)
    assert Venue.objects.count() == Organisation.objects.count() == 1
    assert joined.venue.lead_scheme == first.scheme


def test_shared_facts_are_not_asked_again_but_principles_are(first, second, manager):
    joined = join(first, second, manager)
    with pytest.raises(Refused) as refused:
        actions.submit_sign_up(joined, by=manager)
    assert list(refused.value.reasons) == ["Answer the core principles (1 to go)."]
    principle = second.principles.get()
    actions.agree(joined, {principle: ("we_do", None)}, by=manager)
    assert actions.submit_sign_up(joined, by=manager).state == State.SUBMITTED


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_asked_for"])
def test_joining_is_refused_while_a_live_sign_up_exists(first, second, manager, state):
    join(first, second, manager)
    SignUp.objects.filter(scheme=second).update(state=state)
    with pytest.raises(Refused, match="has a sign-up to this scheme already"):
        join(first, second, manager)
    assert SignUp.objects.filter(scheme=second).count() == 1


def test_a_place_that_left_a_scheme_can_rejoin_it(first, second, manager):
    actions.withdraw_sign_up(join(first, second, manager), by=manager)
    assert join(first, second, manager).state == State.DRAFT


def test_a_scheme_that_is_not_open_cannot_be_joined(first, manager):
    closed = SchemeFactory(
        closed_at=timezone.now(), closed_by=manager, hidden_at=timezone.now(), hidden_by=manager
    )
    for scheme in (SchemeFactory(draft=True), closed):
        with pytest.raises(Refused, match="does not take sign-ups now"):
            join(first, scheme, manager)


@pytest.mark.parametrize("role", ["staff", None])
def test_only_a_manager_can_join_a_place_to_a_scheme(first, second, role):
    user = UserFactory()
    if role:
        MembershipFactory(organisation=first.venue.organisation, user=user, role=role)
    with pytest.raises(Refused, match="Only a manager"):
        join(first, second, user)
    assert not SignUp.objects.filter(scheme=second).exists()


def test_only_the_new_schemes_history_records_the_joining(first, second, manager):
    joined = join(first, second, manager, shares_people=True)
    event = Event.objects.get(kind="venues.scheme_joined")
    assert (event.scheme, event.sign_up, event.by) == (second, joined, manager)


def test_people_are_shared_only_if_the_place_chooses_to(first, second, manager):
    assert not join(first, second, manager).shares_people
    assert first.shares_people
    other = SchemeFactory()
    assert join(first, other, manager, shares_people=True).shares_people


def test_after_a_hand_over_people_are_shared_only_with_the_lead_scheme_until_the_owner_chooses(
    first, second, manager
):
    join(first, second, manager, shares_people=True)
    actions.hand_over_venue(
        first.venue, by=UserFactory(), organisation_name="New owner", manager_email="n@example.org"
    )
    shares = dict(SignUp.objects.live().values_list("scheme", "shares_people"))
    assert shares == {first.scheme_id: True, second.pk: False}


class TestTraining:
    @pytest.fixture
    def module(self):
        return ModuleFactory()

    @pytest.fixture
    def joined(self, first, second, manager, module):
        RequirementFactory(
            principle=second.principles.get(),
            evidence="trained_people",
            needed_for="sticker",
            subject=module.slug,
        )
        person = first.venue.posts.get().staff_member
        CompletionFactory(staff_member=person, module=module, scheme=first.scheme)
        return join(first, second, manager)

    def is_trained(self, sign_up):
        sign_up = SignUp.objects.get(pk=sign_up.pk)
        (proof,) = [
            each
            for each in proofs(sign_up, Stage.STANDING, today())
            if each.requirement.evidence == "trained_people"
        ]
        in_list = SignUp.objects.with_standing(today()).get(pk=sign_up.pk).ready_for_sticker
        assert in_list == proof.is_held
        return proof.is_held

    def test_training_counts_in_a_second_scheme_where_people_are_shared(self, joined, manager):
        assert not self.is_trained(joined)
        actions.share_people(joined, shares=True, by=manager)
        assert self.is_trained(joined)
        actions.share_people(joined, shares=False, by=manager)
        assert not self.is_trained(joined)

    def test_a_scheme_always_counts_training_done_for_it(self, first, joined):
        Enrolment.objects.update(scheme=joined.scheme)
        assert self.is_trained(joined)

    def test_a_schemes_own_copy_of_a_module_counts_for_it_alone(
        self, first, joined, module, manager
    ):
        own = ModuleFactory(slug="our-copy", copy_of=module)
        own.schemes.add(joined.scheme)
        joined.scheme.principles.get().requirements.update(subject=own.slug)
        actions.share_people(joined, shares=True, by=manager)
        assert not self.is_trained(joined)
        person = first.venue.posts.get().staff_member
        CompletionFactory(staff_member=person, module=own, scheme=joined.scheme)
        assert self.is_trained(joined)

    def test_training_at_another_place_does_not_count(self, joined, module, manager):
        actions.share_people(joined, shares=True, by=manager)
        elsewhere = VenueFactory(organisation=joined.venue.organisation)
        joined.venue.posts.update(venue=elsewhere)
        assert not self.is_trained(joined)

    def test_withdrawing_sharing_leaves_a_listed_place_its_grace(self, joined, manager):
        actions.share_people(joined, shares=True, by=manager)
        SignUp.objects.filter(pk=joined.pk).update(
            state=State.APPROVED, approved_at=timezone.now(), approved_by=manager
        )
        assert joined.scheme in badges([joined.venue], today())[joined.venue_id]
        actions.share_people(joined, shares=False, by=manager)
        assert joined.scheme in badges([joined.venue], today())[joined.venue_id]
        assert joined.lapses.open(today()).exists()

    def test_the_choice_is_recorded_once_in_the_schemes_history(self, joined, manager):
        for _time in range(2):
            actions.share_people(joined, shares=True, by=manager)
        assert Event.objects.get(kind="venues.people_shared").scheme == joined.scheme

    def test_an_ended_sign_up_has_no_sharing_choice(self, joined, manager):
        actions.withdraw_sign_up(joined, by=manager)
        with pytest.raises(Refused, match="has ended"):
            actions.share_people(joined, shares=True, by=manager)


def listed_in(venue, *names):
    return [
        SignUpFactory(venue=venue, scheme=SchemeFactory(name=name), approved=True) for name in names
    ]


def test_badges_are_the_schemes_that_list_a_place_today(django_assert_num_queries):
    one, two, none = VenueFactory(), VenueFactory(), VenueFactory()
    sign_ups = listed_in(one, "Zebra", "Acorn")
    listed_in(two, "Beech")
    SignUpFactory(venue=none)
    with django_assert_num_queries(1):
        found = badges([one, two, none], today())
    assert {pk: [str(scheme) for scheme in schemes] for pk, schemes in found.items()} == {
        one.pk: ["Acorn", "Zebra"],
        two.pk: ["Beech"],
        none.pk: [],
    }
    actions.suspend_sign_up(sign_ups[0], by=UserFactory(), reason="A complaint")
    assert [str(scheme) for scheme in badges([one], today())[one.pk]] == ["Acorn"]
    assert Venue.objects.listed(today()).filter(pk=one.pk).count() == 1
