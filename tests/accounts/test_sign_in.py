import pytest

from tests.accounts.conftest import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db
WRONG = "The e-mail address or the password is not right."
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def sign_in(client, email="sam@example.org", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_a_person_signs_in_with_a_password(client, person):
    assert sign_in(client).url == "/accounts/"
    assert client.get("/accounts/").status_code == 200
    assert client.session.get_expire_at_browser_close()


def test_ticking_remember_me_stays_signed_in_for_two_weeks(client, person):
    sign_in(client, remember="on")
    assert client.session.get_expiry_age() > 13 * 24 * 3600


def test_a_person_signs_in_with_an_emailed_code(client, person, mailoutbox):
    client.post(ASK, {"email": person.email})
    client.post(CONFIRM, {"code": mailed_code(mailoutbox)})
    assert client.get("/accounts/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person):
    known = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@example.org")
    assert WRONG in known.text
    assert WRONG in unknown.text


@pytest.mark.parametrize("email", ["sam@example.org", "nobody@example.org"])
def test_requesting_a_code_gives_every_address_the_same_answer(client, person, email, mailoutbox):
    assert client.post(ASK, {"email": email}).url == CONFIRM
    assert f"If <strong>{email}</strong> is right" in client.get(CONFIRM).text
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("email", ["sam@example.org", "nobody@example.org"])
def test_a_password_reset_gives_the_same_answer_for_every_address(client, person, email):
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert answer.url == "/accounts/password/reset/confirm/"
    assert f"If <strong>{email}</strong> is right" in client.get(answer.url).text


def test_a_forgotten_password_is_replaced_with_a_code(client, person, mailoutbox):
    client.post("/accounts/password/reset/", {"email": person.email})
    step = client.post("/accounts/password/reset/confirm/", {"code": mailed_code(mailoutbox)})
    new = "harbour violin thistle"
    client.post(step.url, {"password1": new, "password2": new})
    client.logout()
    assert sign_in(client, password=new).status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_a_closed_account_cannot_sign_in(client, person):
    person.is_active = False
    person.save(update_fields=["is_active"])
    sign_in(client)
    assert client.get("/accounts/").status_code == 302


def test_too_many_wrong_passwords_block_the_account_not_the_network(client, person):
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "Too many tries" in sign_in(client).text
    assert WRONG in sign_in(client, email="another@example.org").text


def test_too_many_requests_show_the_page_with_999(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    for _ in range(2):
        assert sign_in(client).status_code == 200
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "999" in answer.text
    assert answer["Retry-After"]


def test_limits_use_the_client_address_before_our_proxy(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(3):
        answer = client.post(
            "/accounts/login/", {}, headers={"x-forwarded-for": f"192.0.2.{number}"}
        )
        assert answer.status_code == 200


def test_signing_out_asks_for_confirmation(client, person):
    client.force_login(person)
    assert "Do you want to sign out?" in client.get("/accounts/logout/").text
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/accounts/signup/", ASK, "/accounts/password/reset/"]
)
def test_anonymous_users_may_open_the_public_account_pages(client, page):
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/accounts/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/recovery-codes/",
    ],
)
def test_anonymous_users_are_redirected_to_sign_in_elsewhere(client, page):
    assert client.get(page).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/accounts/login/", 'autocomplete="current-password"'),
        ("/accounts/login/", 'autocomplete="email"'),
        ("/accounts/signup/", 'autocomplete="new-password"'),
    ],
)
def test_password_managers_can_fill_the_fields(client, page, field):
    answer = client.get(page).text
    assert field in answer
    assert "placeholder" not in answer
    assert "onpaste" not in answer
