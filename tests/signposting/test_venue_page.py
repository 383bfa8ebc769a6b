"""The public page of one place: days, facts, who stands behind it, its card and its data block."""

import datetime
import gzip
import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signposting.models import Service
from tests.factories import (
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
)
from tests.training.factories import CompletionFactory, ModuleFactory
from venues.models import Closure, SignUp, Venue

pytestmark = pytest.mark.django_db

STEPS = ["Go to the counter.", "They find you a seat."]


def page(client, venue):
    answer = client.get(f"/venues/{venue.slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def words(client, venue):
    """The page on one line, tags and the card on paper left out."""
    screen = page(client, venue).partition('<section class="paper"')[0]
    screen = re.sub(r"<script.*?</script>", "", screen, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", screen).split())


def paper(client, venue):
    card = page(client, venue).partition('<section class="paper"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


def data_of(client, venue):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, venue))
    return json.loads(found[1])


# The days


def test_seven_dated_days_are_shown_today_first_with_the_reason_for_a_change(client, place):
    venue = place()
    today = timezone.localdate()
    day = today + datetime.timedelta(days=3)
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day, note="stocktaking")
    said = words(client, venue)
    assert f"Today, {today:%a} {today.day} {today:%b}" in said
    assert f"{day:%a} {day.day} {day:%b} closed Stocktaking" in said
    last = today + datetime.timedelta(days=6)
    assert f"{last:%a} {last.day} {last:%b}" in said
    assert "Hours confirmed on" in said


def test_a_closure_after_the_seven_days_is_shown_once_below_them(client, place):
    venue = place()
    first = timezone.localdate() + datetime.timedelta(days=20)
    last = first + datetime.timedelta(days=1)
    Closure.objects.create(venue=venue, starts_on=first, ends_on=last, note="Christmas")
    soon = timezone.localdate() + datetime.timedelta(days=2)
    Closure.objects.create(venue=venue, starts_on=soon, ends_on=soon, note="Stocktaking")
    said = words(client, venue)
    assert f"Christmas, {first.day} {first:%B} to {last.day} {last:%B}: closed." in said
    assert said.count("Stocktaking") == 1


# What is there


def test_every_facility_is_answered_in_words_yes_no_or_not_recorded(client, place):
    venue = place(toilet=True, private_room=False, quiet=None, listener=True)
    said = words(client, venue)
    for fact in (
        "Toilet: yes",
        "Private room: no",
        "Quiet: not recorded",
        "Somebody to listen: yes",
        "You can ask to speak to a woman: not recorded",
    ):
        assert fact in said


# Who stands behind it


def trained(sign_up, people, *, at_least=1, days=365):
    """Requires training in the sign-up's scheme, done by this many people of its place."""
    module = ModuleFactory()
    RequirementFactory(
        principle=PrincipleFactory(scheme=sign_up.scheme),
        evidence="current_sticker",
        needed_for="standing",
    )
    RequirementFactory(
        principle=PrincipleFactory(scheme=sign_up.scheme),
        evidence="trained_people",
        needed_for="sticker",
        at_least=at_least,
        subject=module.slug,
    )
    for number in range(people):
        CompletionFactory(
            scheme=sign_up.scheme, module=module, venue=sign_up.venue, days=days + number
        )


def test_a_badge_says_until_when_and_how_many_are_trained_and_never_who(client, place):
    scheme = SchemeFactory(name="Havens")
    venue = place(scheme=scheme)
    sign_up = venue.sign_ups.get()
    trained(sign_up, 3, at_least=2)
    said = words(client, venue)
    sticker = sign_up.stickers.get()
    until = timezone.localdate() + datetime.timedelta(days=366)  # while two of the three are
    assert f"Member until {sticker.expires_on.day} {sticker.expires_on:%B %Y}." in said
    assert f"3 people trained; the training lasts until {until.day} {until:%B %Y}." in said
    assert "Run by" in said
    assert "Alex" not in said
    assert "No trained person" not in said


