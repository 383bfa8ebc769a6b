"""When a session expires or an answer is wrong, what was typed is kept."""

import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.kept_answers import SESSION_KEY
from tests.factories import MembershipFactory, OfficerFactory, UserFactory
from tests.venues.portal import managed_sign_up
from tests.venues.test_portal_two_people import address_of, fields_of, inputs
from venues import actions
from venues.views.steps import STEPS

pytestmark = pytest.mark.django_db
FORMS = [
    *((f"edit_{key}", f"change_{key}") for key in STEPS),
    ("edit_hours", "change_hours"),
    ("edit_closures", "add_closure"),
    ("edit_point", "change_point"),
    ("edit_photo", "change_photo"),
    ("edit_principle", "agree"),
    ("edit_space", "answer_criteria"),
    ("cannot_help", "cannot_help_until"),
    ("people", "add_staff_member"),
    ("paste_people", "read_pasted_people"),
    ("members", "invite_member"),
    ("leave_scheme", "withdraw_sign_up"),
]


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def typing(browser):
    """(sign-up, manager, URL, typed): a manager half-way through the contact form."""
    sign_up, manager = managed_sign_up()
    browser.force_login(manager)
    typed = opened(browser, sign_up, "edit_contact", "change_contact")
    typed["contact_name"] = "Jo “Door” <Smith>"
    typed["contact_phone"] = "01962 000000"
    return sign_up, manager, reverse("change_contact", args=[sign_up.pk]), typed


def opened(browser, sign_up, page, save):
    shown = browser.get(address_of(page, sign_up)).content.decode()
    return fields_of(shown, address_of(save, sign_up))


def log_out(browser):
    """As when the session expires: the other cookies stay."""
    browser.session.flush()


def shown(browser, address):
    return html.unescape(browser.get(address, follow=True).content.decode())


@pytest.mark.parametrize(("page", "save"), FORMS)
def test_logging_in_again_returns_to_the_form(browser, page, save):
    sign_up, manager = managed_sign_up()
    browser.force_login(manager)
    typed = opened(browser, sign_up, page, save)
    log_out(browser)
    answer = browser.post(address_of(save, sign_up), typed)
    assert answer.status_code == 302
    log_in, __, back = answer.url.partition("?next=")
    assert log_in == reverse("account_login")
    assert back == address_of(page, sign_up)
    browser.force_login(manager)
    assert "You were logged out before this could be saved" in shown(browser, back)


def test_typed_answers_are_restored_but_saved_only_when_submitted_again(browser, typing):
    sign_up, manager, address, typed = typing
    log_out(browser)
    browser.post(address, typed)
    browser.force_login(manager)
    sign_up.venue.refresh_from_db()
    assert sign_up.venue.contact_name != typed["contact_name"], "nothing is sent by itself"
    page = browser.get(address, follow=True)
    assert page.redirect_chain[-1][0] == reverse("edit_contact", args=[sign_up.pk])
    again = fields_of(page.content.decode(), address)
    assert again["contact_name"] == ["Jo “Door” <Smith>"]
    assert again["csrfmiddlewaretoken"] != typed["csrfmiddlewaretoken"]
    assert browser.post(address, again).status_code == 302
    sign_up.venue.refresh_from_db()
    assert sign_up.venue.contact_name == "Jo “Door” <Smith>"
    assert SESSION_KEY in browser.session
    assert browser.session[SESSION_KEY] == {}, "saved, so no longer kept"
    assert "Not saved yet" not in shown(browser, reverse("edit_contact", args=[sign_up.pk]))


def test_it_works_with_the_real_login_page_too(browser, typing):
    sign_up, manager, address, typed = typing
    manager.set_password("correct horse battery")
    manager.save()
    EmailAddress.objects.create(user=manager, email=manager.email, verified=True, primary=True)
    log_out(browser)
    to_log_in = browser.post(address, typed).url
    form = browser.get(to_log_in).content.decode()
    fields = next(
        inputs(each) for each in re.findall(r"<form.*?</form>", form, re.S) if "password" in each
    )
    answer = browser.post(
        to_log_in,
        {**fields, "login": manager.email, "password": "correct horse battery"},
        follow=True,
    )
    page = html.unescape(answer.content.decode())
    assert answer.redirect_chain[-1][0] == reverse("edit_contact", args=[sign_up.pk])
    assert "Jo “Door” <Smith>" in page


def test_another_user_logging_in_never_sees_the_answers(browser, typing):
    sign_up, __, address, typed = typing
    colleague = MembershipFactory(organisation=sign_up.venue.organisation).user
    log_out(browser)
    browser.post(address, typed)
    browser.force_login(colleague)
    assert "Jo “Door”" not in shown(browser, address)
    assert browser.session[SESSION_KEY] == {}, "and it is dropped"


