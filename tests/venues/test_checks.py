"""The system check for stored evidence kinds that no app registers."""

import pytest

from tests.factories import RequirementFactory
from venues.checks import stored_evidence_is_known

pytestmark = pytest.mark.django_db


def test_an_unregistered_stored_kind_is_an_error():
    RequirementFactory(evidence="opening_hours")
    RequirementFactory(evidence="no_such_kind")
    (error,) = stored_evidence_is_known(None, databases=["default"])
    assert error.id == "venues.E001"
    assert "no_such_kind" in error.msg


def test_registered_kinds_pass():
    RequirementFactory(evidence="trained_people", subject="introductory")
    assert stored_evidence_is_known(None, databases=["default"]) == []


def test_the_check_is_silent_without_a_database():
    RequirementFactory(evidence="no_such_kind")
    assert stored_evidence_is_known(None) == []
