"""The footer of every page leads to training only where a shown scheme has any."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.errors import error_page
from common.shells import forget_shells
from signposting.around import nowhere
from signposting.known_help import forget_help, remember_help
from tests.factories import PrincipleFactory, RequirementFactory, SchemeFactory, UserFactory
from venues.models import Scheme

pytestmark = pytest.mark.django_db
SESSIONS = reverse("sessions")


@pytest.fixture(autouse=True)
def nothing_is_known():
    forget_help()
    yield
    forget_help()


@pytest.fixture
def scheme():
    return SchemeFactory(bare=True)


def leads_to_training(client, page="/privacy/"):
    forget_shells()
    return f'href="{SESSIONS}"' in client.get(page).text


def ask_for_training(scheme):
    return RequirementFactory(principle=PrincipleFactory(scheme=scheme), evidence="trained_people")


def search():
    """Any search: it asks for the version of what is known, and reads it again if it changed."""
    nowhere()


def test_training_is_not_in_the_footer_where_no_scheme_has_any(client, scheme):
    remember_help()
    assert not leads_to_training(client)


def test_training_is_in_the_footer_where_a_scheme_requires_it(client, scheme):
    ask_for_training(scheme)
    remember_help()
    assert leads_to_training(client)
    assert f'href="{SESSIONS}"' in error_page(503).text


@pytest.mark.parametrize("change", ["requires", "offers"])
def test_the_next_search_brings_training_into_the_footer(client, scheme, change):
    remember_help()
    if change == "requires":
        ask_for_training(scheme)
    else:
        Scheme.objects.filter(pk=scheme.pk).update(offers_training=True)
    search()
    assert leads_to_training(client)


def test_training_leaves_the_footer_when_its_last_requirement_is_deleted(client, scheme):
    requirement = ask_for_training(scheme)
    remember_help()
    requirement.delete()
    search()
    assert not leads_to_training(client)


def test_a_hidden_schemes_training_is_not_in_the_footer(client, scheme):
    ask_for_training(scheme)
    remember_help()
    Scheme.objects.filter(pk=scheme.pk).update(hidden_at=timezone.now(), hidden_by=UserFactory())
    search()
    assert not leads_to_training(client)


def test_the_footer_makes_no_query(client, scheme):
    remember_help()
    client.get("/privacy/")

    def queries():
        forget_shells()
        with CaptureQueriesContext(connection) as asked:
            client.get("/privacy/")
        return len(asked)

    without = queries()
    ask_for_training(scheme)
    search()
    assert queries() == without
    assert leads_to_training(client)
