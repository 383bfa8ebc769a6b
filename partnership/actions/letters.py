"""Sending the return letter, its reminders and the monthly letter, each once."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from partnership import emails
from partnership.models import ReturnSettings, VenueLetter
from partnership.models.of_period import period_columns
from partnership.periods import MONTH, Period
from partnership.rules.letters import due_tasks
from venues.models import SignUp


@transaction.atomic
def send_return_letters(
    due: Iterable[tuple[SignUp, Period, ReturnSettings]],
    *,
    kind: VenueLetter.Kind = VenueLetter.Kind.ASKED,
    at: datetime.datetime | None = None,
) -> int:
    """Send the return letter or a reminder, one to each person. Returns how many.

    All of `due` are about one period. The database's unique constraint decides whether a letter was
    recorded already, perhaps by another process; then none of these is sent.
    """
    now, due = at or timezone.now(), list(due)
    VenueLetter.objects.bulk_create(
        VenueLetter(sign_up=sign_up, kind=kind, sent_at=now, **period_columns(period))
        for sign_up, period, _settings in due
    )
    asked = [
        emails.AskedAbout(sign_up, period, settings.due_on(period))
        for sign_up, period, settings in due
    ]
    return emails.return_letters(kind, asked)


@transaction.atomic
def send_month_letters(sign_ups: list[SignUp], *, at: datetime.datetime | None = None) -> int:
    """Send each person one letter about everything due at these venues. Returns how many.

    A venue counts as looked at for the month even if nothing was due. The database's unique
    constraint decides whether a letter was recorded already, perhaps by another process; then none
    of these is sent.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    VenueLetter.objects.bulk_create(
        VenueLetter(
            sign_up=sign_up,
            kind=VenueLetter.Kind.MONTH,
            **period_columns(Period.containing(MONTH, today)),
            sent_at=now,
        )
        for sign_up in sign_ups
    )
    due = due_tasks(sign_ups, now)
    letters = [(sign_up, due[sign_up.pk]) for sign_up in sign_ups if due[sign_up.pk]]
    return emails.month_letters(letters)
