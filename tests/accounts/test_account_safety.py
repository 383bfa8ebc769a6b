"""Account safety: changes need proof, owners can undo them, and nobody is locked out."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.models import FormerAddress, User
from tests.accounts.conftest import PASSWORD, mailed_code, make_person

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
LOG_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    cache.clear()


def signed_in(person, **where):
    browser = Client(**where)
    browser.post(LOG_IN, {"login": person.email, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/accounts/").status_code == 200


def move_to(browser, email, mailoutbox):
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/email/", {"action_add": "1", "email": email})
    browser.post("/accounts/confirm-email/", {"code": mailed_code(mailoutbox)})


def link_back(mailoutbox):
    return re.search(r"https?://[^/\s]+(/accounts/take-back/\S+)", mailoutbox[-1].body)[1]


# Changing what opens the account


def test_a_borrowed_session_cannot_change_email_or_password(person, mailoutbox):
    browser = signed_in(person)
    answer = browser.post("/accounts/email/", {"action_add": "1", "email": "thief@example.org"})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert not mailoutbox
    assert User.objects.get(pk=person.pk).email == person.email


def test_a_user_without_a_password_confirms_with_a_code(person, mailoutbox):
    person.set_unusable_password()
    person.save()
    browser = Client()
    browser.force_login(person)
    asked = browser.post("/accounts/email/", {"action_add": "1", "email": "sam@new.example"}).url
    assert "/accounts/reauthenticate/code/" in asked
    page = browser.get(asked).text
    assert "check that it is still you" in page
    assert 'name="recipient" value="sam@example.org"' in page
    confirm = browser.post(asked, {"recipient": "sam@example.org"}).url
    assert "Type the code" in browser.get(confirm).text
    browser.post(confirm, {"code": mailed_code(mailoutbox)})
    assert mailoutbox[-1].to == ["sam@new.example"]


def test_changing_the_email_address_signs_out_all_other_sessions(person, mailoutbox):
    here, elsewhere = signed_in(person), signed_in(person)
    move_to(here, "sam@new.example", mailoutbox)
    assert is_in(here)
    assert not is_in(elsewhere)


def test_the_old_address_can_recover_the_account(client, person, mailoutbox):
    thief = signed_in(person)
    move_to(thief, "thief@example.org", mailoutbox)
    Authenticator.objects.create(user=person, type="totp", data={})
    assert mailoutbox[-1].to == ["sam@example.org"]
    assert "within 14 days" in mailoutbox[-1].body
    link = link_back(mailoutbox)

    assert "sam@example.org will be" in client.get(link).text
    assert User.objects.get(pk=person.pk).email == "thief@example.org", "opening changes nothing"
    assert client.post(f"{link}now/").url == ASK

    person.refresh_from_db()
    assert person.email == "sam@example.org"
    assert not person.has_usable_password()
    assert not Authenticator.objects.filter(user=person).exists()
    assert EmailAddress.objects.get(user=person).email == "sam@example.org"
    assert not is_in(thief)
    client.post(ASK, {"email": "sam@example.org"})
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert is_in(client)


def test_the_recovery_link_works_once_and_lasts_two_weeks(client, person, mailoutbox):
    move_to(signed_in(person), "sam@new.example", mailoutbox)
    link = link_back(mailoutbox)
    assert client.post(f"{link}now/").url == ASK
    assert client.get(link).status_code == 410
    assert client.post(f"{link}now/").url == link
    FormerAddress.objects.all().delete()
    assert client.get(link).status_code == 410


def test_the_first_owner_can_undo_a_second_change_too(client, person, mailoutbox):
    thief = signed_in(person)
    move_to(thief, "one@example.org", mailoutbox)
    link = link_back(mailoutbox)
    move_to(thief, "two@example.org", mailoutbox)
    client.post(f"{link}now/")
    assert User.objects.get(pk=person.pk).email == "sam@example.org"
    later = link_back(mailoutbox)
    client.post(f"{later}now/")
    assert User.objects.get(pk=person.pk).email == "sam@example.org"


def test_signing_out_everywhere_keeps_this_device_signed_in(person):
    here, elsewhere = signed_in(person), signed_in(person, HTTP_USER_AGENT="Telephone")
    assert "Telephone" in here.get("/accounts/sessions/").text
    answer = here.post("/accounts/sessions/end/", follow=True)
    assert "signed out everywhere but here" in answer.text
    assert is_in(here)
    assert not is_in(elsewhere)


# Wrong tries


def wrong(browser, email="sam@example.org", **where):
    return browser.post(LOG_IN, {"login": email, "password": "wrong"}, **where)


def test_a_strangers_wrong_passwords_do_not_lock_out_others(person):
    stranger = Client(REMOTE_ADDR="198.51.100.9")
    for __ in range(6):
        answer = wrong(stranger)
    assert "Too many tries" in answer.text
    assert is_in(signed_in(person, REMOTE_ADDR="192.0.2.1"))


def test_a_known_device_can_sign_in_despite_failed_attempts_from_its_network(person):
    mine = signed_in(person)
    mine.post("/accounts/logout/")
    stranger = Client()
    for __ in range(6):
        wrong(stranger)
    mine.post(LOG_IN, {"login": person.email, "password": PASSWORD})
    assert is_in(mine)
    assert not is_in(signed_in(person)), "the stranger’s own tries are used up"


def test_guessing_from_many_addresses_is_limited(person):
    for number in range(50):
        wrong(Client(REMOTE_ADDR=f"198.51.100.{number}"))
    assert "Too many tries" in wrong(Client(REMOTE_ADDR="203.0.113.1")).text
    assert not is_in(signed_in(person, REMOTE_ADDR="203.0.113.2"))


def test_a_strangers_code_requests_leave_the_owner_some(person, mailoutbox):
    for __ in range(4):
        answer = Client(REMOTE_ADDR="198.51.100.9").post(ASK, {"email": person.email})
    assert "Too many tries" in answer.text
    me = Client(REMOTE_ADDR="192.0.2.1")
    me.post(ASK, {"email": person.email})
    me.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert is_in(me)


@pytest.mark.parametrize("email", ["sam@example.org", "nobody@example.org"])
def test_one_mailbox_gets_a_few_emails_an_hour_whoever_asks(person, mailoutbox, email):
    for number in range(10):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        local, __, domain = email.partition("@")
        browser.post(ASK, {"email": email if number % 2 else f"{local}+{number}@{domain}"})
    assert len(mailoutbox) == 6
    page = browser.get(CONFIRM).text
    assert "No new letter was sent" in page
    assert "Wait 60 minutes" in page


def test_the_owner_still_gets_a_code_on_a_known_device(person, mailoutbox):
    mine = signed_in(person)
    mine.post("/accounts/logout/")
    for number in range(10):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(ASK, {"email": person.email})
    mine.post(ASK, {"email": person.email})
    mine.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert is_in(mine)


def test_the_device_cookie_identifies_nobody_and_grants_no_access(person):
    mark = signed_in(person).cookies["device"]
    assert "sam" not in mark.value
    assert mark["httponly"]
    other = Client()
    other.cookies["device"] = mark.value
    assert not is_in(other)
    other.cookies["device"] = "forged:by:me"
    assert other.get(LOG_IN).status_code == 200
    assert "device" not in Client().get("/").cookies


def test_sign_up_hashes_as_often_for_a_known_address_as_for_a_new_one(
    person, settings, monkeypatch
):
    """Hashing is most of the time of a response, which would reveal who has an account."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashed = []
    encode = PBKDF2PasswordHasher.encode

    def counting(hasher, *args, **kwargs):
        hashed.append(hasher.iterations)
        return encode(hasher, *args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)

    def hashes(email):
        hashed.clear()
        Client().post("/accounts/signup/", {"email": email, "password1": "violin thistle harbour"})
        return list(hashed)

    assert hashes(person.email) == hashes("new@example.org") == [PBKDF2PasswordHasher.iterations]


def test_an_invisible_character_does_not_make_a_second_account(mailoutbox):
    make_person("zw@example.org")
    client = Client()
    client.post(ASK, {"email": "zw@example.org\u200b"})
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert is_in(client)
    assert User.objects.create_user("kim\u200b@example.org").email == "kim@example.org"
