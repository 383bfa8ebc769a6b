"""A place's home page: one sentence, one next step, and what is due, most urgent first."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    StickerFactory,
)
from tests.venues.portal import managed_sign_up
from venues.models import Agreement
from venues.next_steps import standing, to_do

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    sign_up, manager = managed_sign_up(
        scheme=SchemeFactory(),
        approved=True,
        approved_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        venue__hours_confirmed_at=timezone.now(),
        venue__hours=[(day, "00:00", "00:00") for day in range(7)],
    )
    client.force_login(manager)
    return sign_up


def wished(member, **answer):
    principle = PrincipleFactory(scheme=member.scheme, title="A step-free door")
    Agreement.objects.create(
        sign_up=member,
        principle=principle,
        version=principle.version,
        wording=principle.wording,
        agreed_by=member.started_by,
        **(answer or {"answer": "need_help"}),
    )
    return principle


def due(member):
    now = timezone.now()
    return to_do(member, standing(member, timezone.localdate(now)), now)


def home(client, member):
    return client.get(reverse("portal_home", args=[member.pk]))


def test_what_hides_the_place_comes_before_has_that_changed(client, member):
    principle = wished(member)
    RequirementFactory(
        principle=PrincipleFactory(scheme=member.scheme),
        evidence="online_presence",
        needed_for="standing",
    )
    type(member.venue).objects.filter(pk=member.venue_id).update(website="")
    member.venue.refresh_from_db()
    words = [each.words for each in due(member)]
    changed = next(place for place, each in enumerate(words) if principle.title in each)
    online = next(place for place, each in enumerate(words) if "found online" in each)
    assert online < changed


def test_unconfirmed_hours_come_before_has_that_changed(client, member):
    wished(member)
    member.venue.hours_confirmed_at = timezone.now() - datetime.timedelta(days=300)
    member.venue.save()
    titles = [each.title for each in due(member)]
    changed = next(title for title in titles if title.startswith("A step-free door"))
    assert titles.index("Confirm your opening hours") < titles.index(changed)


def test_a_sent_sticker_is_asked_about_once(client, member):
    RequirementFactory(
        principle=PrincipleFactory(scheme=member.scheme),
        evidence="sticker_displayed",
        needed_for="standing",
    )
    StickerFactory(
        sign_up=member, sent=True, issued_at=timezone.now() - datetime.timedelta(days=200)
    )
    about = [each for each in due(member) if each.evidence == "sticker_displayed"]
    assert [each.button for each in about] == ["The sticker is up"]


def test_one_next_step_is_shown_and_the_rest_follows(client, member):
    wished(member)
    member.venue.hours_confirmed_at = timezone.now() - datetime.timedelta(days=300)
    member.venue.save()
    page = home(client, member).text
    assert page.count("One thing to do") == 1
    assert page.index("Yes, the hours are right") < page.index("Coming up")
    assert page.index("Coming up") < page.index("A step-free door") < page.index("Everything else")


def test_each_link_under_everything_else_shows_its_progress(client, member):
    lines = home(client, member).context["lines"]
    states = {line.title: line.state for line in lines}
    assert states["Hours"].startswith("confirmed ")
    assert states["People"] == "0 people"
    assert states["Who looks after this"] == "1 person"
    assert "parts done" in states["Your details"]


def test_the_home_page_says_whether_the_place_is_open_now(client, member):
    assert "Open now" in home(client, member).text


def test_with_nothing_to_do_it_says_so(client, member):
    type(member).objects.filter(pk=member.pk).update(approved_at=timezone.now())
    assert "There is nothing to do. Thank you." in home(client, member).text
