"""What a venue's public page says about its training."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import SignUpFactory
from tests.signposting.conftest import HERE
from tests.signposting.test_sticker_page import trained
from venues.models import Scheme, SignUp

pytestmark = pytest.mark.django_db


def words(client, sign_up):
    return " ".join(client.get(f"/venues/{sign_up.venue.slug}/").content.decode().split())


@pytest.fixture
def listed():
    sign_up = SignUpFactory(approved=True, venue__public_point=HERE, venue__point=HERE)
    SignUp.objects.update(listed_since=timezone.localdate())
    return sign_up


def test_it_says_until_when_people_are_trained(client, listed):
    until = timezone.localdate() + datetime.timedelta(days=90)
    trained(listed, until)
    assert f"People here are trained until {until.day} {until:%B %Y}." in words(client, listed)


def test_in_grace_it_says_training_expired_and_is_being_renewed(client, listed):
    trained(listed, timezone.localdate() - datetime.timedelta(days=3))
    said = words(client, listed)
    assert "No trained person recorded: the training ran out and is being renewed." in said


def test_where_none_is_required_no_trained_person_is_recorded(client, listed):
    said = words(client, listed)
    assert "No trained person recorded." in said
    assert "being renewed" not in said


def test_training_is_not_mentioned_if_no_scheme_has_it(client, listed):
    Scheme.objects.update(offers_training=False)
    assert "trained" not in words(client, listed)
