"""Pin, listing, website and postcode count only once the applicant has answered them."""

import html

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse
from django.utils import timezone

from geography.models import Area, Postcode
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from tests.venues.portal import managed_sign_up
from venues import actions
from venues.actions import start_sign_up
from venues.actions.stickers import sticker_refusals
from venues.models import Criterion, SignUp, Venue
from venues.rules import missing_for_approval, missing_for_submission
from venues.tasks import task_groups

pytestmark = pytest.mark.django_db
LOOK = "Look where the pin is and put it at your door."
CHOOSE = "Choose who may find the place."


@pytest.fixture
def scheme():
    area = Area.objects.create(
        kind="district",
        code="E07000001",
        name="Marrowby",
        boundary=MultiPolygon(Polygon.from_bbox((440000, 110000, 460000, 120000)), srid=27700),
    )
    for postcode, east in (("ZZ1 1AA", 450000), ("SW1A 1AA", 529000)):
        Postcode.objects.create(
            postcode=postcode, quality=10, point=Point(east, 115000, srid=27700)
        )
    return SchemeFactory(area=area, name="Spaces of Marrowby")


@pytest.fixture
def draft(client, scheme):
    manager = UserFactory()
    sign_up = start_sign_up(scheme=scheme, postcode="ZZ1 1AA", by=manager)
    client.force_login(manager)
    return sign_up


def all_tasks(sign_up):
    return [task for group in task_groups(sign_up) for task in group.tasks]


def task(sign_up, key):
    return next(each for each in all_tasks(sign_up) if each.key == key)


def test_unreviewed_defaults_do_not_count_as_done(draft):
    PrincipleFactory(scheme=draft.scheme)
    done = [each.title for each in all_tasks(draft) if each.done]
    assert done == ["Who looks after this"]
    assert {LOOK, CHOOSE} <= set(missing_for_submission(draft))


def test_the_pin_counts_once_somebody_has_reviewed_it(client, draft):
    page = client.get(reverse("edit_point", args=[draft.pk])).content.decode()
    assert "The pin is in the middle of your postcode" in page
    client.post(reverse("move_point", args=[draft.pk, "north"]))
    draft.venue.refresh_from_db()
    assert not task(draft, "edit_point").done, "moving it is not yet saying that it is right"
    client.post(reverse("change_point", args=[draft.pk]), {"easting": 450000, "northing": 115000})
    draft.venue.refresh_from_db()
    assert task(draft, "edit_point").done
    assert LOOK not in missing_for_submission(draft)
    client.post(reverse("reset_point", args=[draft.pk]))
    draft.venue.refresh_from_db()
    assert LOOK in missing_for_submission(draft), "the postcode's middle again"


def test_the_postcode_centre_can_be_confirmed_as_the_door(client, draft):
    """Saved unchanged: the person looked, and it was right."""
    point = draft.venue.point
    client.post(reverse("change_point", args=[draft.pk]), {"easting": point.x, "northing": point.y})
    draft.venue.refresh_from_db()
    assert draft.venue.point_confirmed_at


def test_a_new_postcode_requires_reviewing_the_pin_again(client, draft, scheme):
    Postcode.objects.create(postcode="ZZ1 2BB", quality=10, point=Point(451000, 116000, srid=27700))
    actions.change_venue(draft.venue, {"point_confirmed_at": draft.started_at}, by=draft.started_by)
    client.post(
        reverse("change_venue", args=[draft.pk]),
        {"name": "Bell", "type": "pub", "address_1": "1 Low", "town": "M", "postcode": "ZZ1 2BB"},
    )
    draft.venue.refresh_from_db()
    assert draft.venue.postcode == "ZZ1 2BB"
    assert draft.venue.point_confirmed_at is None


def test_a_member_that_moves_is_redirected_to_the_pin(client):
    sign_up, manager = managed_sign_up(approved=True)
    Postcode.objects.create(postcode="ZZ1 2BB", quality=10, point=Point(451000, 116000, srid=27700))
    client.force_login(manager)
    answer = client.post(
        reverse("change_venue", args=[sign_up.pk]),
        {"name": "Bell", "type": "pub", "address_1": "1 Low", "town": "M", "postcode": "ZZ1 2BB"},
    )
    assert answer.url == reverse("edit_point", args=[sign_up.pk])


def test_the_listing_has_to_be_chosen_explicitly(client, draft):
    address = reverse("edit_listing", args=[draft.pk])
    assert " checked" not in client.get(address).content.decode().partition("<form")[2]
    assert "Choose who may find the place." in client.post(f"{address}save/", {}).content.decode()
    assert client.post(f"{address}save/", {"listing": "public"}).status_code == 302
    draft.venue.refresh_from_db()
    assert task(draft, "edit_listing").done
    assert CHOOSE not in missing_for_submission(draft)
    assert "checked" in client.get(address).content.decode()


@pytest.mark.parametrize(("answer", "may_send"), [("we_do", False), ("need_help", True)])
def test_a_venue_without_a_website_can_submit_if_it_asks_for_help(answer, may_send):
    scheme = SchemeFactory()
    online = PrincipleFactory(scheme=scheme, order=7, title="Found online")
    RequirementFactory(principle=online, evidence="online_presence", needed_for="submission")
    sign_up, manager = managed_sign_up(scheme=scheme)
    Venue.objects.filter(pk=sign_up.venue_id).update(website="")
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    actions.agree(sign_up, {online: (answer, None)}, by=manager)
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    assert (missing_for_submission(sign_up) == []) is may_send
    assert task(sign_up, "edit_contact").done is may_send
    online_missing = any("found online" in words for words in missing_for_approval(sign_up))
    assert online_missing is not may_send


