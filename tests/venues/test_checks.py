"""The system check for proofs that no app knows."""

import pytest

from tests.factories import RequirementFactory
from venues.checks import stored_evidence_is_known

pytestmark = pytest.mark.django_db


def test_a_stored_kind_that_nobody_registered_is_an_error():
    RequirementFactory(evidence="opening_hours")
    RequirementFactory(evidence="no_such_kind")
    (error,) = stored_evidence_is_known(None, databases=["default"])
    assert error.id == "venues.E001"
    assert "no_such_kind" in error.msg


def test_known_kinds_are_no_error():
    RequirementFactory(evidence="trained_people", subject="introductory")
    assert stored_evidence_is_known(None, databases=["default"]) == []


def test_without_a_database_to_look_at_it_says_nothing():
    RequirementFactory(evidence="no_such_kind")
    assert stored_evidence_is_known(None) == []
