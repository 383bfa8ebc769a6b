"""Urgent actions take effect at once, without any worker."""

import datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from signposting.nearest import nearest
from tests.factories import UserFactory
from venues.actions import cannot_help_today, hide_scheme, suspend_sign_up
from venues.models import SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(settings):
    """Tasks are queued, and nothing runs them."""
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }


def open_now(here):
    return [card.name for card in nearest(here, timezone.now()).open_now]


def suspend(sign_up):
    suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")


def hide(sign_up):
    hide_scheme(sign_up.scheme, by=UserFactory())


def cannot_help(sign_up):
    until = timezone.now() + datetime.timedelta(hours=3)
    cannot_help_today(sign_up.venue, until=until, by=UserFactory())


@pytest.mark.parametrize("act", [suspend, hide, cannot_help])
def test_suspending_hiding_and_cannot_help_take_effect_without_a_worker(here, place, act):
    place()
    assert open_now(here) == ["Exampleton Library"]
    act(SignUp.objects.get())
    assert open_now(here) == []
    assert not DBTaskResult.objects.exists()
