"""The second entry of a merge is searched for; what was merged meanwhile is refused in words."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from safespaces.imports.branches import import_branches
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues import actions
from venues.actions.closures import Days
from venues.models import Closure, Invitation, Membership, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme).user
    client.force_login(user)
    return user


def place(scheme, name, **more):
    venue = VenueFactory(lead_scheme=scheme, name=name, **more)
    return SignUpFactory(scheme=scheme, venue=venue, approved=True).venue


def found(client, keep, words):
    kind = "venue" if hasattr(keep, "postcode") else "organisation"
    url = reverse(f"admin:merge_{kind}_with", args=[keep.pk])
    return [other for other, __, __ in client.get(url, {"q": words}).context["found"]]


def merged(keep, other):
    root = UserFactory(is_superuser=True)
    kind = "venues" if hasattr(keep, "postcode") else "organisations"
    return getattr(actions, f"merge_{kind}")(keep, other, by=root)


@pytest.mark.parametrize("words", ["kettle high", "COPPER", "so14 9zz", "K1TTLE77"])
def test_an_officer_finds_the_other_place_by_name_postcode_or_reference(
    client, scheme, officer, words
):
    keep = place(scheme, "The Old Bakery", postcode="SO14 1AA", town="Highcliffe")
    other = place(scheme, "Copper Kettle", postcode="SO14 9ZZ", town="Highcliffe")
    other.sign_ups.update(reference="K1TTLE77")
    assert found(client, keep, words) == [other]
    answer = client.get(reverse("admin:merge_venue_with", args=[keep.pk]), {"q": words})
    assert f"/merge/{other.pk}/" in answer.text
    changed = client.get(reverse("admin:venues_venue_change", args=[keep.pk])).text
    assert "Merge it with another entry" in changed


def test_another_councils_place_that_is_not_public_is_not_found(client, scheme, officer):
    keep, elsewhere = place(scheme, "Bakery"), SchemeFactory()
    hidden = place(elsewhere, "Kettle hidden", listing="internal")
    hidden.sign_ups.update(reference="SECRET99")
    assert found(client, keep, "kettle") == []
    assert found(client, keep, "SECRET99") == []
    shared = place(elsewhere, "Kettle shared")
    SignUpFactory(scheme=scheme, venue=shared, approved=True)
    shared.sign_ups.filter(scheme=elsewhere).update(reference="THEIRS99")
    assert found(client, keep, "kettle") == [shared]
    assert found(client, keep, "THEIRS99") == [], "the other scheme’s reference is its own"


def test_an_organisation_is_found_by_name_or_number_within_the_officers_schemes(
    client, scheme, officer
):
    keep = place(scheme, "Bakery").organisation
    other = OrganisationFactory(name="Kettle Ltd", registered_number="0123")
    place(scheme, "Kettle", organisation=other)
    place(SchemeFactory(), "Elsewhere", organisation=OrganisationFactory(name="Kettle Foreign"))
    assert found(client, keep, "kettle") == [other]
    assert found(client, keep, "0123") == [other]
    url = reverse("admin:venues_organisation_change", args=[keep.pk])
    assert "Merge it with another entry" in client.get(url).text


def test_an_officer_without_the_permission_is_offered_no_search(client, scheme):
    keep = place(scheme, "Bakery")
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    assert client.get(reverse("admin:merge_venue_with", args=[keep.pk])).status_code == 403
    changed = client.get(reverse("admin:venues_venue_change", args=[keep.pk])).text
    assert "Merge it with another entry" not in changed


# Acting on an entry that was merged meanwhile


def test_closed_days_for_a_place_merged_meanwhile_are_refused_and_none_is_added(scheme):
    owner = OrganisationFactory()
    keep = place(scheme, "A", organisation=owner)
    other = place(SchemeFactory(), "B", organisation=owner)
    third = place(scheme, "C", organisation=owner)
    manager = MembershipFactory(organisation=owner).user
    merged(keep, other)
    day = timezone.localdate() + datetime.timedelta(days=9)
    with pytest.raises(Refused, match="“B” was merged with “A” meanwhile"):
        actions.add_closures([third, other], [Days(day, day)], by=manager)
    assert not Closure.objects.exists()


def test_an_invitation_to_an_organisation_merged_meanwhile_leads_to_the_kept_one(scheme):
    keep, other = (place(scheme, name).organisation for name in ("A", "B"))
    head = MembershipFactory(organisation=other).user
    person = UserFactory(email="sam@example.org")
    boss = MembershipFactory(organisation=keep).user
    for organisation, by in ((keep, boss), (other, head)):
        actions.invite_member(organisation, email=person.email, role="manager", by=by)
    merged(keep, other)
    left = Invitation.objects.get(organisation=other)
    membership = actions.accept_invitation(left, by=person)
    assert membership.organisation == keep
    assert not Membership.objects.filter(organisation=other, user=person).exists()


def test_nobody_is_invited_into_or_added_to_an_entry_merged_meanwhile(scheme):
    owner = OrganisationFactory(name="Kept Ltd")
    keep, other = (place(scheme, name).organisation for name in ("A", "B"))
    by = MembershipFactory(organisation=other).user
    merged(keep, other)
    with pytest.raises(Refused, match="was merged with"):
        actions.invite_member(other, email="a@example.org", role="manager", by=by)
    one = place(scheme, "C", organisation=owner)
    two = place(SchemeFactory(), "D", organisation=owner)
    merged(one, two)
    with pytest.raises(Refused, match="“D” was merged with “C” meanwhile"):
        actions.add_staff_member(owner, first_name="Alex", venue=two, by=by)
    assert not StaffMember.objects.exists()


def test_places_are_not_imported_into_an_organisation_merged_meanwhile(scheme):
    keep, other = (place(scheme, name).organisation for name in ("A", "B"))
    by = MembershipFactory(organisation=other).user
    merged(keep, other)
    table = b"name,postcode\nNew,SO14 0AA\n"
    with pytest.raises(Refused, match="was merged with"):
        import_branches("new.csv", table, organisation=other, scheme=scheme, by=by)


def test_a_portal_form_open_during_the_merge_saves_at_the_kept_place(client, scheme):
    owner = OrganisationFactory()
    keep, other = (place(scheme, name, organisation=owner) for name in ("A", "B"))
    other.sign_ups.update(scheme=SchemeFactory())
    sign_up = other.sign_ups.get()
    client.force_login(MembershipFactory(organisation=owner).user)
    merged(keep, other)
    url = reverse("change_insurance", args=[sign_up.pk])
    assert client.post(url, {"insurance_checked": "yes"}).status_code == 302
    keep.refresh_from_db()
    assert keep.insurance_checked == "yes"
