"""The whole chain in a browser: from the start page to a place somebody finds, and off again."""

import io
import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.gis.geos import Point
from django.core.management import call_command
from PIL import Image
from post_office.models import Email

from geography.models import Postcode
from tests.browser.axe import check
from tests.browser.conftest import PHONE
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.training.conftest import right_answers
from training.actions import enrol, review_module
from training.links import SHARED_PHONE, make_token
from training.models import Enrolment, Module
from venues.actions import open_scheme
from venues.models import Check, Scheme, SchemeContact, SignUp, Sticker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = Point(450000, 115000, srid=27700)
PASSWORD = "only-for-this-journey"


@pytest.fixture
def here():
    """A postcode that does not exist."""
    return Postcode.objects.create(postcode="ZZ1 1AA", outward="ZZ1", point=HERE, quality=10)


@pytest.fixture
def officer(here):
    """An open scheme with its training, and the officer of its team."""
    user = UserFactory(email="officer@example.org")
    call_command(
        "create_scheme",
        "spaces_of_sanctuary",
        council="Exampleton",
        email="team@example.org",
        administrator=user.email,
    )
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    scheme = Scheme.objects.get()
    for kind in SchemeContact.Kind:
        SchemeContact.objects.create(scheme=scheme, kind=kind, name="Team", number="01632 960000")
    call_command("load_training")
    review_module(Module.objects.get(slug="introductory"), by=user, name="Ada", role="Lead")
    open_scheme(scheme, by=user)
    return user


# What a person does


def go(page, path):
    page.goto(path)
    check(page)


def press(page, name, nth=0):
    page.get_by_role("button", name=name, exact=True).nth(nth).click()
    check(page)


def follow(page, name):
    links = page.get_by_role("link", name=name, exact=True)
    links.or_(page.locator("a[role=button]", has_text=name)).first.click()
    check(page)


def fill(page, **fields):
    """Write into a box, or choose one of a group, by the names in the form."""
    for name, value in fields.items():
        box = page.locator(f'[name="{name}"]')
        if box.first.get_attribute("type") in ("radio", "checkbox"):
            page.check(f'[name="{name}"][value="{value}"]')
        elif box.first.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def sees(page, *words):
    text = " ".join(page.locator("body").inner_text().split())
    for each in words:
        assert each in text, f"{each!r} is not on {page.url}: {text}"


def sees_not(page, words):
    assert words not in page.content(), f"{words!r} is on {page.url}"


# The steps of the task list

PLAIN = {
    "Your organisation": {"name": "Exampleton Books Ltd", "sector": "commercial"},
    "Contact and website": {
        "contact_name": "Kim",
        "contact_phone": "01632 960001",
        "contact_email": "kim@example.org",
        "website": "www.example.org",
    },
    "Name, kind and address": {
        "name": "Exampleton Books",
        "type": "shop",
        "address_1": "1 High Street",
        "town": "Exampleton",
    },
    "What is there": {"step_free": "True", "toilet": "False", "woman_on_request": "usually"},
    "What you offer": {"listener": "True"},
    "Who may find it": {"listing": "public"},
    "Insurance": {"insurance_checked": "yes"},
}


def begin(page):
    """From the start page, over the letter, to the task list."""
    go(page, "/join/")
    press(page, "Send me the link")
    sees(page, "Write your e-mail address.")
    fill(page, email="kim@example.org", postcode="zz11aa")
    press(page, "Send me the link")
    letter = Email.objects.latest("id").message
    go(page, re.search(r"https?://[^/\s]+(/join/\S+)", letter)[1])
    press(page, "Start")
    return SignUp.objects.get()


def plain_step(page, title):
    follow(page, title)
    fill(page, **PLAIN[title])
    press(page, "Save")


def door(page):
    follow(page, "Where the door is")
    page.locator("form[action$='/north/'] button").click()
    check(page)
    sees(page, "Moved by 10 metres.")
    press(page, "Save")


def photo(page):
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(picture, "JPEG")
    follow(page, "A photo")
    file = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.set_input_files('[name="photo"]', file)
    fill(page, photo_alt="A green door")
    press(page, "Save")


def hours(page):
    follow(page, "Opening hours")
    fill(page, d0_0_opens="00:00", d0_0_closes="00:00")
    press(page, "Copy Monday to Tuesday, Wednesday, Thursday and Friday")
    sees(page, "Not saved yet")
    for day in (5, 6):
        fill(page, **{f"d{day}_0_opens": "0:00", f"d{day}_0_closes": "0:00"})
    fill(page, bank_holidays="as_usual")
    press(page, "Save")


def closure(page):
    follow(page, "Closed on certain days")
    fill(page, starts_on_day="25", starts_on_month="December", starts_on_year="2099")
    press(page, "Add these days")
    page.goto(page.url.replace("closed/", "tasks/"))


def principles(page, sign_up):
    follow(page, "The core principles")
    press(page, "Save")
    sees(page, "Choose an answer")
    for principle in sign_up.scheme.principles.all():
        fill(page, **{f"q{principle.pk}_value": "we_do"})
    press(page, "Save")


def the_space(page, sign_up):
    follow(page, "Inside and outside")
    for criterion in sign_up.scheme.criteria.filter(theme="space"):
        fill(page, **{f"q{criterion.pk}_value": "we_do"})
    press(page, "Save")


def sign_up_a_place(page):
    made = begin(page)
    for title in PLAIN:
        plain_step(page, title)
    for step in (door, photo, hours, closure):
        step(page)
    principles(page, made)
    the_space(page, made)
    follow(page, "Check your answers and send")
    sees(page, "Exampleton Books", "What the public will see")
    press(page, "Send")
    sees(page, "Sent. Thank you.")
    follow(page, "Go to your home page")
    sees(page, "is looking at it")
    return made


