"""Every permission used in code is granted to some role, and every object knows its scheme."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist

from common.admin import Desk
from tests.factories import OfficerFactory, SchemeFactory
from tests.house.test_layers import LEVEL, SOURCES
from venues import roles
from venues.models import Scheme, SignUp
from venues.roles import EVERYONE, allow, belongs_to, permissions, says_whose_it_is, scheme_ids_of

ROOT = Path(settings.BASE_DIR)
ASKING = {"has_perm", "permission_required", "own", "may"}
DESKS = [desk for desk in admin.site._registry.values() if isinstance(desk, Desk)]
SHARED = {"venues.Criterion", "training.Module"}
"""Of several schemes or of all: asked for without a thing, or through a rule of their own."""


def constants(tree: ast.Module) -> dict[str, str]:
    """The module's string constants."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def asked_for(path: Path) -> set[str]:
    """Permissions a module names, as "app.action"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = constants(tree)
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        keywords = [each.value for each in node.keywords if each.arg == "permission"]
        for value in [*(node.args if name in ASKING else []), *keywords]:
            words = named.get(value.id) if isinstance(value, ast.Name) else None
            words = value.value if isinstance(value, ast.Constant) else words
            if isinstance(words, str) and words.split(".")[0] in LEVEL and "." in words:
                found.add(words)
    return found


def test_every_permission_used_by_name_is_granted_to_a_role():
    asked = set().union(*(asked_for(path) for path in SOURCES))
    assert len(asked) > 15
    assert asked - permissions().keys() == set()


def test_every_decision_and_desk_page_requires_a_granted_permission():
    asked = {decision.permission for desk in DESKS for decision in desk._decisions}
    for desk in DESKS:
        for name in dir(type(desk)):
            page = getattr(getattr(type(desk), name, None), "is_page", None)
            if page and page["permission"]:
                words = page["permission"]
                asked.add(words if "." in words else f"{desk.opts.app_label}.{words}")
    assert len(asked) > 25
    assert asked - permissions().keys() == set()


@pytest.mark.parametrize("app", [app for app in LEVEL if (ROOT / app / "permissions.py").exists()])
def test_an_app_grants_only_its_own_permissions(app):
    tree = ast.parse((ROOT / app / "permissions.py").read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "allow"
    ]
    assert calls
    assert {call.args[0].value for call in calls} == {app}


def test_every_kind_of_object_officers_decide_on_knows_its_scheme():
    silent = {
        desk.model._meta.label
        for desk in DESKS
        if desk._decisions and not says_whose_it_is(desk.model)
    }
    assert silent - SHARED == set()


def test_every_model_with_a_scheme_key_declares_its_scheme():
    silent = [
        model._meta.label
        for app in LEVEL
        for model in apps.get_app_config(app).get_models()
        if any(field.related_model is Scheme and field.many_to_one for field in model._meta.fields)
        if not says_whose_it_is(model)
    ]
    assert silent == []


class NewThing:
    """An object whose app has not declared its scheme, though it could be guessed."""

    def __init__(self, scheme):
        self.scheme_id = scheme.pk
        self.scheme = scheme


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_an_object_of_unknown_scheme_is_denied_to_every_role(role):
    officer = OfficerFactory(role=role)
    asked = sorted(permissions())
    thing = NewThing(officer.scheme)
    assert scheme_ids_of(thing) == set()
    assert [each for each in asked if officer.user.has_perm(each, thing)] == []
    assert officer.user.has_perm("venues.officer", officer.scheme)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", ["venues.Letter", "venues.Event", "coverage.Source", "signposting.Service"]
)
def test_an_object_without_a_scheme_is_denied(model):
    officer = OfficerFactory(role="administrator")
    thing = apps.get_model(model)()
    assert [each for each in sorted(permissions()) if officer.user.has_perm(each, thing)] == []


@pytest.mark.django_db
def test_an_unregistered_permission_is_denied_even_in_the_own_scheme():
    officer = OfficerFactory(role="administrator")
    assert not officer.user.has_perm("venues.knock_down_venue", officer.scheme)
    assert not officer.user.has_perm("venues.knock_down_venue")


@pytest.mark.django_db
def test_an_object_belongs_only_to_its_own_scheme():
    scheme, other = SchemeFactory(), SchemeFactory()
    officer = OfficerFactory(scheme=scheme, role="officer").user
    assert officer.has_perm("venues.approve_sign_up", SignUp(scheme=scheme))
    assert not officer.has_perm("venues.approve_sign_up", SignUp(scheme=other))


def test_granting_a_permission_twice_is_an_error():
    with pytest.raises(ValueError, match=r"venues\.issue_sticker is given to roles twice"):
        allow("venues", EVERYONE, "issue_sticker")


def test_declaring_a_models_scheme_twice_is_an_error():
    with pytest.raises(ValueError, match="says twice"):
        belongs_to(SignUp, "scheme")


def test_a_wrong_field_name_is_an_error(monkeypatch):
    monkeypatch.setattr(roles, "_schemes", {})
    with pytest.raises(FieldDoesNotExist):
        belongs_to(SignUp, "borough")
