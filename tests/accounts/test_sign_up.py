import pytest
from allauth.account.models import EmailAddress
from post_office.models import PRIORITY, Email

from accounts.models import User
from tests.accounts.conftest import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/confirm-email/"


def sign_up(client, email="new@example.org", password=PASSWORD):
    return client.post("/accounts/signup/", {"email": email, "password1": password})


def test_a_person_signs_up_and_enters_with_the_emailed_code(client, mailoutbox):
    assert sign_up(client).url == CONFIRM
    assert client.get("/accounts/").status_code == 302
    assert "new@example.org" in client.get(CONFIRM).text

    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})

    assert EmailAddress.objects.get(email="new@example.org").verified
    assert "Your account" in client.get("/accounts/").text
    assert len(mailoutbox) == 1


def test_the_code_may_be_typed_in_lower_case_without_its_dash(client, mailoutbox):
    sign_up(client)
    client.post(CONFIRM, {"code": mailed_code(mailoutbox).lower().replace("-", "")})
    assert client.get("/accounts/").status_code == 200


def test_a_wrong_code_is_reported_and_five_end_the_attempt(client, mailoutbox):
    sign_up(client)
    assert "That code is not right" in client.post(CONFIRM, {"code": "BBBB-BBBB"}).text
    for _ in range(4):
        client.post(CONFIRM, {"code": "BBBB-BBBB"})
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert client.get("/accounts/").status_code == 302


def test_a_new_code_can_be_requested(client, mailoutbox, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "confirm_email": None}
    sign_up(client)
    client.post(CONFIRM, {"action": "resend"})
    assert len(mailoutbox) == 2
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert client.get("/accounts/").status_code == 200


def test_without_a_password_a_person_signs_in_by_code(client, mailoutbox):
    sign_up(client, password="")
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert not User.objects.get().has_usable_password()
    assert "you sign in with a code" in client.get("/accounts/").text


def test_a_weak_password_is_refused_with_a_reason(client):
    assert "too common" in sign_up(client, password="password1").text
    assert not User.objects.exists()


def test_an_existing_address_gets_the_same_answer_but_a_different_email(client, person, mailoutbox):
    assert sign_up(client, email=person.email).url == CONFIRM
    assert "If <strong>sam@example.org</strong> is right" in client.get(CONFIRM).text
    assert mailoutbox[0].subject == "You already have an account"
    assert User.objects.count() == 1


def test_mail_is_queued_not_sent_in_the_request(client, settings):
    settings.EMAIL_BACKEND = "common.tasks.mail_backend.UrgentBackend"
    sign_up(client)
    queued = Email.objects.get()
    assert queued.to == ["new@example.org"]
    assert queued.subject == "Your code to confirm this e-mail address"
    assert queued.priority == PRIORITY.high
