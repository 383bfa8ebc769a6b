"""People at a place, members of an organisation, and enquiries."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import (
    accept_invitation,
    add_staff_member,
    answer_enquiry,
    ask_to_be_rung,
    end_post,
    give_role,
    hide_scheme,
    hide_type,
    invite_member,
    show_scheme,
    take_role,
)
from venues.models import Event, Invitation, Membership, Officer, Post, StaffMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def by():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def refusal(call):
    before = kinds(), Email.objects.count()
    with pytest.raises(Refused) as refused:
        call()
    assert before == (kinds(), Email.objects.count())
    return list(refused.value.reasons)


def test_a_person_is_added_by_first_name_alone(by):
    venue = VenueFactory()
    person = add_staff_member(venue.organisation, first_name=" Alex ", venue=venue, by=by)
    assert (person.first_name, person.email) == ("Alex", "")
    assert Post.objects.get().from_date == timezone.localdate()
    assert Event.objects.get().data == {}


def test_adding_someone_needs_a_name_and_a_place_of_your_own_organisation(by):
    venue = VenueFactory()
    assert refusal(lambda: add_staff_member(venue.organisation, first_name=" ", venue=venue, by=by))
    other = OrganisationFactory()
    assert refusal(lambda: add_staff_member(other, first_name="Alex", venue=venue, by=by))
    assert not StaffMember.objects.exists()


def test_the_last_day_is_set_once_and_cannot_precede_the_first(by):
    venue = VenueFactory()
    person = add_staff_member(venue.organisation, first_name="Alex", venue=venue, by=by)
    post, today = person.posts.get(), timezone.localdate()
    assert refusal(lambda: end_post(post, last_day=today - datetime.timedelta(days=1), by=by))
    end_post(post, last_day=today, by=by)
    assert Post.objects.current(today).exists()
    assert not Post.objects.current(today + datetime.timedelta(days=1)).exists()
    assert refusal(lambda: end_post(post, last_day=today, by=by))


def test_only_the_invited_address_can_accept_and_only_once(by):
    organisation = OrganisationFactory()
    invitation = invite_member(organisation, email="Jo@example.org", role="manager", by=by)
    assert Email.objects.get().to == ["Jo@example.org"]
    assert refusal(lambda: accept_invitation(invitation, by=by))
    jo = UserFactory(email="jo@example.org")
    accept_invitation(invitation, by=jo)
    assert Membership.objects.get(user=jo).role == "manager"
    assert refusal(lambda: accept_invitation(invitation, by=jo))


def test_inviting_a_member_or_somebody_already_invited_is_refused(by):
    organisation = OrganisationFactory()
    member = MembershipFactory(organisation=organisation).user
    assert refusal(
        lambda: invite_member(organisation, email=member.email.upper(), role="staff", by=by)
    )
    invite_member(organisation, email="jo@example.org", role="staff", by=by)
    assert refusal(lambda: invite_member(organisation, email="JO@example.org", role="staff", by=by))
    assert Invitation.objects.count() == 1


def test_an_enquiry_can_only_be_answered_once(by):
    enquiry = ask_to_be_rung(SchemeFactory(), name="Jo", venue_name="Café", phone="01632 960001")
    answer_enquiry(enquiry, by=by)
    assert refusal(lambda: answer_enquiry(enquiry, by=by))
    assert Event.objects.get().data == {}


def test_a_schemes_last_administrator_cannot_be_removed(by):
    scheme = SchemeFactory()
    only = OfficerFactory(scheme=scheme, role="administrator")
    assert refusal(lambda: take_role(only, by=by))
    assert refusal(lambda: give_role(scheme, email=only.user.email, role="viewer", by=by))
    assert refusal(lambda: give_role(scheme, email=only.user.email, role="administrator", by=by))
    assert refusal(lambda: give_role(scheme, email="new@example.org", role="king", by=by))
    give_role(scheme, email="new@example.org", role="administrator", by=by)
    take_role(only, by=by)
    assert Officer.objects.get().user.email == "new@example.org"
    assert kinds() == ["venues.role_given", "venues.role_taken"]


def test_hiding_and_showing_a_scheme_each_work_once(by):
    scheme = SchemeFactory()
    assert refusal(lambda: show_scheme(scheme, by=by))
    hide_scheme(scheme, by=by)
    assert refusal(lambda: hide_scheme(scheme, by=by))
    show_scheme(scheme, by=by)
    assert kinds() == ["venues.scheme_hidden", "venues.scheme_shown"]
    assert refusal(lambda: hide_type(scheme, "castle", by=by))
