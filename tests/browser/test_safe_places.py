"""Safe Places in a browser: from `create_scheme safe_places` to a café that the public finds, and
the day before its insurance ends."""

import datetime
from io import StringIO

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from geography.models import Area
from tests.browser.conftest import DESK, HERE, PHONE
from tests.browser.person import fill, find_places, follow, go, press, sees, sees_not
from tests.browser.test_admin import signed_in
from tests.browser.test_chain import begin, door, hand_over_training, hours, learn, principles
from tests.browser.test_two_schemes import make_ready_and_open, name_numbers
from tests.factories import UserFactory
from training.actions import review_module
from training.models import Module
from venues.models import Answer, Scheme, Sticker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "https://www.police.example.org/report/"
NEXT_YEAR = timezone.localdate() + datetime.timedelta(days=400)

CAFE = {
    "Your organisation": {"name": "Copper Kettle Ltd", "sector": "commercial"},
    "Contact and website": {
        "contact_name": "Kim",
        "contact_phone": "01632 960001",
        "contact_email": "kim@example.org",
    },
    "Name, kind and address": {
        "name": "The Copper Kettle",
        "type": "cafe",
        "address_1": "31 Quay Lane",
        "town": "Southampton",
    },
    "What is there": {"step_free": "True", "toilet": "True", "woman_on_request": "usually"},
    "What you offer": {"listener": "True"},
    "Who may find it": {"listing": "public"},
    "Insurance": {"insurance_checked": "yes"},
}


@pytest.fixture
def scheme(here):
    """What the command makes, in an area around the café."""
    square = Polygon.from_bbox((HERE.x - 3000, HERE.y - 3000, HERE.x + 3000, HERE.y + 3000))
    boundary = MultiPolygon(square, srid=27700)
    Area.objects.create(code="E06000045", name="Southampton", kind="district", boundary=boundary)
    call_command(
        "create_scheme",
        "safe_places",
        council="Southampton City Council",
        email="team@example.org",
        area="E06000045",
        stdout=StringIO(),
    )
    return Scheme.objects.get()


def confirm(page, scheme):
    """What the council has to confirm, from the checklist; the network's permission stays open."""
    for each in scheme.clearances.filter(kind="council"):
        go(page, f"/admin/venues/scheme/{scheme.pk}/checklist/")
        page.get_by_role("link", name="To be confirmed by the council").first.click()
        fill(page, clearance=str(each.pk), given_by="Ruth Adeyemi, community safety")
        press(page, "Record a permission or a confirmation")
    sees(page, "Recorded: Ruth Adeyemi", "Stays off until permission is recorded.")


def name_the_force(page, scheme):
    go(page, "/admin/signposting/service/add/")
    fill(page, scheme=str(scheme.pk), name="Hampshire’s police", what_for="Tell them online.")
    fill(page, by="online", answers="always", website=FORM)
    page.locator('[name="_save"]').click()
    page.get_by_text("was added successfully").wait_for()
    page.get_by_role("link", name="Hampshire’s police").first.click()
    page.locator("#confirm_service_name").fill("Ruth")
    press(page, "Confirm this number")
    sees(page, "is confirmed and public")


def insurance(page, day):
    """Wrong days first: each is a sentence at its box."""
    question = Scheme.objects.get().criteria.get(slug="insured-until")
    box = f"q{question.pk}_value"

    def give(day, month, year):
        fill(page, **{f"{box}_day": day, f"{box}_month": month, f"{box}_year": year})
        press(page, "Save")

    give("30", "2", "2027")
    sees(page, "Write a real date, such as 27 3 2026.")
    give("1", "1", "2020")
    sees(page, "1 January 2020 has passed. Give the day on which your insurance ends next.")
    give(str(day.day), str(day.month), str(day.year))


