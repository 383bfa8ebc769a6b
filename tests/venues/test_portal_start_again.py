"""A place whose sign-up has ended can sign up again from scratch."""

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, SignUpFactory
from venues.models import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager_of(client):
    def log_in(sign_up):
        client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
        return client

    return log_in


def test_starting_again_creates_a_new_draft_for_the_same_place(manager_of):
    ended = SignUpFactory(approved=True, state="withdrawn")
    client = manager_of(ended)
    page = client.get(reverse("portal_home", args=[ended.pk])).content.decode()
    assert "Sign up again" in page

    response = client.post(reverse("start_again", args=[ended.pk]))

    fresh = SignUp.objects.get(state="draft")
    assert fresh.venue == ended.venue
    assert fresh.agreements.count() == 0
    assert response.url == reverse("sign_up", args=[fresh.pk])


def test_a_live_sign_up_cannot_start_again(manager_of):
    sign_up = SignUpFactory(approved=True)
    response = manager_of(sign_up).post(reverse("start_again", args=[sign_up.pk]), follow=True)
    assert "This sign-up has not ended." in response.content.decode()
    assert SignUp.objects.count() == 1
