"""A place's change to its name, address or point waits for its lead scheme; hours do not."""

import datetime
import html
import re

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from geography.models import Postcode
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from tests.venues.test_concurrency import at_once
from venues import actions
from venues.actions.opening import close_scheme
from venues.models import Event, Letter, OpeningHours, Venue, VenueEdit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def first():
    return SignUpFactory(approved=True, venue__name="The Bell", venue__hours=ALWAYS)


@pytest.fixture
def second(first):
    return SignUpFactory(venue=first.venue, scheme=SchemeFactory(name="Safe Havens"), approved=True)


@pytest.fixture
def manager(first):
    return MembershipFactory(organisation=first.venue.organisation).user


@pytest.fixture
def lead(first):
    return OfficerFactory(scheme=first.scheme).user


def now_known(sign_up):
    return Venue.objects.get(pk=sign_up.venue_id)


def edit(sign_up, manager, **changes):
    return actions.edit_venue(sign_up.venue, changes, by=manager)


def read(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "The Swan"},
        {"address_1": "2 High Street"},
        {"town": "Elsewhere"},
        {"point": Point(450010, 115000, srid=27700)},
    ],
)
def test_an_edit_waits_and_the_approved_details_stay_public(first, second, manager, lead, changes):
    (field,) = changes
    was = getattr(first.venue, field)
    assert edit(first, manager, **changes).changes
    assert getattr(now_known(first), field) == was
    actions.accept_venue_edit(first.venue, by=lead)
    assert getattr(now_known(first), field) == changes[field]
    assert not VenueEdit.objects.open().exists()


def test_other_details_change_at_once(first, second, manager):
    waiting = edit(first, manager, name="The Swan", type="pub", website="https://swan.example/")
    assert set(waiting.changes) == {"name"}
    venue = now_known(first)
    assert (venue.name, venue.type, venue.website) == ("The Bell", "pub", "https://swan.example/")


def test_hours_and_closures_take_effect_at_once(first, second, manager):
    hours = [OpeningHours(weekday=0, opens=datetime.time(9), closes=datetime.time(17))]
    actions.replace_hours(first.venue, hours, by=manager)
    day = timezone.localdate()
    actions.add_closure(first.venue, starts_on=day, ends_on=day, by=manager)
    assert first.venue.opening_hours.current(day).count() == 1
    assert first.venue.closures.exists()


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_asked_for"])
def test_nothing_waits_before_the_first_approval(manager, first, state):
    draft = SignUpFactory(state=state)
    assert actions.edit_venue(draft.venue, {"name": "The Swan"}, by=manager) is None
    assert now_known(draft).name == "The Swan"


def test_blank_details_and_an_unreviewed_pin_need_no_approval(manager):
    bare = VenueFactory(address_1="", point_confirmed_at=None)
    SignUpFactory(venue=bare, scheme=bare.lead_scheme, approved=True)
    point = Point(450100, 115000, srid=27700)
    changes = {"address_1": "1 Low", "point": point, "point_confirmed_at": timezone.now()}
    assert actions.edit_venue(bare, changes, by=manager) is None
    bare.refresh_from_db()
    assert (bare.address_1, bare.point) == ("1 Low", point)


def test_a_second_edit_is_merged_and_reverting_withdraws_it(first, manager):
    edit(first, manager, name="The Swan")
    assert set(edit(first, manager, name="The Swan", town="Elsewhere").changes) == {"name", "town"}
    assert set(edit(first, manager, name="The Bell").changes) == {"town"}
    assert edit(first, manager, town="Exampleton") is None
    assert VenueEdit.objects.get().outcome == "taken_back"


def test_refusing_an_edit_changes_nothing_and_the_place_is_told_why(first, manager, lead):
    edit(first, manager, name="The Swan")
    with pytest.raises(Refused, match="Say why"):
        actions.refuse_venue_edit(first.venue, reason=" ", by=lead)
    actions.refuse_venue_edit(first.venue, reason="The sign says The Bell.", by=lead)
    assert now_known(first).name == "The Bell"
    letter = Letter.objects.get(kind="venues.edit_refused")
    assert "The sign says The Bell." in letter.text
    assert letter.scheme == first.scheme


def test_a_pending_edit_does_not_pass_to_a_new_owner(first, manager, lead):
    edit(first, manager, name="The Swan")
    actions.hand_over_venue(
        first.venue, by=lead, organisation_name="New owner", manager_email="new@example.org"
    )
    assert not VenueEdit.objects.open().exists()


def test_without_a_pending_edit_there_is_nothing_to_decide(first, manager, lead):
    for action in (actions.accept_venue_edit, actions.take_back_venue_edit):
        with pytest.raises(Refused, match="No change of this place waits"):
            action(first.venue, by=lead)


def test_an_accepted_edit_is_in_every_schemes_history(first, second, manager, lead):
    edit(first, manager, name="The Swan")
    actions.accept_venue_edit(first.venue, by=lead)
    kinds = {"venues.edit_asked_for", "venues.edit_accepted", "venues.venue_changed"}
    for sign_up in (first, second):
        officer = OfficerFactory(scheme=sign_up.scheme).user
        assert kinds <= set(Event.objects.for_officer(officer).values_list("kind", flat=True))