def sign_up_the_cafe(page):
    made = begin(page)
    for title, answers in CAFE.items():
        follow(page, title)
        fill(page, **answers)
        press(page, "Save")
    door(page)
    hours(page)
    principles(page, made)
    follow(page, "Check your answers and send")
    sees(page, "Insurance is in date, and the team knows until when.")
    follow(page, "Back to your details") if page.get_by_role(
        "link", name="Back to your details", exact=True
    ).count() else go(page, f"/portal/{made.pk}/tasks/")
    follow(page, "Insurance and policies")
    insurance(page, NEXT_YEAR)
    follow(page, "Check your answers and send")
    press(page, "Send")
    sees(page, "Sent. Thank you.")
    return made


def decide(page, made):
    go(page, f"/admin/venues/signup/{made.pk}/change/")
    for each in made.scheme.checks_asked.all():
        press(page, f"Yes: {each.words}")
    follow(page, "Approve")
    press(page, "Do this, with this letter")
    sees(page, "Approved.")


def test_from_the_command_to_a_cafe_in_the_finder(open_page, scheme, live_server, pytestconfig):
    client = Client()
    owner = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(owner)
    office = signed_in(open_page(), client, live_server)
    name_numbers(office, scheme)
    go(office, f"/admin/venues/scheme/{scheme.pk}/checklist/")
    sees(office, "The council has to confirm: The eight principles")
    confirm(office, scheme)
    module = Module.objects.get(slug="safe-places")
    module.facts.update(to_confirm=False)  # as the reviewer does after checking each
    review_module(module, by=owner, name="Ada", role="Safeguarding lead")
    make_ready_and_open(office, scheme)
    name_the_force(office, scheme)

    manager, phone, public = open_page(PHONE), open_page(PHONE), open_page(PHONE)
    made = sign_up_the_cafe(manager)
    decide(office, made)
    learn(phone, hand_over_training(manager, made))
    office.reload()
    press(office, "Issue a sticker")
    press(office, "Mark as sent")
    assert Sticker.objects.get().sent_at
    go(manager, f"/portal/{made.pk}/")
    follow(manager, "The sticker")
    press(manager, "The sticker is up")

    find_places(public)
    sees(public, "The Copper Kettle", "Say: I need a Safe Place.")
    go(public, f"/schemes/{scheme.slug}/")
    sees(public, "1 Safe Place is listed today.", "Look for this in the window", "team@example.org")
    sees_not(public, "National Safe Places Network")
    follow(public, "If somebody follows, touches or stalks you")
    sees(public, "What to keep", "the form of Hampshire’s police", "Cannot speak to 999?")
    assert public.get_by_role("link", name="the form of Hampshire’s police").get_attribute(
        "href"
    ) == (FORM)
    assert public.context.cookies() == []

    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    Answer.objects.filter(criterion__slug="insured-until").update(day=tomorrow)
    go(manager, f"/portal/{made.pk}/")
    sees(manager, f"That ends tomorrow, {tomorrow:%-d %B %Y}.")
    sees_not(manager, "meeting")
    look(open_page, [manager, office], made, scheme, pytestconfig)
    go(manager, f"/portal/{made.pk}/")
    follow(manager, "Give the date of your insurance")
    insurance(manager, NEXT_YEAR)
    go(manager, f"/portal/{made.pk}/")
    sees(manager, f"until {NEXT_YEAR:%-d %B %Y}")


def look(open_page, people, made, scheme, pytestconfig):
    """The new pages on a telephone and on a desk, checked; kept beside --basetemp if given."""
    manager, office = people
    pages = [
        (open_page(), f"/schemes/{scheme.slug}/followed/"),
        (open_page(), f"/schemes/{scheme.slug}/"),
        (open_page(), "/help/"),
        (manager, f"/portal/{made.pk}/"),
        (manager, f"/portal/{made.pk}/policies/"),
        (office, f"/admin/venues/scheme/{scheme.pk}/checklist/"),
        (office, f"/admin/venues/scheme/{scheme.pk}/record-clearance/"),
    ]
    for viewport in (PHONE, DESK):
        for page, path in pages:
            page.set_viewport_size(viewport)
            go(page, path)
            if folder := pytestconfig.getoption("--basetemp"):
                name = path.strip("/").replace("/", "-")
                page.screenshot(path=f"{folder}-{viewport['width']}-{name}.png", full_page=True)
