"""A badge on a place's own website checks itself: from the same evidence as the public list."""

import datetime
from html import unescape
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from venues.models import SignUp, Venue

pytestmark = pytest.mark.django_db
NOT_A_MEMBER = "Not listed as a member. Ask them, or the council."


@pytest.fixture
def scheme():
    return SchemeFactory(bare=True, name="Quiet Havens", slug="quiet-havens", checks={})


@pytest.fixture
def sign_up(scheme):
    return SignUpFactory(scheme=scheme, approved=True, listed=True)


def asked(client, sign_up, **more):
    slugs = {"venue": sign_up.venue.slug, "scheme": sign_up.scheme.slug, **more}
    return client.get(f"/venues/{slugs['venue']}/badge/{slugs['scheme']}.svg")


def said(client, sign_up, **more):
    """What the picture says, as a screen reader and as the eye find it."""
    drawing = ElementTree.fromstring(asked(client, sign_up, **more).content)
    title, *words = [each.text for each in drawing.iter() if each.text and each.text.strip()]
    assert title.startswith(words[0].removesuffix(" …"))
    return title


def test_a_member_without_dated_proof_is_a_member(client, sign_up):
    assert said(client, sign_up) == "Quiet Havens. Member."


def test_it_says_until_which_month_the_first_proof_lasts(client, scheme, sign_up):
    RequirementFactory(
        principle=PrincipleFactory(scheme=scheme), evidence="current_sticker", needed_for="standing"
    )
    last = timezone.localdate() + datetime.timedelta(days=100)
    sign_up.stickers.update(ended_at=timezone.now(), ended_by=UserFactory(), end_reason="renewed")
    StickerFactory(sign_up=sign_up, expires_on=last)
    assert said(client, sign_up) == f"Quiet Havens. Member until {last:%B %Y}."


def test_it_says_when_the_place_is_no_longer_a_member(client, sign_up):
    SignUp.objects.filter(pk=sign_up.pk).update(state="withdrawn")
    assert said(client, sign_up) == NOT_A_MEMBER


@pytest.mark.parametrize(
    "change",
    [
        lambda sign_up: SignUp.objects.update(state="suspended"),
        lambda sign_up: SignUp.objects.update(hides_badge=True),
        lambda sign_up: Venue.objects.update(listing="internal"),
        lambda sign_up: SchemeFactory._meta.model.objects.update(
            hidden_at=timezone.now(), hidden_by=UserFactory()
        ),
    ],
)
def test_hidden_suspended_and_unknown_places_get_the_same_picture(client, sign_up, change):
    unknown = asked(client, sign_up, venue="nowhere").content
    assert asked(client, sign_up, scheme="no-scheme").content == unknown
    assert asked(client, sign_up).content != unknown
    change(sign_up)
    assert asked(client, sign_up).content == unknown


def test_any_website_may_show_it_without_a_cookie_and_it_is_fresh_within_minutes(client, sign_up):
    answer = asked(client, sign_up)
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "max-age=300" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_merged_entry_shows_the_badge_of_the_one_that_stays(client, sign_up):
    gone = VenueFactory(slug="earlier-entry")
    Venue.objects.filter(pk=gone.pk).update(merged_into=sign_up.venue)
    assert said(client, sign_up, venue="earlier-entry") == "Quiet Havens. Member."


def test_a_long_name_with_odd_signs_is_cut_and_stays_one_picture(client, scheme, sign_up):
    scheme.name = 'Havens & "Friends" <of the town> ' * 3
    scheme.save()
    drawing = ElementTree.fromstring(asked(client, sign_up).content)
    lines = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert len(lines) == 3
    assert lines[1].endswith(" …")
    assert all(len(line) <= 34 for line in lines)


def test_the_portal_gives_the_lines_to_copy(client, sign_up, settings):
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    home = client.get(reverse("portal_home", args=[sign_up.pk])).text
    address = reverse("badge_for_website", args=[sign_up.pk])
    assert address in home
    page = unescape(client.get(address).text)
    picture = reverse("website_badge_picture", args=[sign_up.venue.slug, "quiet-havens"])
    assert f'src="{settings.SITE_URL}{picture}"' in page
    assert f'href="{settings.SITE_URL}/venues/{sign_up.venue.slug}/"' in page


def test_the_portal_offers_no_badge_to_a_place_that_shows_none(client, sign_up):
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    address = reverse("badge_for_website", args=[sign_up.pk])
    SignUp.objects.update(hides_badge=True)
    assert address not in client.get(reverse("portal_home", args=[sign_up.pk])).text
