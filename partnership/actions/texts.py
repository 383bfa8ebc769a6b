"""Venues' free text: an officer releases it or redacts it for good."""

from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership.models import Issue, Progress, TextState
from partnership.models.issues import ISSUE_LENGTH
from partnership.models.returns import PROGRESS_LENGTH
from venues.models import Event

from .words import refuse_words

T = TypeVar("T", Progress, Issue)


@transaction.atomic
def release_text(thing: T, *, by: User) -> T:
    """Release the text as it is."""
    thing = lock(thing)
    if not thing.is_held:
        raise Refused(_("These words have been read already."))
    return _read(thing, TextState.RELEASED, by, "partnership.text_released")


@transaction.atomic
def redact_text(thing: T, text: str, *, by: User) -> T:
    """Replace the text for good; the original is not kept, not even in the history."""
    thing = lock(thing)
    text = text.strip()
    if not thing.text:
        raise Refused(_("There are no words here."))
    if text == thing.text:
        raise Refused(_("Nothing was taken out. Let the words through as they are instead."))
    if not text:
        raise Refused(_("Leave a word that says what was here, such as “(taken out)”."))
    refuse_words(text, ISSUE_LENGTH if isinstance(thing, Issue) else PROGRESS_LENGTH)
    thing.text = text
    return _read(thing, TextState.REDACTED, by, "partnership.text_redacted")


def _read(thing: T, state: str, by: User, kind: str) -> T:
    thing.text_state, thing.text_read_at, thing.text_read_by = state, timezone.now(), by
    thing.save(update_fields=["text", "text_state", "text_read_at", "text_read_by"])
    sign_up = thing.sign_up if isinstance(thing, Issue) else thing.usage_return.sign_up
    scheme = thing.scheme if isinstance(thing, Issue) else None
    Event.objects.record(kind, sign_up=sign_up, scheme=scheme, by=by, about=thing)
    return thing
