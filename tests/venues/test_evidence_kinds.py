"""The registry of evidence kinds, and the expressions cached from it."""

import datetime

import pytest
from django.db.models import Value

from venues import evidence_kinds
from venues.evidence_kinds import FOREVER, EvidenceKind, held_until, is_due, register

AT = datetime.date(2026, 7, 1)


@pytest.fixture
def no_kinds(monkeypatch):
    """An empty registry; the real one is restored afterwards."""
    monkeypatch.setattr(evidence_kinds, "_kinds", {})
    held_until.cache_clear()
    is_due.cache_clear()
    yield
    held_until.cache_clear()
    is_due.cache_clear()


def kind(key):
    return EvidenceKind(
        key=key, order=1, words="Held.", url_name="x", held_until=lambda at: Value(FOREVER)
    )


@pytest.mark.parametrize("expression", [held_until, is_due])
def test_an_expression_is_built_once_per_day(no_kinds, expression):
    register(kind("first"))
    assert expression(AT) is expression(AT)
    assert expression(AT) is not expression(AT + datetime.timedelta(days=1))


@pytest.mark.parametrize("expression", [held_until, is_due])
def test_registering_a_kind_rebuilds_the_expression(no_kinds, expression):
    register(kind("first"))
    assert len(expression(AT).cases) == 1
    register(kind("second"))
    assert len(expression(AT).cases) == 2


def test_a_kind_cannot_be_registered_twice(no_kinds):
    register(kind("first"))
    with pytest.raises(ValueError, match="first is registered twice"):
        register(kind("first"))
