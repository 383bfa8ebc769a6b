"""Saving a portal page untouched never reports a conflict."""

import pytest
from django.contrib.gis.geos import Point

from common.forms import AS_READ, SharedFactsForm
from tests.house.chain import address, make_chain
from tests.house.test_access import ROUTES
from tests.training.test_session_admin import as_posted

pytestmark = pytest.mark.django_db
SAVES = [
    route
    for route, _view in ROUTES
    if route.startswith("portal/<int:pk>/") and route.endswith("/save/") and "season" not in route
]


@pytest.fixture
def chain(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    chain = make_chain()
    chain["venue"].point = Point(450_000, 115_000, srid=27700)
    chain["venue"].save()
    return chain


def shared_form(context):
    """The page's shared-facts form, if it has one."""
    found = {id(value): value for layer in context for value in _values(layer)}
    shared = [form for form in found.values() if isinstance(form, SharedFactsForm)]
    return shared[0] if shared else None


def _values(layer):
    for each in getattr(layer, "dicts", [layer]):
        yield from each.values()


def test_the_walk_finds_forms():
    assert len(SAVES) > 8


@pytest.mark.parametrize("route", SAVES)
def test_a_page_saved_untouched_has_no_conflict(client, chain, route):
    client.force_login(chain["user"])
    page = client.get(address(route.removesuffix("save/"), chain))
    assert page.status_code == 200
    form = shared_form(page.context)
    assert form is not None
    sent = as_posted(form)
    assert sent[AS_READ]
    answer = client.post(address(route, chain), sent, follow=True)
    assert answer.status_code == 200
    assert "while you had this page open" not in answer.text


def test_the_pin_is_confirmed_where_its_buttons_moved_it(client, chain):
    client.force_login(chain["user"])
    client.post(address("portal/<int:pk>/point/north/", chain))
    page = client.get(address("portal/<int:pk>/point/", chain))
    answer = client.post(
        address("portal/<int:pk>/point/save/", chain), as_posted(shared_form(page.context))
    )
    edit = chain["venue"].edits.open().get()
    assert answer.status_code == 302
    assert edit.changes["point"] == [450_000, 115_010], "it waits for the lead scheme"