def test_in_grace_and_without_training_no_trained_person_is_recorded(client, place):
    venue = place()
    assert "No trained person recorded." in words(client, venue)
    sign_up = venue.sign_ups.get()
    trained(sign_up, 1, days=-3)
    SignUp.objects.update(listed_since=timezone.localdate() - datetime.timedelta(days=9))
    said = words(client, venue)
    assert "No trained person recorded: the training ran out and is being renewed." in said


def test_several_schemes_each_have_their_own_badge(client, place):
    venue = place(scheme=SchemeFactory(name="Havens"))
    trained(venue.sign_ups.get(), 1)
    other = SchemeFactory(name="Acorn", bare=True)
    SignUpFactory(venue=venue, scheme=other, approved=True, listed=True)
    said = words(client, venue)
    assert said.index("Acorn Member. Run by") < said.index("Havens Member until")
    assert "1 person trained" in said
    assert "No trained person" not in said


def test_a_hidden_badges_facts_are_shown_without_the_schemes_name_or_steps(client, place):
    scheme = SchemeFactory(name="Havens", walk_in_steps=STEPS, what_to_say="Say “Haven”.")
    venue = place(scheme=scheme)
    SignUp.objects.update(hides_badge=True)
    html = page(client, venue)
    assert "Haven" not in html
    assert "Go to the counter." not in html
    assert "Who stands behind it" not in html
    assert "No trained person recorded." in html


# What happens when you walk in


def test_the_schemes_steps_are_on_its_page_and_on_its_places_pages(client, place):
    scheme = SchemeFactory(slug="havens", walk_in_steps=STEPS)
    venue = place(scheme=scheme)
    for html in (page(client, venue), client.get("/schemes/havens/").content.decode()):
        assert "What happens when you walk in" in html
        assert html.index(STEPS[0]) < html.index(STEPS[1])


def test_a_scheme_without_steps_shows_none(client, place):
    venue = place(scheme=SchemeFactory(slug="havens", walk_in_steps=[]))
    for html in (page(client, venue), client.get("/schemes/havens/").content.decode()):
        assert "What happens when you walk in" not in html


def test_a_place_in_two_schemes_shows_the_steps_of_its_lead_scheme(client, place):
    venue = place(scheme=SchemeFactory(name="Zebra", walk_in_steps=STEPS))
    other = SchemeFactory(name="Acorn", walk_in_steps=["Something else."])
    SignUpFactory(venue=venue, scheme=other, approved=True, listed=True)
    html = page(client, venue)
    assert STEPS[0] in html
    assert "Something else." not in html


# On paper


def test_the_printed_card_has_the_telephone_and_the_date_and_nothing_that_expires(client, place):
    Service.objects.create(
        name="A night line",
        number="116 999",
        answers="always",
        confirmed_by_name="Ada",
        confirmed_on=timezone.localdate(),
    )
    venue = place(phone="01632 960031", phone_confirmed_on=timezone.localdate(), toilet=True)
    card = paper(client, venue)
    today = timezone.localdate()
    for said in (
        "01632 960031",
        f"Printed on {today:%A} {today.day} {today:%B %Y}",
        "999",
        "A night line 116 999",
        f"/venues/{venue.slug}/",
        "Toilet.",
    ):
        assert said in card
    assert "pen now" not in card
    assert "Closed now" not in card


# For machines, and for somebody else


def test_the_data_block_has_dated_hours_and_nothing_about_the_visitor(client, place, settings):
    settings.SITE_URL = "https://places.example"
    venue = place(type="library", postcode="ZZ1 1AA", town="Alphaton", toilet=True)
    day = timezone.localdate() + datetime.timedelta(days=1)
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day, note="Shut")
    data = data_of(client, venue)
    assert data["@type"] == "Library"
    assert data["url"] == f"https://places.example/venues/{venue.slug}/"
    assert data["address"]["postalCode"] == "ZZ1 1AA"
    hours = data["openingHoursSpecification"]
    assert len(hours) == 7
    assert (hours[0]["opens"], hours[0]["closes"]) == ("00:00", "23:59")
    assert hours[1]["validFrom"] == hours[1]["validThrough"] == day.isoformat()
    assert (hours[1]["opens"], hours[1]["closes"]) == ("00:00", "00:00")
    plain = client.get(f"/venues/{venue.slug}/").content
    other = client.get(f"/venues/{venue.slug}/?from=ZZ1", headers={"referer": "/x"}).content
    assert plain == other


