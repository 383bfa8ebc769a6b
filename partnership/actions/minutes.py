"""Minutes: drafted from the records, edited by the chair, approved and sent round."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.personal_details import EMAIL
from common.refusals import Refused
from partnership.emails import meetings as emails
from partnership.minutes import draft_text, without_unanswered
from partnership.models import Meeting, Minutes
from venues.models import Event


@transaction.atomic
def draft_minutes(meeting: Meeting, *, by: User) -> Minutes:
    """Draft the minutes from the records, replacing any earlier draft, for the chair to edit."""
    meeting = lock(meeting)
    if meeting.state != Meeting.State.HELD:
        raise Refused(_("Close the register first: the draft says who came."))
    found = Minutes.objects.filter(meeting=meeting).first()
    _not_approved(found)
    text = draft_text(meeting)
    minutes, _created = Minutes.objects.update_or_create(
        meeting=meeting,
        defaults={"text": text, "drafted_at": timezone.now()},
        create_defaults={"text": text, "drafted_by": by},
    )
    Event.objects.record_about("partnership.minutes_drafted", minutes, by=by)
    return minutes


@transaction.atomic
def change_minutes(minutes: Minutes, *, text: str, by: User) -> Minutes:
    minutes = lock(minutes)
    _not_approved(minutes)
    if not text.strip():
        raise Refused(_("The minutes are empty."))
    _no_addresses(text)
    if text != minutes.text:
        minutes.text = text
        minutes.save(update_fields=["text"])
        Event.objects.record_about("partnership.minutes_changed", minutes, by=by)
    return minutes


@transaction.atomic
def approve_minutes(minutes: Minutes, *, by: User) -> Minutes:
    """Approve the minutes; everyone invited or present gets a link.

    Agenda items without any text keep only their title.
    """
    minutes = lock(minutes)
    _not_approved(minutes)
    _no_addresses(minutes.text)
    minutes.text = without_unanswered(minutes.text)
    minutes.approved_at, minutes.approved_by = timezone.now(), by
    minutes.save(update_fields=["text", "approved_at", "approved_by"])
    Event.objects.record_about("partnership.minutes_approved", minutes, by=by)
    emails.minutes_approved(minutes.meeting)
    return minutes


@transaction.atomic
def reopen_minutes(minutes: Minutes, *, by: User) -> Minutes:
    """Return approved minutes to draft, hidden from everyone else until approved again."""
    minutes = lock(minutes)
    if not minutes.approved_at:
        raise Refused(_("These minutes are a draft."))
    minutes.approved_at = minutes.approved_by = None
    minutes.save(update_fields=["approved_at", "approved_by"])
    Event.objects.record_about("partnership.minutes_reopened", minutes, by=by)
    return minutes


def _not_approved(minutes: Minutes | None) -> None:
    if minutes is not None and minutes.approved_at:
        raise Refused(_("These minutes are approved. Open them again to change them."))


def _no_addresses(text: str) -> None:
    if found := EMAIL.search(text):
        raise Refused(
            _(
                "Minutes carry roles and organisations and no e-mail address. "
                "Please take out %(found)s."
            )
            % {"found": found[0].strip()}
        )