def test_logging_in_in_another_tab_loses_nothing(browser, typing):
    """Logging in rotates the CSRF token, so the form's own is refused."""
    sign_up, manager, address, typed = typing
    browser.cookies.clear()
    browser.force_login(manager)
    browser.get(reverse("edit_contact", args=[sign_up.pk]))
    answer = browser.post(address, typed)
    assert answer.status_code == 302
    page = shown(browser, answer.url)
    assert "You logged out or in again in another window" in page
    assert "Jo “Door” <Smith>" in page


def test_losing_every_cookie_loses_nothing(browser, typing):
    _sign_up, manager, address, typed = typing
    browser.cookies.clear()
    back = browser.post(address, typed).url
    assert browser.get(back).url.startswith(reverse("account_login"))
    browser.force_login(manager)
    assert "Jo “Door” <Smith>" in shown(browser, back)


def test_another_persons_login_in_another_tab_is_explained(browser, typing):
    sign_up, __, address, typed = typing
    colleague = MembershipFactory(organisation=sign_up.venue.organisation).user
    browser.cookies.clear()
    browser.force_login(colleague)
    answer = browser.post(address, typed)
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()
    assert "Jo “Door”" not in shown(browser, reverse("edit_contact", args=[sign_up.pk]))


def test_another_site_cannot_plant_answers(browser, typing):
    """A forged form carries no page of this person's, so none of it is kept."""
    sign_up, __, address, __ = typing
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(UserFactory())
    forged = {"contact_name": "Mallory", "form_page": "1:/portal/:x"}
    assert browser.post(address, forged).status_code == 403
    assert "Mallory" not in shown(browser, reverse("edit_contact", args=[sign_up.pk]))


def test_a_colleagues_concurrent_change_is_still_reported_after_logging_in(browser, typing):
    sign_up, manager, address, typed = typing
    log_out(browser)
    browser.post(address, typed)
    actions.change_venue(sign_up.venue, {"phone": "01962 111111"}, by=UserFactory())
    browser.force_login(manager)
    again = fields_of(browser.get(address, follow=True).content.decode(), address)
    assert "changed to “01962 111111”" in html.unescape(
        browser.post(address, again).content.decode()
    )


def test_an_invalid_form_survives_a_reload(browser, typing):
    sign_up, __, address, typed = typing
    typed["website"] = "not an address"
    assert browser.post(address, typed).status_code == 200
    reloaded = browser.get(address, follow=True)
    page = html.unescape(reloaded.content.decode())
    assert reloaded.status_code == 200
    assert "Something in your answers was not right" in page
    assert fields_of(reloaded.content.decode(), address)["website"] == ["not an address"]
    saved = shown(browser, f"{reverse('edit_contact', args=[sign_up.pk])}?as_saved=1")
    assert "not an address" not in saved
    assert "not an address" not in shown(browser, address), "forgotten"


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(browser):
    sign_up, manager = managed_sign_up()
    browser.force_login(manager)
    typed = opened(browser, sign_up, "edit_photo", "change_photo")
    log_out(browser)
    address = reverse("change_photo", args=[sign_up.pk])
    typed |= {"photo": SimpleUploadedFile("door.jpg", b"x"), "photo_alt": "A green door"}
    browser.post(address, typed)
    browser.force_login(manager)
    page = shown(browser, address)
    assert "choose your file again" in page
    assert 'value="A green door"' in page


def test_answers_are_shown_even_when_their_form_is_no_longer_there(browser, typing):
    sign_up, manager, __, typed = typing
    address = reverse("end_post", args=[sign_up.pk, 1])
    log_out(browser)
    browser.post(address, typed)
    browser.force_login(manager)
    page = shown(browser, reverse("edit_contact", args=[sign_up.pk]))
    assert "no longer on this page" in page
    assert "Jo “Door” <Smith>" in page


def test_passwords_and_codes_are_never_kept(browser, typing):
    __, __, address, typed = typing
    log_out(browser)
    browser.post(address, {**typed, "new_password": "hunter2", "code": "123456"})
    (kept,) = browser.session[SESSION_KEY].values()
    assert "hunter2" not in kept["typed"]
    assert "123456" not in kept["typed"]


def test_officers_keep_what_they_typed_too(browser):
    sign_up, __ = managed_sign_up()
    officer = OfficerFactory(scheme=sign_up.scheme, role="administrator").user
    browser.force_login(officer)
    address = reverse("admin:venues_venue_change", args=[sign_up.venue.pk])
    form = re.search(
        r'<form[^>]*id="venue_form".*?</form>', browser.get(address).content.decode(), re.S
    )[0]
    log_out(browser)
    browser.post(address, {**inputs(form), "town": "Othertown"})
    browser.force_login(officer)
    page = shown(browser, address)
    assert "You were logged out" in page
    assert 'value="Othertown"' in page
