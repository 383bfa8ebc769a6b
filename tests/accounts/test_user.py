import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.actions import anonymise
from accounts.models import User
from common.refusals import Refused
from tests.accounts.conftest import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def test_email_addresses_are_unique_ignoring_case():
    User.objects.create_user("sam@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="SAM@example.org", password="!").save(force_insert=True)


def test_a_user_is_found_by_email_ignoring_case():
    user = User.objects.create_user(" Sam@Example.org ")
    assert user.email == "sam@example.org"
    assert User.objects.get_by_natural_key("SAM@example.ORG") == user


def test_a_user_without_an_email_address_is_refused():
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("")


def test_a_superuser_can_open_the_admin():
    user = User.objects.create_superuser("root@example.org", PASSWORD)
    assert user.is_staff
    assert user.is_superuser


def test_anonymising_clears_the_row_but_keeps_it(client):
    user = make_person(name="Sam Smith", phone="01632 960001")
    client.force_login(user)
    anonymise(user, by=make_person("chris@example.org"))

    user.refresh_from_db()
    assert "sam" not in user.email
    assert (user.name, user.phone, user.is_active) == ("", "", False)
    assert str(user) == "Somebody who has left"
    assert not EmailAddress.objects.filter(user=user).exists()
    assert client.get("/accounts/").status_code == 302


def test_nobody_anonymises_themselves_or_anybody_twice():
    user, other = make_person(), make_person("chris@example.org")
    with pytest.raises(Refused, match="yourself"):
        anonymise(user, by=user)
    anonymise(user, by=other)
    with pytest.raises(Refused, match="already"):
        anonymise(user, by=other)
