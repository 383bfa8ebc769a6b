"""Over random mixtures of schemes: feeds, lists and downloads say each place once, officers read
nothing of another scheme by any page, search or download, and a suspension touches one sign-up.
"""

import csv
import html
import io
import json
import re
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signposting import geojson
from signposting.all_places import all_places
from signposting.rules import listed_venues
from tests.factories import MembershipFactory, OfficerFactory, UserFactory
from tests.venues.test_many_schemes import (
    CLOSEST,
    LISTS,
    MIXTURES,
    Mixture,
    TestWhatOfficersSee,
    today,
)
from venues import actions
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Event, Lapse, Letter, SignUp, Sticker, Venue
from venues.next_steps import standings

pytestmark = pytest.mark.django_db
SLOW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(client, address, query=None):
    answer = client.get(address, query, follow=True)
    text = b"".join(answer) if answer.streaming else answer.content
    return html.unescape(text.decode("utf-8-sig", "replace"))


def rolled_back(function):
    """Run the function on a drawn mixture and undo it."""

    @SLOW
    @given(drawn=MIXTURES, which=st.integers(min_value=0, max_value=8))
    def wrapped(db, drawn, which):
        with transaction.atomic():
            cache.clear()
            function(Mixture(drawn), which)
            transaction.set_rollback(True)

    return wrapped


@rolled_back
def test_every_feed_list_and_download_contains_a_place_once(mixture, which):
    now = timezone.now()
    for scheme in [None, *mixture.schemes]:
        listed = sorted(listed_venues(today(), scheme).values_list("slug", flat=True))
        assert len(listed) == len(set(listed))
        drawn = [
            each["id"] for each in json.loads(geojson.places(CLOSEST, now, scheme))["features"]
        ]
        assert sorted(drawn) == listed
        keys = all_places(now, scheme).keys
        assert len(keys) == len(set(keys)) == len(listed)
        page = read(Client(), f"/schemes/{scheme.slug}/map/" if scheme else "/map/")
        for slug in Venue.objects.values_list("slug", flat=True):
            rows = re.findall(rf'href="(?:/[a-z]+)?/venues/{re.escape(slug)}/"', page)
            assert (len(rows) >= 1) == (slug in listed), slug
    for scheme in mixture.schemes[which % 3 :][:1]:
        client = Client()
        client.force_login(OfficerFactory(scheme=scheme).user)
        own = [each.reference for each in mixture.sign_ups if each.scheme == scheme]
        for name, column in (("venues_signup", "reference"), ("venues_venue", "postcode")):
            rows = list(csv.reader(io.StringIO(read(client, reverse(f"admin:{name}_export")))))
            if column == "reference":
                found = Counter(cell for row in rows for cell in row if cell in own)
                assert found == Counter(own)
            names = Venue.objects.filter(sign_ups__scheme=scheme).values_list("name", flat=True)
            found = Counter(cell for row in rows for cell in row if cell in set(names))
            assert all(times == 1 for times in found.values())
    owner = mixture.sign_ups[which % len(mixture.sign_ups)].venue.organisation
    client = Client()
    client.force_login(MembershipFactory(organisation=owner).user)
    rows = read(client, reverse("organisation_csv", args=[owner.pk])).splitlines()
    newest = SignUp.objects.newest().filter(venue__organisation=owner).count()
    assert len(rows) == newest + 1


@rolled_back
def test_an_officer_reads_nothing_of_another_scheme_by_page_search_or_download(mixture, which):
    marks = TestWhatOfficersSee()
    for sign_up in mixture.sign_ups:
        marks.mark(sign_up, mixture.module)
    for scheme in mixture.schemes[which % 3 :][:1]:
        own = {each.pk for each in mixture.sign_ups if each.scheme == scheme}
        shared = {
            each.venue_id
            for each in mixture.sign_ups
            if each.scheme == scheme and each.may_show_people
        }
        client = Client()
        client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
        text = "".join(read(client, *where) for where in _places_to_look(mixture))
        seen = re.findall(r"(?:Note|Letter|Learner)-(\d+)-|CODE(\d{6})", text)
        assert {int(pk or code) for pk, code in seen} <= own
        people = {int(pk) for pk in re.findall(r"Person-(\d+)-", text)}
        assert people <= shared


def _places_to_look(mixture):
    """(address, query) of every page on which something of another scheme could stand."""
    changed = "admin:venues_signup_change"
    yield from ((reverse(changed, args=[each.pk]),) for each in mixture.sign_ups)
    for name in LISTS:
        yield (reverse(f"admin:{name}_export"),)
    for sign_up in mixture.sign_ups:
        # Without the last dash: the page repeats what was searched, and that is no leak.
        for name, words in (("letter", f"Letter-{sign_up.pk}"), ("signup", sign_up.reference)):
            yield reverse(f"admin:venues_{name}_changelist"), {"q": words}
    for venue in Venue.objects.all()[:1]:
        yield reverse("admin:merge_venue_with", args=[venue.pk]), {"q": "place"}
        for name in ("organisation_places", "organisation_places_csv"):
            yield (reverse(f"admin:{name}", args=[venue.organisation_id]),)
        yield reverse("admin:merge_organisation_with", args=[venue.organisation_id]), {"q": "o"}


def _all_about(sign_ups):
    """Everything that is stored of these sign-ups and their places, and how each stands."""
    keys = [each.pk for each in sign_ups]
    venues = [each.venue_id for each in sign_ups]
    fresh = SignUp.objects.filter(pk__in=keys).select_related("venue", "scheme").order_by("pk")
    how = standings(list(fresh), today())
    return {
        "rows": list(SignUp.objects.filter(pk__in=keys).order_by("pk").values()),
        "places": list(Venue.objects.filter(pk__in=venues).order_by("pk").values()),
        "stickers": list(Sticker.objects.filter(sign_up__in=keys).order_by("pk").values()),
        "lapses": list(Lapse.objects.filter(sign_up__in=keys).order_by("pk").values()),
        "letters": list(Letter.objects.filter(sign_up__in=keys).values_list("pk")),
        "events": list(Event.objects.filter(sign_up__in=keys).order_by("pk").values_list("pk")),
        "proofs": [
            [(each.words, each.state, each.held_until) for each in proofs(one, stage, today())]
            for one in fresh
            for stage in Stage
        ],
        "standing": {pk: (one.is_listed, one.leaves_on) for pk, one in how.items()},
    }


@rolled_back
def test_suspending_one_sign_up_changes_nothing_about_another(mixture, which):
    approved = [each for each in mixture.sign_ups if each.state == "approved"]
    if not approved:
        return
    chosen = approved[which % len(approved)]
    others = [each for each in mixture.sign_ups if each != chosen]
    before, officer = _all_about(others), UserFactory()
    actions.suspend_sign_up(chosen, by=officer, reason="A complaint")
    assert _all_about(others) == before
    actions.reinstate_sign_up(chosen, by=officer, letter="Back.")
    assert _all_about(others) == before
    actions.withdraw_sign_up(chosen, by=officer)
    after = _all_about(others)
    # Whoever leaves may have led: then the lead passes on, and nothing else.
    for one, other in zip(before["places"], after["places"], strict=True):
        one["lead_scheme_id"] = other["lead_scheme_id"] = None
    assert after == before
