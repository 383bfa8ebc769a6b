"""Sending a venue the quarter's letter, its reminders, and the month's letter: each once."""

import datetime

from django.db import transaction
from django.utils import timezone

from partnership import emails
from partnership.links.returns import make_quarter_link
from partnership.models import ReturnSettings, VenueLetter
from partnership.quarters import Quarter
from partnership.rules.letters import due_tasks
from venues.models import SignUp

LETTERS = {
    VenueLetter.Kind.QUARTER: emails.quarter_letter,
    VenueLetter.Kind.BEFORE: emails.before_reminder,
    VenueLetter.Kind.AFTER: emails.after_reminder,
}


@transaction.atomic
def send_quarter_letter(
    sign_up: SignUp,
    quarter: Quarter,
    settings: ReturnSettings,
    *,
    kind: VenueLetter.Kind = VenueLetter.Kind.QUARTER,
    at: datetime.datetime | None = None,
) -> bool:
    """The quarter's letter, or a reminder of it; whether it was sent now."""
    if not _once(sign_up, kind, quarter.year, quarter.number, at):
        return False
    link = make_quarter_link(sign_up, quarter)
    LETTERS[kind](sign_up, quarter, link=link, due_on=settings.due_on(quarter))
    return True


@transaction.atomic
def send_month_letters(sign_ups: list[SignUp], *, at: datetime.datetime | None = None) -> int:
    """To each person everything due at these places, in one letter; how many letters there were.

    A venue is looked at once a month, also when nothing was due. That a letter was noted already,
    perhaps by another process, is the database's to say: then none of these is sent.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    VenueLetter.objects.bulk_create(
        VenueLetter(
            sign_up=sign_up,
            kind=VenueLetter.Kind.MONTH,
            year=today.year,
            number=today.month,
            sent_at=now,
        )
        for sign_up in sign_ups
    )
    due = due_tasks(sign_ups, now)
    letters = [(sign_up, due[sign_up.pk]) for sign_up in sign_ups if due[sign_up.pk]]
    return emails.month_letters(letters)


def _once(sign_up: SignUp, kind: str, year: int, number: int, at: datetime.datetime | None) -> bool:
    """Note that the letter goes; False when it went already, also in another process."""
    __, is_new = VenueLetter.objects.get_or_create(
        sign_up=sign_up,
        kind=kind,
        year=year,
        number=number,
        defaults={"sent_at": at or timezone.now()},
    )
    return is_new
