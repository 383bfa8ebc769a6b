"""Invitations to training and reminders of its expiry."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training import emails
from training.actions.enrolments import record
from training.models import Enrolment
from training.rules import INVITED, reminder_due, sign_ups_of, to_remind, why_not_invite
from venues.letters import venue_addresses
from venues.models import Event, SignUp


@transaction.atomic
def invite_to_training(sign_up: SignUp, *, by: User) -> SignUp:
    """Ask a venue's managers by e-mail to have somebody trained; at most once a week."""
    sign_up = lock(sign_up)
    if reason := why_not_invite(sign_up, timezone.now()):
        raise Refused(reason)
    emails.invited_to_training(sign_up)
    Event.objects.record(INVITED, sign_up=sign_up, by=by, about=sign_up)
    return sign_up


@transaction.atomic
def remind_of_expiry(today: datetime.date) -> int:
    """Remind learners and managers of training about to expire. Returns how many completions.

    Each manager gets one letter for all venues and people. The reminder is recorded in the same
    transaction as its letter, so an error neither loses a letter nor sends it twice.
    """
    enrolments = list(
        to_remind(today)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("module", "scheme", "staff_member__organisation")
    )
    for enrolment in enrolments:
        enrolment.reminded_days = reminder_due(enrolment, today)
        record("expiry_reminded", enrolment, by=None, days=enrolment.reminded_days)
    Enrolment.objects.bulk_update(enrolments, ["reminded_days"])
    letters: dict[str, list] = {}
    for sign_up, theirs in sign_ups_of(enrolments, today).items():
        addresses = venue_addresses(sign_up.venue)
        for address in addresses:
            letters.setdefault(address, []).append((sign_up, theirs))
        if not addresses:  # without an address, it is printed and posted
            emails.training_of_people_ends("", [(sign_up, theirs)])
    for address, venues in letters.items():
        emails.training_of_people_ends(address, venues)
    for enrolment in enrolments:
        if enrolment.staff_member.email:
            emails.your_training_ends(enrolment)
    return len(enrolments)
