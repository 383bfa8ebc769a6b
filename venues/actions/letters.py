"""What happens to a letter after it is written, and the letter that follows a suspension."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from post_office.models import STATUS, Email

from accounts.models import User
from common import letters as kit
from common.deciding import lock
from common.refusals import Refused
from common.tasks.failed_letters import put_in_again
from venues import emails
from venues.models import Event, Letter, SignUp


@transaction.atomic
def send_suspension_letter(sign_up: SignUp, *, letter: str, by: User) -> Letter:
    """Tell the venue that it is suspended, in the officer's words; never the recorded reason."""
    sign_up = lock(sign_up)
    if sign_up.state != SignUp.State.SUSPENDED:
        raise Refused(_("The venue is not suspended."))
    if not letter.strip():
        raise Refused(_("The letter is empty."))
    Event.objects.record("venues.suspension_letter_sent", sign_up=sign_up, by=by)
    return emails.letter("suspend", sign_up, letter, by=by)


@transaction.atomic
def mark_letter_posted(letter: Letter, *, by: User) -> Letter:
    """Mark a letter that could not be emailed as printed and posted."""
    letter = lock(letter)
    if letter.posted_at:
        raise Refused(_("This is marked already."))
    if not letter.may_be_posted:
        raise Refused(_("This letter went by e-mail."))
    letter.posted_at, letter.posted_by = timezone.now(), by
    letter.save(update_fields=["posted_at", "posted_by"])
    Event.objects.record_about("venues.letter_posted", letter, by=by)
    return letter


@transaction.atomic
def withdraw_letter(letter: Letter, *, by: User) -> Letter:
    """Withdraw a letter before it leaves; refused once it has, or may have."""
    letter = lock(letter)
    if letter.withdrawn_at:
        return letter
    if letter.posted_at:
        raise Refused(_("The letter has been posted already."))
    if letter.email and not kit.withdraw(letter.email):
        left_at = letter.waits_until or letter.written_at
        raise Refused(
            _("The letter has gone already, at %(time)s.")
            % {"time": date_format(timezone.localtime(left_at), "H:i")}
        )
    # Without its outbox row there is no longer a way to stop it.
    if letter.recipients and not letter.email:
        raise Refused(_("The letter has gone already."))
    letter.email, letter.withdrawn_at = None, timezone.now()
    letter.save(update_fields=["email", "withdrawn_at"])
    Event.objects.record_about("venues.letter_withdrawn", letter, by=by)
    return letter


@transaction.atomic
def send_failed_letter_again(email: Email) -> bool:
    """Requeue a letter that the outbox gave up on; False if that was done already.

    Never one that was printed and posted meanwhile: the recipient already has it.
    """
    letters = list(Letter.objects.select_for_update(of=("self",)).filter(email=email))
    if any(each.posted_at for each in letters) or not put_in_again(email):
        return False
    for each in letters:
        each.failed_at, each.failed_because = None, ""
    Letter.objects.bulk_update(letters, ["failed_at", "failed_because"])
    return True


def keep_fates() -> int:
    """Copy each letter's fate from the outbox, which is emptied after a month; returns how many.

    Idempotent, and safe to run concurrently: both processes would write the same facts.
    """
    undecided = Letter.objects.filter(
        email__status__in=[STATUS.sent, STATUS.failed], sent_at=None, failed_at=None
    ).select_related("email")
    letters = list(undecided)
    for letter in letters:
        email = letter.email
        if email is None:
            continue
        if email.status == STATUS.sent:
            letter.sent_at = email.last_updated
        else:
            letter.failed_at = email.last_updated
            letter.failed_because = letter.why_failed
    Letter.objects.bulk_update(letters, ["sent_at", "failed_at", "failed_because"], batch_size=500)
    return len(letters)


def forget_letters(before: datetime.datetime) -> int:
    """Delete the text of letters written before then, keeping the rows; returns how many."""
    old = Letter.objects.filter(written_at__lt=before, text__gt="")
    return old.update(text="", failed_because="")
