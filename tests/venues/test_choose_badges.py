"""A place chooses which scheme names appear beside it: some names attract attacks."""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.factories import ALWAYS, MembershipFactory, OfficerFactory, SchemeFactory, SignUpFactory
from venues import actions
from venues.listing import badges
from venues.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


@pytest.fixture
def first():
    return SignUpFactory(approved=True, venue__hours=ALWAYS, scheme__name="Acorn")


@pytest.fixture
def second(first):
    return SignUpFactory(approved=True, venue=first.venue, scheme=SchemeFactory(name="Beech"))


@pytest.fixture
def manager(first):
    return MembershipFactory(organisation=first.venue.organisation).user


def named(venue):
    return [str(each) for each in badges([venue], timezone.localdate())[venue.pk]]


def kinds():
    return list(Event.objects.filter(kind__contains="badge").values_list("kind", "scheme__name"))


def test_unticking_a_scheme_hides_its_name_and_ticking_restores_it(client, first, second, manager):
    client.force_login(manager)
    page = client.get(reverse("edit_badges", args=[first.pk])).content.decode()
    assert "Some names draw attacks" in page
    assert page.count(" checked") == 2
    save = reverse("choose_badges", args=[first.pk])
    client.post(save, {"shown": [second.pk]})
    assert named(first.venue) == ["Beech"]
    assert kinds() == [("venues.badge_hidden", "Acorn")]
    client.post(save, {"shown": [first.pk, second.pk]})
    assert named(first.venue) == ["Acorn", "Beech"]
    client.post(save, {})
    assert named(first.venue) == []


def test_the_home_page_links_to_the_choice_and_says_what_is_hidden(client, first, manager):
    client.force_login(manager)
    home = reverse("portal_home", args=[first.pk])
    assert reverse("edit_badges", args=[first.pk]) in client.get(home).content.decode()
    actions.choose_badges(first.venue, [], by=manager)
    assert "hidden" in client.get(home).content.decode()


def test_an_unchanged_choice_records_no_event(first, second, manager):
    actions.choose_badges(first.venue, [first, second], by=manager)
    assert kinds() == []


def test_staff_and_officers_cannot_choose_for_the_place(client, first):
    staff = MembershipFactory(organisation=first.venue.organisation, role="staff").user
    officer = OfficerFactory(scheme=first.scheme).user
    for user in (staff, officer):
        client.force_login(user)
        assert client.get(reverse("edit_badges", args=[first.pk])).status_code == 404
        assert client.post(reverse("choose_badges", args=[first.pk])).status_code == 404
        with pytest.raises(Refused, match="Only a manager"):
            actions.choose_badges(first.venue, [], by=user)
    assert named(first.venue) == ["Acorn"]


def test_another_places_sign_up_is_refused(client, first, manager):
    other = SignUpFactory(approved=True)
    client.force_login(manager)
    answer = client.post(reverse("choose_badges", args=[first.pk]), {"shown": [other.pk]})
    assert answer.status_code == 200
    assert "not one of the available choices" in answer.content.decode()
    assert named(first.venue) == ["Acorn"]


def test_a_returning_place_keeps_its_badge_hidden(first, manager):
    actions.choose_badges(first.venue, [], by=manager)
    actions.withdraw_sign_up(first, by=manager)
    assert actions.start_again(first, by=manager).hides_badge
