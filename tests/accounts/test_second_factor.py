import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tests.accounts.conftest import PASSWORD, app_code, mailed_code, make_person
from venues.models import Officer, Scheme

pytestmark = pytest.mark.django_db
SET_UP, GIVE = "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"
AGAIN = "/accounts/2fa/reauthenticate/"


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


@pytest.mark.parametrize("page", ["/admin/", "/accounts/", "/accounts/email/"])
def test_an_officer_without_an_app_is_sent_to_set_one_up(client, officer, page):
    client.force_login(officer)
    answer = client.get(page, follow=True)
    assert answer.redirect_chain[0][0] == SET_UP
    assert "need an authenticator app" in answer.text


def test_an_officer_without_an_app_can_change_nothing(client, officer):
    client.force_login(officer)
    assert client.post("/accounts/details/", {"name": "Olu"}).url == SET_UP
    officer.refresh_from_db()
    assert officer.name == "Officer"


def test_an_officer_without_an_app_can_sign_out_and_see_public_pages(client, officer):
    client.force_login(officer)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/password/reset/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_officer_sets_up_an_app_and_continues(client, officer, mailoutbox):
    sign_in(client, officer)
    assert client.get(SET_UP).url.startswith("/accounts/reauthenticate/")
    client.post(f"/accounts/reauthenticate/?next={SET_UP}", {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    answer = client.post(SET_UP, {"code": app_code(secret)}, follow=True)

    assert "Keep these recovery codes" in answer.text
    assert client.get("/accounts/").status_code == 200
    assert mailoutbox[-1].subject == "An authenticator app was added to your account"


def test_an_officer_with_an_app_must_give_its_code(client, officer_with_app):
    assert sign_in(client, officer_with_app).url == GIVE
    assert client.get("/accounts/").url.startswith("/accounts/login/")
    assert "That code is not right" in client.post(GIVE, {"code": "000000"}).text
    client.post(GIVE, {"code": app_code()})
    assert client.get("/accounts/").status_code == 200


def test_an_emailed_code_does_not_replace_the_app(client, officer_with_app, mailoutbox):
    client.post("/accounts/login/code/", {"email": officer_with_app.email})
    answer = client.post("/accounts/login/code/confirm/", {"code": mailed_code(mailoutbox)})
    assert answer.url == GIVE


def test_a_session_older_than_the_app_is_asked_for_its_code(client, officer_with_app):
    client.force_login(officer_with_app)
    assert client.get("/accounts/").url == f"{AGAIN}?next=%2Faccounts%2F"
    assert client.get("/accounts/2fa/recovery-codes/").url.startswith(AGAIN)
    client.post(f"{AGAIN}?next=/accounts/", {"code": app_code()})
    assert client.get("/accounts/").status_code == 200


def test_a_recovery_code_works_once_instead_of_the_app(client, officer_with_app):
    code = RecoveryCodes.activate(officer_with_app).get_unused_codes()[0]
    sign_in(client, officer_with_app)
    client.post(GIVE, {"code": code})
    assert client.get("/accounts/").status_code == 200
    client.logout()
    sign_in(client, officer_with_app)
    assert "That code is not right" in client.post(GIVE, {"code": code}).text


def test_an_officer_who_removes_the_app_must_set_up_another(client, officer_with_app):
    sign_in(client, officer_with_app)
    client.post(GIVE, {"code": app_code()})
    Authenticator.objects.filter(user=officer_with_app).delete()
    assert client.get("/accounts/").url == SET_UP


def test_anybody_who_can_open_the_admin_needs_a_second_factor(client, officer):
    client.force_login(make_person("root@example.org", is_staff=True))
    assert client.get("/accounts/").url == SET_UP


def test_other_users_need_no_second_factor(client, officer, person):
    client.force_login(person)
    assert client.get("/accounts/").status_code == 200


def test_the_demo_lets_officers_in_without_a_second_factor(client, officer, settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    client.force_login(officer)
    assert client.get("/accounts/").status_code == 200


def test_the_admin_uses_the_site_log_in_page(client):
    answer = client.get("/admin/login/?next=/admin/accounts/user/")
    assert answer.url == "/accounts/login/?next=/admin/accounts/user/"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).url == (
        "/accounts/login/?next=/admin/"
    )
    assert client.get("/admin/").status_code == 302


def test_the_admin_log_in_page_refuses_users_without_access(client, person):
    client.force_login(person)
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize("role", Officer.Role.values)
def test_every_scheme_role_needs_a_second_factor(client, person, settings, role):
    """Uses the real backend, `venues.backends`."""
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    scheme = Scheme.objects.create(name="A scheme", slug="a-scheme", council="A council")
    client.force_login(person)
    assert client.get("/accounts/").status_code == 200
    Officer.objects.create(scheme=scheme, user=person, role=role)
    assert client.get("/accounts/").url == SET_UP