class TestOfficersPage:
    def page(self, client, first):
        return client.get(reverse("admin:venues_venue_change", args=[first.venue_id]))

    def test_the_officer_sees_old_and_new_side_by_side_and_accepts_with_one_press(
        self, client, first, second, manager, lead
    ):
        edit(first, manager, name="The Swan", point=Point(450010, 115000, srid=27700))
        client.force_login(lead)
        said = read(self.page(client, first))
        assert "<td>The Bell</td> <td>The Swan</td>" in said
        assert "The pin would move by 10 metres." in said
        queue = read(client.get(reverse("admin:index")))
        assert "asked for another name, address or point" in queue
        client.post(reverse("admin:accept_venue_edit", args=[first.venue_id]))
        assert now_known(first).name == "The Swan"

    def test_another_schemes_officer_can_see_the_edit_but_not_decide(
        self, client, first, second, manager
    ):
        edit(first, manager, name="The Swan")
        client.force_login(OfficerFactory(scheme=second.scheme).user)
        said = read(self.page(client, first))
        assert f"{first.scheme} leads on this place and decides." in said
        assert "asked for another name" not in read(client.get(reverse("admin:index")))
        answer = client.post(reverse("admin:accept_venue_edit", args=[first.venue_id]))
        assert answer.status_code == 403
        assert now_known(first).name == "The Bell"

    def test_handing_over_the_lead_includes_the_pending_edit(
        self, client, first, second, manager, lead
    ):
        edit(first, manager, name="The Swan")
        client.force_login(lead)
        assert "Hand the lead to another scheme" in read(self.page(client, first))
        address = reverse("admin:hand_over_lead", args=[first.venue_id])
        client.post(address, {"scheme": second.scheme_id})
        assert now_known(first).lead_scheme == second.scheme
        actions.accept_venue_edit(first.venue, by=OfficerFactory(scheme=second.scheme).user)
        assert now_known(first).name == "The Swan"


class TestPortal:
    def test_the_manager_is_told_the_edit_is_pending_and_can_withdraw_it(
        self, client, first, manager
    ):
        client.force_login(manager)
        given = {
            "name": "The Swan",
            "type": "pub",
            "address_1": "1 High Street",
            "town": "Exampleton",
            "postcode": "ZZ1 1AA",
        }
        answer = client.post(reverse("change_venue", args=[first.pk]), given, follow=True)
        assert "which decides on the name, address and point" in read(answer)
        assert now_known(first).name == "The Bell"
        assert 'value="The Swan"' in read(client.get(reverse("edit_venue", args=[first.pk])))
        home = read(client.get(reverse("portal_home", args=[first.pk])))
        assert "The Bell → <strong>The Swan</strong>" in home
        client.post(reverse("take_back_venue_edit", args=[first.pk]))
        assert "A change that waits" not in read(
            client.get(reverse("portal_home", args=[first.pk]))
        )

    def test_a_moving_places_pin_is_set_at_its_new_location(self, client, first, manager):
        there = Point(451000, 116000, srid=27700)
        Postcode.objects.create(postcode="ZZ1 2BB", quality=10, point=there)
        client.force_login(manager)
        given = {
            "name": "The Bell",
            "type": "pub",
            "address_1": "1 Low",
            "town": "M",
            "postcode": "ZZ1 2BB",
            "right_ZZ12BB": "on",
        }
        client.post(reverse("change_venue", args=[first.pk]), given)
        client.post(reverse("move_point", args=[first.pk, "east"]))
        (waiting,) = VenueEdit.objects.open()
        assert waiting.changes["point"] == [451010, 116000]
        assert now_known(first).point == Point(450000, 115000, srid=27700)


class TestLead:
    def test_only_a_scheme_the_place_is_a_member_of_can_lead(self, first, lead):
        draft = SignUpFactory(venue=first.venue)
        for scheme in (draft.scheme, SchemeFactory()):
            with pytest.raises(Refused, match="not a member of"):
                actions.hand_over_lead(first.venue, scheme=scheme, by=lead)
        with pytest.raises(Refused, match="lead scheme already"):
            actions.hand_over_lead(first.venue, scheme=first.scheme, by=lead)

    def test_when_the_place_leaves_its_lead_scheme_another_takes_the_lead(
        self, first, second, manager
    ):
        actions.withdraw_sign_up(first, by=manager)
        assert now_known(first).lead_scheme == second.scheme
        assert Event.objects.filter(kind="venues.lead_handed_over").exists()

    def test_when_its_lead_scheme_closes_another_takes_the_lead(self, first, second, lead):
        close_scheme(first.scheme, by=lead)
        assert now_known(first).lead_scheme == second.scheme

    def test_another_scheme_ending_does_not_change_the_lead(self, first, second, manager):
        actions.withdraw_sign_up(second, by=manager)
        assert now_known(first).lead_scheme == first.scheme


@pytest.mark.django_db(transaction=True)
def test_concurrent_acceptance_and_withdrawal_have_one_outcome():
    sign_up = SignUpFactory(approved=True, venue__name="The Bell")
    user = UserFactory()
    actions.edit_venue(sign_up.venue, {"name": "The Swan"}, by=user)
    results = at_once(
        lambda: actions.accept_venue_edit(sign_up.venue, by=user),
        lambda: actions.take_back_venue_edit(sign_up.venue, by=user),
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "VenueEdit"]
    accepted = VenueEdit.objects.get().outcome == "accepted"
    assert now_known(sign_up).name == ("The Swan" if accepted else "The Bell")
