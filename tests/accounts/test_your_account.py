import pytest

from accounts.models import User
from tests.accounts.conftest import PASSWORD, mailed_code, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, person):
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return person


@pytest.fixture
def sure_it_is_me(client, me):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return me


def test_a_person_changes_their_name_and_number(client, me):
    answer = client.post(
        "/accounts/details/", {"name": "Sam Smith", "phone": "01632 960001"}, follow=True
    )
    assert "Your details are saved." in answer.text
    me.refresh_from_db()
    assert (me.name, me.phone) == ("Sam Smith", "01632 960001")


def test_a_name_that_is_too_long_is_refused(client, me):
    answer = client.post("/accounts/details/", {"name": "x" * 151})
    assert "There is a problem" in answer.text


def test_details_change_only_by_post(client, me):
    assert client.get("/accounts/details/").status_code == 302


def test_a_new_address_replaces_the_old_once_its_code_is_entered(client, sure_it_is_me, mailoutbox):
    me = sure_it_is_me
    client.post("/accounts/email/", {"action_add": "1", "email": "sam@new.example"})
    assert mailoutbox[-1].to == ["sam@new.example"]
    assert User.objects.get(pk=me.pk).email == "sam@example.org"
    assert "Keep my old address" in client.get("/accounts/confirm-email/").text
    client.post("/accounts/confirm-email/", {"code": mailed_code(mailoutbox[:1])})
    assert User.objects.get(pk=me.pk).email == "sam@new.example"


def test_an_address_in_use_is_neither_revealed_nor_taken(client, sure_it_is_me, mailoutbox):
    me = sure_it_is_me
    make_person("chris@example.org")
    client.post("/accounts/email/", {"action_add": "1", "email": "chris@example.org"})
    assert client.get("/accounts/confirm-email/").status_code == 200
    assert User.objects.get(pk=me.pk).email == "sam@example.org"


def test_a_person_changes_their_password(client, me, mailoutbox):
    new = "harbour violin thistle"
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.url == "/accounts/"
    me.refresh_from_db()
    assert me.check_password(new)
    assert mailoutbox[-1].subject == "Your password was changed"


@pytest.mark.parametrize(
    "page",
    ["", "email/", "password/change/", "2fa/", "reauthenticate/", "logout/", "sessions/"],
)
def test_every_account_page_opens(client, me, page):
    assert client.get(f"/accounts/{page}").status_code == 200


def test_a_person_without_a_password_is_asked_to_set_one(client, me, mailoutbox):
    me.set_unusable_password()
    me.save(update_fields=["password"])
    client.force_login(me)
    client.post("/accounts/reauthenticate/code/", {"recipient": me.email})
    client.post("/accounts/reauthenticate/code/confirm/", {"code": mailed_code(mailoutbox)})
    answer = client.get("/accounts/password/change/", follow=True)
    assert "Choose a password" in answer.text


def test_a_superuser_manages_users_but_cannot_delete_them(client):
    client.force_login(User.objects.create_superuser("root@example.org"))
    other = make_person()
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(f"/admin/accounts/user/{other.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/user/{other.pk}/delete/").status_code == 403
    client.post("/admin/accounts/user/", {"action": "make_anonymous", "_selected_action": other.pk})
    other.refresh_from_db()
    assert other.anonymised_at
