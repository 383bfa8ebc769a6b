"""The whole journey in a browser: from the start page to a listed place, and its removal."""

import io
import re

import pytest
from PIL import Image
from post_office.models import Email

from tests.browser.axe import check
from tests.browser.conftest import PASSWORD, PHONE
from tests.browser.person import fill, find_places, follow, go, press, sees, sees_not
from tests.factories import CHECKS
from tests.training.conftest import right_answers
from training.models import Enrolment
from venues.models import SignUp, Sticker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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
    """Go from the start page, through the email, to the task list."""
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
    press(page, "The pin is at our door: save")


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
    fill(page, **{"lines-0": "Mon–Fri 0:00–24:00"})
    press(page, "+ Another line")
    fill(page, **{"lines-1": "Weekends 0:00–24:00"})
    fill(page, bank_holidays="as_usual")
    press(page, "Save")


def closure(page):
    follow(page, "Closed on certain days")
    fill(page, starts_on_day="25", starts_on_month="December", starts_on_year="2099")
    press(page, "Add these days")
    page.goto(page.url.replace("closed/", "tasks/"))


def principles(page, sign_up):
    follow(page, "The core principles")
    asked = list(sign_up.scheme.principles.all())
    follow(page, f"Go on: {asked[0].title}")
    press(page, "Save")
    sees(page, "Choose where you are with this.")
    for principle in asked:
        fill(page, **{f"q{principle.pk}_value": "we_do"})
        press(page, "Save")
    follow(page, "Back to your details")


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
    """As the officer: log in, open the queue, check the sign-up, send the decision."""
    go(page, "/admin/")
    fill(page, login=officer.email, password=PASSWORD)
    press(page, "Sign in")
    sees(page, "Exampleton Books")
    follow(page, "Exampleton Books")
    sees(page, "It cannot be approved yet:")
    for words in CHECKS.values():
        press(page, f"Yes: {words}")
    follow(page, "Approve")
    sees(page, "Read it before it goes out", "kim@example.org")
    press(page, "Do this, with this letter")
    sees(page, "Approved.", "The letter is on its way.", "No sticker can be issued now:")


def hand_over_training(page, made):
    """As the manager: add a person; returns their code."""
    go(page, f"/portal/{made.pk}/people/")
    fill(page, first_name="Robin")
    press(page, "Add")
    follow(page, "Go to training")
    press(page, "Train Robin")
    sees(page, "For Robin")
    return Enrolment.objects.get()


def learn(page, enrolment):
    """As the learner: use the code, without an account."""
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


def test_the_whole_journey_from_pledge_to_listed_place(open_page, officer):
    manager, office, phone, public = open_page(), open_page(), open_page(PHONE), open_page(PHONE)
    made = sign_up_a_place(manager)
    decide(office, officer)
    learn(phone, hand_over_training(manager, made))
    find_places(public)
    sees_not(public, "Exampleton Books")
    sticker = issue(office)
    put_up(manager, made)

    find_places(public)
    sees(public, "Exampleton Books", "Open now", "Say you need a safe space.")
    enrolment = Enrolment.objects.get()
    until = f"{enrolment.valid_until:%-d %B %Y}"
    go(public, f"/stickers/{sticker.code}/")
    sees(public, "is current", "Exampleton Books", f"the training lasts until {until}")

    office.get_by_text("Suspend", exact=True).click()
    office.get_by_label("Why it is suspended").fill("A complaint")
    press(office, "Suspend now")
    find_places(public)
    sees_not(public, "Exampleton Books")
    go(public, f"/stickers/{sticker.code}/")
    sees(public, "There is no current sticker")
    sees_not(public, "Exampleton Books")