def test_an_officer_approves_a_place_without_a_website_that_asked_for_help():
    scheme = SchemeFactory()
    online = PrincipleFactory(scheme=scheme, order=7, title="Found online")
    RequirementFactory(principle=online, evidence="online_presence", needed_for="submission")
    sign_up, manager = managed_sign_up(scheme=scheme, submitted=True, checked=True)
    Venue.objects.filter(pk=sign_up.venue_id).update(website="")
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    actions.agree(sign_up, {online: ("need_help", None)}, by=manager)
    officer = OfficerFactory(scheme=scheme).user
    approved = actions.approve_sign_up(SignUp.objects.get(pk=sign_up.pk), by=officer, letter="Yes.")
    assert approved.state == SignUp.State.APPROVED


def test_the_sticker_waits_for_a_website_only_where_the_scheme_insists():
    scheme = SchemeFactory()
    asked = RequirementFactory(
        principle__scheme=scheme, evidence="online_presence", needed_for="submission"
    )
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__website="")
    officer = OfficerFactory(scheme=scheme).user
    today = timezone.localdate()

    def may_have_one():
        refusals = sticker_refusals(SignUp.objects.get(pk=sign_up.pk), today)
        ready = SignUp.objects.with_standing(today).get(pk=sign_up.pk).ready_for_sticker
        assert ready is not bool(refusals)
        return ready

    assert not may_have_one()
    asked.unlists = False
    asked.save()
    assert may_have_one()
    assert actions.issue_sticker(sign_up, by=officer).number == 1


def test_a_scheme_that_insists_on_a_website_has_a_check_for_it():
    scheme = SchemeFactory(checks={"website": "The place can be found online"})
    sign_up, __ = managed_sign_up(scheme=scheme, submitted=True, agreed=True)
    Venue.objects.filter(pk=sign_up.venue_id).update(website="")
    (missing,) = missing_for_approval(SignUp.objects.get(pk=sign_up.pk))
    assert missing == "Check not passed yet: The place can be found online."


def test_questions_about_the_organisation_are_asked(client):
    sign_up, manager = managed_sign_up()
    asked = [
        Criterion.objects.create(
            slug=slug, question=f"About {slug}?", about="organisation", theme=theme, order=1
        )
        for slug, theme in (("liability", "insurance"), ("safeguarding", "policies"))
    ]
    assert not [each for each in all_tasks(sign_up) if each.key == "edit_policies"]
    sign_up.scheme.criteria.add(*asked)
    assert not task(sign_up, "edit_policies").done
    client.force_login(manager)
    address = reverse("edit_policies", args=[sign_up.pk])
    page = client.get(address).content.decode()
    assert "About liability?" in page
    assert "About safeguarding?" in page
    values = {f"q{each.pk}_value": "need_help" for each in asked}
    assert client.post(f"{address}save/", values).status_code == 302
    assert task(sign_up, "edit_policies").done
    client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
    decision = client.get(reverse("admin:venues_signup_change", args=[sign_up.pk]))
    assert "About safeguarding?" in decision.content.decode()


def join(client, **changes):
    data = {"email": "sam@example.org", "postcode": "ZZ1 1AA", **changes}
    return client.post(reverse("ask_to_join"), data)


@pytest.mark.parametrize(
    ("postcode", "words"),
    [
        ("SW1A 1AA", "SW1A 1AA is outside Marrowby. Spaces of Marrowby is for places there."),
        ("ZZ9 9ZZ", "We do not know the postcode ZZ9 9ZZ."),
        ("ZZ7 7ZZ", "ZZ7 7ZZ is no longer in use."),
    ],
)
def test_a_doubtful_postcode_is_queried_once_then_accepted(
    client, scheme, mailoutbox, postcode, words
):
    Postcode.objects.create(postcode="ZZ7 7ZZ", outward="ZZ7", quality=10, in_use=False)
    answer = join(client, postcode=postcode)
    page = html.unescape(answer.content.decode())
    assert words in page
    name = f"right_{postcode.replace(' ', '')}"
    assert f'name="{name}"' in page
    other = join(client, postcode="ZZ8 8ZZ", **{name: "on"})
    assert "We do not know the postcode ZZ8 8ZZ" in html.unescape(other.content.decode())
    assert join(client, postcode=postcode, **{name: "on"}).status_code == 302


def test_a_known_postcode_within_the_area_is_not_queried(client, scheme):
    assert join(client).status_code == 302


def test_postcodes_are_not_queried_without_a_postcode_list(client):
    SchemeFactory()
    assert join(client).status_code == 302


def test_an_impossible_postcode_is_refused_in_words(client, scheme):
    assert "Write a whole postcode" in join(client, postcode="S014 0AA").content.decode()


def test_a_doubtful_postcode_is_queried_in_the_portal_and_in_the_admin(client, draft, scheme):
    answer = client.post(
        reverse("change_venue", args=[draft.pk]),
        {"name": "Bell", "type": "pub", "address_1": "1 Low", "town": "M", "postcode": "SW1A 1AA"},
    )
    assert "SW1A 1AA is outside Marrowby" in html.unescape(answer.content.decode())
    draft.venue.refresh_from_db()
    assert draft.venue.postcode == "ZZ1 1AA"
    client.force_login(OfficerFactory(scheme=scheme, role="officer").user)
    answer = client.post(
        reverse("admin:enter_sign_up"), {"scheme": scheme.pk, "postcode": "SW1A 1AA"}
    )
    assert "SW1A 1AA is outside Marrowby" in html.unescape(answer.content.decode())
    assert SignUp.objects.count() == 1
