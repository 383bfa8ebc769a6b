"""Locking a row and moving it to its next state, for the models of every app."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.deciding import lock, move
from common.refusals import Refused
from partnership.models import Issue, Meeting
from tests.partnership.factories import IssueFactory, MeetingFactory

DECIDED = [model for model in apps.get_models() if hasattr(model, "MOVES")]


@pytest.mark.django_db
def test_lock_reloads_the_row_and_its_related_objects():
    stale = IssueFactory(text="First")
    Issue.objects.update(text="Second")

    with CaptureQueriesContext(connection) as queries:
        issue = lock(stale)
        names = (issue.scheme.name, issue.sign_up.venue.organisation.name)

    assert issue.text == "Second"
    assert all(names)
    assert len(queries) == 1
    assert 'FOR NO KEY UPDATE OF "partnership_issue"' in queries[0]["sql"]


@pytest.mark.django_db
def test_lock_against_new_rows_keeps_others_from_referring_to_the_row():
    with CaptureQueriesContext(connection) as queries:
        lock(IssueFactory(), against_new_rows=True)
    assert 'FOR UPDATE OF "partnership_issue"' in queries[-1]["sql"]


@pytest.mark.django_db
def test_move_saves_only_the_state_and_the_given_changes():
    issue = IssueFactory()
    issue.text = "Not saved"
    move(issue, "handled", urgency="urgent")
    issue.refresh_from_db()
    assert (issue.state, issue.urgency) == ("handled", "urgent")
    assert issue.text != "Not saved"


@pytest.mark.django_db
def test_a_move_not_in_the_table_is_refused_and_changes_nothing():
    meeting = MeetingFactory(held=True)
    with pytest.raises(Refused) as refusal:
        move(meeting, Meeting.State.CANCELLED, address="Elsewhere")
    assert refusal.value.reasons == ("A meeting that is held cannot become cancelled.",)
    assert (meeting.state, meeting.address) == ("held", "Guildhall, High Street")


def test_some_models_have_states():
    assert {"Issue", "Meeting", "Booking", "Import"} <= {model.__name__ for model in DECIDED}


@pytest.mark.parametrize("model", DECIDED, ids=lambda model: model.__name__)
def test_every_state_has_a_row_in_the_table(model):
    states = {value for value, __ in model._meta.get_field("state").choices}
    assert set(model.MOVES) == states
    assert set().union(*model.MOVES.values()) <= states
    assert "%(state)s" in str(model.CANNOT_MOVE)