def decide(page, officer):
    """The officer: log in, the queue, the screen, the checks, the letter."""
    go(page, "/admin/")
    fill(page, login=officer.email, password=PASSWORD)
    press(page, "Sign in")
    sees(page, "Exampleton Books")
    follow(page, "Exampleton Books")
    sees(page, "It cannot be approved yet:")
    for kind in Check.Kind:
        press(page, f"Yes: {kind.label}")
    follow(page, "Approve")
    sees(page, "Read it before it goes out", "kim@example.org")
    press(page, "Do this and send the letter")
    sees(page, "Approved. The letter is sent.", "No sticker can be issued now:")


def hand_over_training(page, made):
    """The manager adds a person; returns the code for them."""
    go(page, f"/portal/{made.pk}/people/")
    fill(page, first_name="Robin")
    press(page, "Add")
    follow(page, "Go to training")
    press(page, "Train Robin")
    sees(page, "For Robin")
    return Enrolment.objects.get()


def learn(page, enrolment):
    """The learner: with the code, without an account."""
    go(page, "/learn/")
    fill(page, code=enrolment.code)
    press(page, "Open my training")
    follow(page, "Start")
    for __ in enrolment.sections:
        press(page, "I have read this")
    for question, choices in right_answers(enrolment).items():
        for choice in choices:
            fill(page, **{f"question_{question}": str(choice)})
    press(page, "Send my answers")
    sees(page, "You have passed")
    follow(page, "See your certificate")
    sees(page, "Robin", "Valid until")


def issue(page):
    page.reload()
    press(page, "Issue a sticker")
    press(page, "Mark as sent")
    sees(page, "The sticker is marked as sent.")
    return Sticker.objects.get()


def put_up(page, made):
    go(page, f"/portal/{made.pk}/")
    follow(page, "The sticker")
    press(page, "The sticker is up")


def find(page):
    go(page, "/")
    fill(page, place="zz1 1aa")
    press(page, "Find places")


def test_the_whole_chain_from_a_pledge_to_a_place_that_is_found(open_page, officer):
    manager, office, phone, public = open_page(), open_page(), open_page(PHONE), open_page(PHONE)
    made = sign_up_a_place(manager)
    decide(office, officer)
    learn(phone, hand_over_training(manager, made))
    find(public)
    sees_not(public, "Exampleton Books")
    sticker = issue(office)
    put_up(manager, made)

    find(public)
    sees(public, "Exampleton Books", "Open now", "Say you need a safe space.")
    enrolment = Enrolment.objects.get()
    until = f"{enrolment.valid_until:%-d %B %Y}"
    go(public, f"/stickers/{sticker.code}/")
    sees(public, "is current", "Exampleton Books", f"trained until {until}")

    office.get_by_text("Suspend", exact=True).click()
    office.get_by_label("Why it is suspended").fill("A complaint")
    press(office, "Suspend now")
    find(public)
    sees_not(public, "Exampleton Books")
    go(public, f"/stickers/{sticker.code}/")
    sees(public, "No: there is no current sticker")
    sees_not(public, "Exampleton Books")


def test_the_keyboard_alone_finds_a_place(open_page, officer):
    SignUpFactory(
        scheme=Scheme.objects.get(),
        approved=True,
        listed=True,
        venue__name="Exampleton Books",
        venue__hours=ALWAYS,
    )
    page = open_page(PHONE)
    page.goto("/")
    tab_to(page, "id_place")
    page.keyboard.type("ZZ1 1AA")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    sees(page, "Exampleton Books", "Open now")
    tab_to(page, "details summary")
    page.keyboard.press("Enter")
    sees(page, "It is no refuge")
    check(page)


def tab_to(page, wanted):
    """Press Tab until the focus, always to be seen, is on a thing with this id or selector."""
    for __ in range(40):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        assert focus.is_visible(), focus.evaluate("each => each.outerHTML")
        if focus.evaluate("(each, it) => each.id === it || each.matches(it)", wanted):
            return
    pytest.fail(f"Tab never comes to {wanted}")


def test_without_javascript(open_page, officer, client):
    made = SignUpFactory(
        scheme=Scheme.objects.get(),
        approved=True,
        listed=True,
        venue__name="Exampleton Books",
        venue__hours=ALWAYS,
    )
    member = MembershipFactory(organisation=made.venue.organisation)
    page = open_page(PHONE, java_script_enabled=False)

    page.goto("/")
    page.fill("[name=place]", "zz1 1aa")
    page.get_by_role("button", name="Find places").click()
    sees(page, "Exampleton Books", "Open now")

    client.force_login(member.user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**session, "url": page.url}])
    page.goto(f"/portal/{made.pk}/contact/")
    page.fill("[name=contact_name]", "Robin")
    page.get_by_role("button", name="Save").click()
    sees(page, "Saved.")
    made.venue.refresh_from_db()
    assert made.venue.contact_name == "Robin"

    person = StaffMemberFactory(organisation=made.venue.organisation, venue=made.venue)
    enrolment = enrol(person, Module.objects.get(), by=member.user)
    page.goto(f"/learn/{make_token(enrolment, lasts=SHARED_PHONE)}/1/")
    page.get_by_role("button", name="I have read this").click()
    sees(page, "Section 2 of")
    enrolment.refresh_from_db()
    assert enrolment.sections_finished == [1]
