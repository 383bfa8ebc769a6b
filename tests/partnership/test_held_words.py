"""Venues' free text is held until an officer releases it or redacts it for good."""

import pytest
from post_office.models import Email

from common.refusals import Refused
from partnership import actions
from partnership.actions import Figures
from partnership.models import Progress
from tests.factories import OfficerFactory
from tests.partnership.factories import IssueFactory
from tests.partnership.returns import a_member, last_quarter
from venues.models import Event

pytestmark = pytest.mark.django_db
SECRET = "Sam from the flats came."


@pytest.fixture
def sign_up():
    return a_member()


@pytest.fixture
def officer(sign_up):
    return OfficerFactory(scheme=sign_up.scheme).user


def sentence(sign_up, text=SECRET, **more):
    version = more.pop("version", 0)
    figures = Figures(people=1, progress=text, **more)
    sent = actions.send_return(sign_up, last_quarter(), figures, version=version, way="link")
    return Progress.objects.get(usage_return=sent)


def test_text_is_readable_only_once_released(sign_up, officer):
    progress = sentence(sign_up)
    assert (progress.is_held, progress.readable_text) == (True, "")
    assert not Progress.objects.readable().exists()
    progress = actions.release_text(progress, by=officer)
    assert progress.readable_text == SECRET
    assert Progress.objects.readable().get() == progress
    with pytest.raises(Refused, match="read already"):
        actions.release_text(progress, by=officer)


@pytest.mark.parametrize("make", [sentence, lambda place: IssueFactory(sign_up=place, text=SECRET)])
def test_redacted_text_is_gone_from_every_record(sign_up, officer, make):
    thing = make(sign_up)
    actions.redact_text(thing, "(taken out) came.", by=officer)
    thing.refresh_from_db()
    assert (thing.text, thing.text_state) == ("(taken out) came.", "redacted")
    everything = [str(row) for row in Event.objects.values_list("kind", "data")]
    everything += [letter.message + letter.subject for letter in Email.objects.all()]
    everything += list(type(thing).objects.values_list("text", flat=True))
    assert [each for each in everything if "flats" in each] == []


def test_released_text_can_still_be_redacted(sign_up, officer):
    progress = actions.release_text(sentence(sign_up), by=officer)
    progress = actions.redact_text(progress, "(taken out) came.", by=officer)
    assert progress.text_state == "redacted"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SECRET, "Nothing was taken out"),
        ("  ", "Leave a word"),
        ("Ring 07700 900123", "a telephone number"),
        ("x" * 201, "At most 200"),
    ],
)
def test_an_invalid_redaction_is_refused(sign_up, officer, text, words):
    progress = sentence(sign_up)
    with pytest.raises(Refused, match=words):
        actions.redact_text(progress, text, by=officer)
    progress.refresh_from_db()
    assert (progress.text, progress.text_state) == (SECRET, "held")


def test_changed_text_is_held_again(sign_up, officer):
    actions.release_text(sentence(sign_up), by=officer)
    changed = sentence(sign_up, "Jo came.", version=1)
    assert changed.is_held


def test_text_is_shared_only_once_read_and_with_consent(sign_up, officer):
    progress = sentence(sign_up, may_share=False)
    with pytest.raises(Refused, match="has not agreed"):
        actions.mark_progress_shared(progress, by=officer)
    progress = sentence(sign_up, may_share=True, version=1)
    with pytest.raises(Refused, match="release the words first"):
        actions.mark_progress_shared(progress, by=officer)
    actions.release_text(progress, by=officer)
    assert actions.mark_progress_shared(progress, by=officer).shared_by == officer
    with pytest.raises(Refused, match="shared already"):
        actions.mark_progress_shared(progress, by=officer)


def test_consent_can_be_withdrawn(sign_up):
    sentence(sign_up, may_share=True)
    assert sentence(sign_up, may_share=False, version=1).may_share is False
