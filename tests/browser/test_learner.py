"""A learner on a phone, from email to certificate; a trainer who writes and previews a module."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse
from post_office.models import Email
from pypdf import PdfReader

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, follow, go, press, sees, sees_not
from tests.factories import OfficerFactory, SignUpFactory
from tests.training.conftest import CONTENT, add_person, right_answers
from training import actions
from training.content import FOLDER, read
from training.links.enrolments import SHARED_PHONE, make_token
from training.models import Enrolment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(client):
    """A sign-up, its scheme's administrator signed in to `client`, and a reviewed module."""
    sign_up = SignUpFactory(approved=True)
    role = OfficerFactory(scheme=sign_up.scheme, role="administrator", user__is_staff=True)
    module, __ = actions.load_module(CONTENT)
    module.facts.update(to_confirm=False)  # as the reviewer would after checking them
    module = actions.review_module(module, by=role.user, name="Ada", role="Lead")
    client.force_login(role.user)
    return sign_up, role.user, module


def answer(page, enrolment, choices_of):
    for question, choices in choices_of.items():
        for choice in choices:
            fill(page, **{f"question_{question}": str(choice)})
    press(page, "Send my answers")


TURN_AWAY = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_answers_are_kept_when_a_learner_switches_apps(open_page, team):
    sign_up, administrator, module = team
    enrolment = actions.enrol(add_person(sign_up, "Robin"), module, by=administrator)
    for section in enrolment.sections:
        enrolment = actions.finish_section(enrolment, section.order)
    phone = open_page(PHONE)
    go(phone, f"/learn/{make_token(enrolment, lasts=SHARED_PHONE)}/check/")
    question, choices = next(iter(right_answers(enrolment).items()))
    for choice in choices:
        fill(phone, **{f"question_{question}": str(choice)})
    with phone.expect_response("**/check/keep/") as kept:
        phone.evaluate(TURN_AWAY)
    assert kept.value.status == 302
    enrolment.refresh_from_db()
    assert set(enrolment.kept_answers) == choices


def test_a_learner_on_a_phone_goes_from_email_to_certificate(open_page, team):
    sign_up, administrator, module = team
    person = add_person(sign_up, "Robin", email="robin@example.org")
    enrolment = actions.enrol(person, module, by=administrator)
    actions.send_link(enrolment, by=administrator)
    letter = Email.objects.get(to="robin@example.org").message
    phone = open_page(PHONE)
    go(phone, re.search(r"https?://[^/\s]+(/learn/\S+)", letter)[1])
    follow(phone, "Start")
    press(phone, "I have read this")
    go(phone, phone.url)  # the page is loaded again: nothing is lost
    press(phone, "I have read this")

    right = right_answers(enrolment)
    first = enrolment.questions.first()
    slip = right | {first.pk: {first.choices.get(right=False).pk}}
    answer(phone, enrolment, slip)
    sees(phone, "Not yet: try again", "Think again.")
    follow(phone, "Try again")
    answer(phone, enrolment, {first.pk: right[first.pk]})  # only what was not right yet
    sees(phone, "You have passed")
    follow(phone, "See your certificate")
    sees(phone, "Robin", "Valid until")

    with phone.expect_download() as download:
        phone.locator("a[role=button]", has_text="Download as a PDF").click()
    text = PdfReader(download.value.path()).pages[0].extract_text()
    done = Enrolment.objects.get()
    assert "Robin" in text
    assert done.certificate_code_in_fours in text

    press(phone, "Tell us")
    sees(phone, "Choose a number from 1 to 5.")
    fill(phone, rating="4", words="Clear")
    press(phone, "Tell us")
    sees(phone, "Thank you for telling us.")

    anybody = open_page(PHONE)
    go(anybody, "/certificates/")
    fill(anybody, code=done.certificate_code_in_fours.lower())
    press(anybody, "Check")
    sees(anybody, "Yes: this certificate is valid", "Introduction")
    sees_not(anybody, "Robin")
    follow(anybody, "Check another certificate")
    fill(anybody, code="BCDF GHJK BCDF GHJK")
    anybody.get_by_role("button", name="Check").click()  # the browser's console notes the 404
    sees(anybody, "We do not know this code")
    assert anybody.context.cookies() == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_trainer_edits_previews_and_reads_results(open_page, client, live_server, team, viewport):
    sign_up, administrator, shared = team
    module = actions.copy_module(shared, sign_up.scheme, by=administrator)
    page = open_page(viewport)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    go(page, reverse("admin:training_module_change", args=[module.pk]))
    area = page.locator("textarea[data-preview]").first
    area.fill("Look **here**.\n\n<script>alert(1)</script>")
    page.locator(".app-preview strong", has_text="here").wait_for()
    check(page)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="See it as learners will, without saving").click()
    preview = opened.value
    preview.wait_for_load_state()
    sees(preview, "Nothing has been saved", "Look here.", "<script>alert(1)</script>")

    go(page, reverse("admin:training_module_changelist"))
    go(page, f"{reverse('admin:training_question_add')}?module={module.pk}")
    go(page, reverse("module_results", args=[module.pk]))
    sees(page, "Who has done it", "Agency staff")
    go(page, reverse("admin:training_module_read", args=[module.pk]))


def test_a_learner_on_a_phone_reads_easy_read_and_the_handout(open_page, team):
    sign_up, administrator, __ = team
    files = read(FOLDER / "first-aid")
    module, __ = actions.load_module(replace(files, about={**files.about, "prerequisites": []}))
    module.facts.update(to_confirm=False)
    module = actions.review_module(module, by=administrator, name="Ada", role="Lead")
    enrolment = actions.enrol(add_person(sign_up, "Robin"), module, by=administrator)
    phone = open_page(PHONE)
    go(phone, f"/learn/{make_token(enrolment, lasts=SHARED_PHONE)}/")
    follow(phone, "Easy Read summary")
    sees(phone, "Push on the middle of the chest.")
    check(phone)
    follow(phone, "All sections")
    follow(phone, "Handout of one page")
    sees(phone, "Nearest defibrillator")
    check(phone)
