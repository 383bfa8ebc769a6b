"""Every officers' decision has the same guards, wherever it is declared."""

import pytest
from django.contrib import admin

from common.admin import Decision, Desk
from common.admin.decisions import CHANGED_MEANWHILE
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory
from tests.house.chain import FOR_ALL, address, model_of
from tests.house.test_access_officers import OWN_CALENDAR, written
from venues.models import Officer

pytestmark = pytest.mark.django_db

DECISIONS = [
    pytest.param(desk, each, id=each.name)
    for desk in admin.site._registry.values()
    if isinstance(desk, Desk)
    for each in desk._decisions
]


OF_THE_INSTALLATION = {"start_scheme"}
"""No scheme's administrator decides these, but whoever runs the installation."""


def route_of(desk, decision):
    return f"admin/{desk.opts.app_label}/{desk.opts.model_name}/{decision.route}"


def sign_in(client, role, scheme):
    user = OfficerFactory(scheme=scheme, role=role).user
    client.force_login(user)
    return user


def test_some_decisions_are_declared():
    assert len(DECISIONS) > 15
    names = [each.values[1].name for each in DECISIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("desk", "decision"), DECISIONS)
def test_every_decision_has_words_and_an_action(desk, decision):
    assert decision.words
    assert type(decision).action or type(decision).do is not Decision.do


@pytest.mark.parametrize(("desk", "decision"), DECISIONS)
def test_a_viewer_is_refused(client, chain, desk, decision):
    route = route_of(desk, decision)
    if route in OWN_CALENDAR:
        pytest.skip("whoever may see the meetings may have them in a calendar")
    sign_in(client, Officer.Role.VIEWER, chain["scheme"])
    before = written()
    asked = address(route, chain)
    assert client.get(asked).status_code == 403
    assert client.post(asked).status_code == 403
    assert written() == before


@pytest.mark.parametrize(("desk", "decision"), DECISIONS)
def test_another_councils_administrator_gets_404(client, chain, desk, decision):
    if decision.creates or model_of(route_of(desk, decision)) in FOR_ALL:
        pytest.skip("it is about no council's thing")
    scheme = SchemeFactory()
    SignUpFactory(scheme=scheme, approved=True)
    sign_in(client, Officer.Role.ADMINISTRATOR, scheme)
    asked = address(route_of(desk, decision), chain)
    before = written()
    assert client.get(asked).status_code == 404
    assert client.post(asked).status_code == 404
    assert written() == before


@pytest.mark.parametrize(("desk", "decision"), DECISIONS)
def test_a_get_shows_the_decision_and_does_nothing(client, chain, desk, decision):
    user = sign_in(client, Officer.Role.ADMINISTRATOR, chain["scheme"])
    if decision.name in OF_THE_INSTALLATION:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    before = written()
    page = client.get(address(route_of(desk, decision), chain), follow=True)
    assert page.status_code == 200
    assert written() == before
    said = page.content.decode()
    assert "<button" in said
    if decision.template and page.context["form"] is not None:
        for field in page.context["form"].visible_fields():
            assert field.html_name in said


@pytest.mark.parametrize(("desk", "decision"), DECISIONS)
def test_an_outdated_page_decides_nothing(client, chain, desk, decision):
    if decision.creates or not decision.checks_version:
        pytest.skip("it changes no row that another may have changed")
    sign_in(client, Officer.Role.ADMINISTRATOR, chain["scheme"])
    before = written()
    page = client.post(address(route_of(desk, decision), chain), {"version": "an older one"})
    assert page.status_code == 200
    assert str(CHANGED_MEANWHILE) in [str(message) for message in page.context["messages"]]
    assert written() == before
