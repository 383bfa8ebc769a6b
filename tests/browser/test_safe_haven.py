"""Safe Haven in a browser: a library from a round to its sticker; somebody who wants to be told."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email

from geography.models import Area
from tests.browser.conftest import DESK, PASSWORD, PHONE
from tests.browser.person import fill, follow, go, press, sees, sees_not
from tests.factories import UserFactory, ready_to_open
from tests.venues.rounds import DAY
from training.actions import review_module
from training.models import Module
from venues.models import Round, Scheme, SignUp, Sticker, Waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIBRARY = "Exampleton Library"
PLAIN = {
    "Your organisation": {"name": "Exampleton Council", "sector": "public_body"},
    "Contact and website": {
        "contact_name": "The duty manager",
        "contact_phone": "01632 960001",
        "contact_email": "library@example.org",
    },
    "Name, kind and address": {
        "name": LIBRARY,
        "type": "library",
        "address_1": "1 Market Square",
        "town": "Exampleton",
    },
    "What you offer": {
        "lets_in": "True",
        "calm_space": "True",
        "calls": "True",
        "directions": "True",
        "transport": "Bus 5 from outside; N15 all night from the Town Hall",
    },
    "Who may find it": {"listing": "public"},
}


@pytest.fixture
def administrator(here):
    """The administrator of a Safe Haven scheme made from its pack; its texts are confirmed."""
    box = Polygon.from_bbox((440000, 105000, 460000, 125000))
    Area.objects.create(
        code="E09000002",
        name="Exampleton",
        kind="district",
        vintage=2024,
        boundary=MultiPolygon(box, srid=27700),
    )
    user = UserFactory(email="officer@example.org")
    call_command(
        "create_scheme",
        "safe_haven",
        council="Borough of Exampleton",
        email="team@example.org",
        area="E09000002",
        administrator=user.email,
    )
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    scheme = Scheme.objects.get()
    scheme.contact_kinds.update(is_needed=False)
    module = Module.objects.get(slug="safe-haven")
    module.facts.update(to_confirm=False)  # as the reviewer would after checking them
    review_module(module, by=user, name="Ada", role="Safeguarding lead")
    ready_to_open(scheme, by=user)
    return user


def signed_in_office(open_page, user, viewport=DESK):
    page = open_page(viewport)
    go(page, "/admin/")
    fill(page, login=user.email, password=PASSWORD)
    press(page, "Sign in")
    return page


def fill_in_days(page, opens, closes):
    for name, day in (("opens_on", opens), ("closes_on", closes)):
        fill(page, **{f"{name}_day": str(day.day), f"{name}_month": str(day.month)})
        fill(page, **{f"{name}_year": str(day.year)})


def make_a_round(page, name, opens, closes):
    go(page, "/admin/venues/round/add/")
    fill(page, name=name, target_venues="20")
    fill_in_days(page, opens, closes)
    page.get_by_label("Exampleton", exact=False).first.check()
    fill(page, words_when_closed="We visit the new places now.")
    press(page, "Make a round")
    sees(page, "The round is made.", "How far it has come", "0 of 20 places")
    return Round.objects.get(name=name)


def link_in_letter(path):
    letter = Email.objects.latest("id").message
    return re.search(rf"https?://[^/\s]+(/{path}/\S+)", letter)[1]


def sign_up_the_library(page):
    go(page, "/join/safe-haven/")
    sees(page, "delivered by Studio 3 Arts", "a session of 90 minutes, together with others")
    fill(page, email="library@example.org", postcode="zz11aa")
    press(page, "Send me the link")
    go(page, link_in_letter("join"))
    press(page, "Start")
    made = SignUp.objects.get()
    for title, fields in PLAIN.items():
        follow(page, title)
        fill(page, **fields)
        press(page, "Save")
    follow(page, "Where the door is")
    press(page, "The pin is at our door: save")
    follow(page, "Opening hours")
    fill(page, **{"lines-0": "Mon–Sun 0:00–24:00"})
    fill(page, bank_holidays="as_usual")
    press(page, "Save")
    follow(page, "The core principles")
    asked = list(made.scheme.principles.all())
    follow(page, f"Go on: {asked[0].title}")
    for principle in asked:
        fill(page, **{f"q{principle.pk}_value": "we_do"})
        press(page, "Save")
    follow(page, "Back to your details")
    follow(page, "Check your answers and send")
    press(page, "Send")
    sees(page, "Sent. Thank you.")
    go(page, f"/portal/{made.pk}/people/")
    fill(page, first_name="Robin")
    press(page, "Add")
    return made


def approve_train_and_send_the_sticker(page, made):
    go(page, f"/admin/venues/signup/{made.pk}/change/")
    for kind in made.scheme.checks_asked.all():
        press(page, f"Yes: {kind.words}")
    follow(page, "Approve")
    press(page, "Do this, with this letter")
    sees(page, "Approved.")
    go(page, "/admin/training/in-room/")
    page.get_by_label("Where they work").select_option(label=LIBRARY)
    press(page, "Go on")
    page.get_by_label("Robin").check()
    today = timezone.localdate()
    fill(page, day_day=str(today.day), day_month=str(today.month), day_year=str(today.year))
    press(page, "Record the training")
    go(page, f"/admin/venues/signup/{made.pk}/change/")
    press(page, "Issue a sticker")
    press(page, "Mark as sent")
    sees(page, "The sticker is marked as sent.")


def test_a_library_becomes_a_safe_haven_within_a_round(open_page, administrator):
    office, library, public = (
        signed_in_office(open_page, administrator),
        open_page(),
        open_page(PHONE),
    )
    scheme, today = Scheme.objects.get(), timezone.localdate()
    go(office, f"/admin/venues/scheme/{scheme.pk}/checklist/")
    sees(office, "Delivered by", "Studio 3 Arts: confirmed with the texts.")
    go(office, f"/admin/venues/scheme/{scheme.pk}/change/")
    press(office, "Open the scheme")
    made_round = make_a_round(office, "First round", today, today + 30 * DAY)

    made = sign_up_the_library(library)
    assert made.round == made_round
    approve_train_and_send_the_sticker(office, made)
    go(library, f"/portal/{made.pk}/")
    follow(library, "The sticker")
    press(library, "The sticker is up")
    assert Sticker.objects.get().displayed_at

    go(office, f"/admin/venues/round/{made_round.pk}/change/")
    sees(office, "1 of 20 places have the sticker up.", "The whole round 1 1 1 1 1 1")
    for viewport in (PHONE, DESK):
        public.set_viewport_size(viewport)
        go(public, f"/venues/{made.venue.slug}/")
        sees(
            public,
            "Lets in somebody who is threatened",
            "Tells you the way and the bus",
            "Getting home from here",
            "N15 all night from the Town Hall",
        )


def test_somebody_who_only_wants_to_be_told_is_told_once(open_page, administrator):
    office, person = signed_in_office(open_page, administrator, PHONE), open_page(PHONE)
    scheme, today = Scheme.objects.get(), timezone.localdate()
    go(office, f"/admin/venues/scheme/{scheme.pk}/change/")
    press(office, "Open the scheme")
    first = make_a_round(office, "First round", today - 30 * DAY, today - DAY)
    assert first.is_over(today)

    for viewport in (DESK, PHONE):
        person.set_viewport_size(viewport)
        go(person, "/join/safe-haven/")
        sees(person, "Sign-ups are closed for now", "We visit the new places now.")
    sees_not(person, "Send me the link")
    fill(person, email="kim@")
    press(person, "Tell me")
    sees(person, "Write an e-mail address")
    person.locator('[name="email"]').fill("kim@example.org")
    press(person, "Tell me")
    sees(person, "Check your e-mail")
    go(person, link_in_letter("tell-me"))
    press(person, "Yes, tell me")
    sees(person, "You are on the list")

    second = make_a_round(office, "Second round", today, today + 30 * DAY)
    sees(office, "1 confirmed address has not been told of this round.", "First round")
    press(office, "Write to them now")
    sees(office, "1 address is told.", "Nobody who confirmed an address waits")
    press(office, "Take the letters back")
    sees(office, "1 confirmed address has not been told of this round.")
    press(office, "Write to them now")
    assert second.notices.count() == 1

    go(person, link_in_letter("join"))
    sees(person, "Send me the link")
    go(person, link_in_letter("tell-me"))
    press(person, "Take my address off the list")
    sees(person, "You are off the list")
    assert not Waiting.objects.exists()
