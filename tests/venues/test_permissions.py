"""Permissions: the role in an object's own scheme decides; an object without a scheme is closed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tests.coverage.factories import OtherPlaceFactory, SourceFactory
from tests.factories import (
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from venues.models import (
    Check,
    Enquiry,
    Event,
    Merge,
    Officer,
    Organisation,
    OrganisationSignUp,
    SignUp,
    Sticker,
)

pytestmark = pytest.mark.django_db
DECIDE, VIEW = "venues.change_venue", "venues.view_venue"


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme, role="administrator").user


@pytest.fixture
def stranger():
    """An administrator of another scheme."""
    return OfficerFactory(role="administrator").user


THINGS = {
    "a scheme": lambda scheme: scheme,
    "a venue": lambda scheme: VenueFactory(lead_scheme=scheme),
    "an organisation": lambda scheme: VenueFactory(lead_scheme=scheme).organisation,
    "a sign-up": lambda scheme: SignUpFactory(scheme=scheme),
    "a sticker": lambda scheme: StickerFactory(sign_up=SignUpFactory(scheme=scheme)),
    "a principle": lambda scheme: PrincipleFactory(scheme=scheme),
    "a role": lambda scheme: OfficerFactory(scheme=scheme),
    "somebody else's place": lambda scheme: OtherPlaceFactory(source=SourceFactory(scheme=scheme)),
}


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_only_officers_of_its_scheme_can_change_an_object(scheme, officer, stranger, make):
    thing = make(scheme)
    assert officer.has_perm(DECIDE, thing)
    assert not stranger.has_perm(DECIDE, thing)


WITHOUT_SCHEME = {
    "an organisation without venues": OrganisationFactory,
    "somebody with an account": UserFactory,
    "an enquiry about no scheme": Enquiry,
    "a line of history about no scheme": Event,
    "a sticker of no sign-up": Sticker,
    "a check of no sign-up": Check,
    "a sign-up begun in no scheme": SignUp,
    "a thing of a kind nobody has thought of": object,
}


@pytest.mark.parametrize("make", WITHOUT_SCHEME.values(), ids=WITHOUT_SCHEME)
def test_an_object_without_a_scheme_is_closed_to_everybody(officer, make):
    assert officer.has_perm(DECIDE), "of the things of their own scheme they may"
    thing = make()
    assert not officer.has_perm(DECIDE, thing)
    assert not officer.has_perm(VIEW, thing)


def test_an_unregistered_permission_is_given_to_nobody(officer, scheme):
    assert not officer.has_perm("venues.no_such_thing")
    assert not officer.has_perm("venues.no_such_thing", scheme)


def test_an_organisation_belongs_to_the_schemes_of_all_its_venues(scheme, officer, stranger):
    organisation = OrganisationFactory()
    VenueFactory(organisation=organisation, lead_scheme=stranger.officer_roles.get().scheme)
    assert not officer.has_perm(DECIDE, organisation)
    VenueFactory(organisation=organisation, lead_scheme=scheme)
    for user in (officer, stranger):
        assert user.has_perm(DECIDE, Organisation.objects.get(pk=organisation.pk))


def sign_up_as_a_whole(organisation, scheme, **fields):
    return OrganisationSignUp.objects.create(
        organisation=organisation, scheme=scheme, started_by=UserFactory(), **fields
    )


def test_an_organisation_without_venues_belongs_to_the_schemes_it_asked_to_join(
    scheme, officer, stranger
):
    organisation = OrganisationFactory()
    draft = sign_up_as_a_whole(organisation, scheme, reference="AA-1")
    assert not officer.has_perm(DECIDE, organisation), "it has not sent anything yet"
    draft.state, draft.submitted_at, draft.submitted_by = "submitted", timezone.now(), UserFactory()
    draft.save()
    assert officer.has_perm(DECIDE, organisation)
    assert not stranger.has_perm(DECIDE, organisation)
    VenueFactory(organisation=organisation, lead_scheme=stranger.officer_roles.get().scheme)
    assert stranger.has_perm(DECIDE, organisation)
    assert not officer.has_perm(DECIDE, organisation), "its venues decide"


def test_a_merge_belongs_to_every_scheme_that_it_concerns(scheme, officer, stranger):
    merge = Merge.objects.create(
        keep_venue=VenueFactory(), other_venue=VenueFactory(), asked_by=officer
    )
    assert not officer.has_perm(DECIDE, merge)
    merge.schemes.add(scheme)
    assert officer.has_perm(DECIDE, merge)
    assert not stranger.has_perm(DECIDE, merge)
    merge.schemes.add(stranger.officer_roles.get().scheme)
    assert officer.has_perm(DECIDE, merge)
    assert stranger.has_perm(DECIDE, merge)


def test_a_signposted_place_stays_with_its_list_when_another_scheme_signs_it_up(
    scheme, officer, stranger
):
    theirs = VenueFactory(lead_scheme=stranger.officer_roles.get().scheme)
    other_place = OtherPlaceFactory(
        source=SourceFactory(scheme=scheme),
        venue=theirs,
        linked_at=timezone.now(),
        linked_by=officer,
    )
    assert officer.has_perm(DECIDE, other_place)
    assert not stranger.has_perm(DECIDE, other_place)


def test_roles_in_two_schemes_do_not_combine(scheme):
    user = OfficerFactory(scheme=scheme, role="viewer").user
    decides = OfficerFactory(user=user, role="officer").scheme
    assert user.has_perm(VIEW, scheme)
    assert not user.has_perm(DECIDE, scheme)
    assert user.has_perm(DECIDE, decides)


@pytest.mark.parametrize("role", Officer.Role)
def test_an_inactive_user_has_no_permissions(scheme, role):
    user = OfficerFactory(scheme=scheme, role=role).user
    assert user.has_perm(VIEW, scheme)
    user.is_active = False
    assert not user.has_perm(VIEW, scheme)
    assert not user.has_module_perms("venues")


def test_a_user_without_a_role_has_no_permissions(scheme):
    for user in (UserFactory(), AnonymousUser()):
        assert not user.has_perm(VIEW)
        assert not user.has_perm(VIEW, scheme)
        assert not user.has_module_perms("venues")


def test_an_app_is_listed_only_for_users_with_a_permission_in_it(officer):
    assert officer.has_module_perms("venues")
    assert not officer.has_module_perms("venue")
    assert not officer.has_module_perms("accounts")


def test_a_users_roles_are_queried_once_per_page(officer, django_assert_num_queries):
    officer.has_perm(DECIDE)
    with django_assert_num_queries(0):
        assert officer.has_perm(VIEW)
        assert officer.has_module_perms("training")


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("partnership.enter_return", {"officer", "chair", "administrator"}),
        ("partnership.close_period", {"chair", "administrator"}),
        ("training.invite_to_training", {"officer", "trainer", "administrator"}),
        ("training.close_register", {"trainer", "administrator"}),
        ("training.review_module", {"administrator"}),
        ("venues.suspend_sign_up", {"officer", "administrator"}),
        ("venues.view_venue", set(Officer.Role.values)),
    ],
)
def test_each_role_has_exactly_its_permissions(scheme, permission, roles):
    may = {
        role
        for role in Officer.Role.values
        if OfficerFactory(scheme=scheme, role=role).user.has_perm(permission, scheme)
    }
    assert may == roles