def test_a_name_cannot_end_the_data_block(client, place):
    venue = place(name="</script><script>alert(1)</script>&")
    html = page(client, venue)
    assert "<script>alert" not in html
    assert data_of(client, venue)["name"] == venue.name


@pytest.mark.parametrize("change", ["unconfirmed", "away"])
def test_unconfirmed_hours_are_left_out_of_the_data_block(client, place, change):
    venue = place()
    now = timezone.now()
    if change == "unconfirmed":
        Venue.objects.update(hours_confirmed_at=now - datetime.timedelta(days=400))
    else:
        until = now + datetime.timedelta(hours=2)
        Venue.objects.update(
            unavailable_until=until, unavailable_by=venue.sign_ups.get().started_by
        )
    assert "openingHoursSpecification" not in data_of(client, venue)


def test_the_data_block_of_an_area_only_place_has_no_exact_location(client, place):
    venue = place(
        listing="area_only",
        address_1="9 Hidden Lane",
        town="Alphaton",
        postcode="ZZ1 1AA",
        website="https://hidden.example",
    )
    html = page(client, venue)
    assert "Hidden Lane" not in html
    assert "ZZ1 1AA" not in html
    assert "hidden.example" not in html
    data = data_of(client, venue)
    assert "geo" not in data
    assert data["@type"] == "Place"
    assert data["address"] == {
        "@type": "PostalAddress",
        "addressCountry": "GB",
        "addressLocality": "Alphaton, ZZ1",
    }


def test_a_shared_link_shows_name_and_address_and_not_what_it_is_for(client, place, settings):
    settings.SITE_URL = "https://places.example"
    venue = place(name="Copper Kettle", type="cafe", town="Alphaton")
    html = page(client, venue)
    head = html.partition("</head>")[0]
    assert '<meta property="og:title" content="Copper Kettle">' in head
    assert f'<meta property="og:url" content="https://places.example/venues/{venue.slug}/">' in head
    assert "safe" not in head.replace("safespaces", "").lower()
    text = re.search(r"data-share-text>(.*?)</p>", html, re.S)[1]
    assert "Copper Kettle, " in text
    assert f"https://places.example/venues/{venue.slug}/" in text


# Cost


def test_the_page_uses_a_constant_number_of_queries(client, place):
    venue = place(scheme=SchemeFactory())

    def count():
        with CaptureQueriesContext(connection) as caught:
            page(client, venue)
        return len(caught)

    few = (count(), count())[1]
    for number in range(4):
        scheme = SchemeFactory()
        sign_up = SignUpFactory(venue=venue, scheme=scheme, approved=True, listed=True)
        RequirementFactory(principle=PrincipleFactory(scheme=scheme))
        assert sign_up.venue == venue
        day = timezone.localdate() + datetime.timedelta(days=number)
        Closure.objects.create(venue=venue, starts_on=day, ends_on=day)
    assert count() == few
    assert few <= 12


def test_the_page_is_small_and_needs_no_file_beyond_the_finders(client, place):
    venue = place(scheme=SchemeFactory(walk_in_steps=STEPS))
    html = page(client, venue)
    files = re.findall(
        r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="/static/([^"]*)"', html
    )
    assert files == ["build/public.css", "js/public.js"]
    weights = [len(gzip.compress(html.encode()))]
    for name in files:
        with open(finders.find(name), "rb") as file:
            weights.append(len(gzip.compress(file.read())))
    assert sum(weights) <= 20_000
