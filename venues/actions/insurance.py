"""Reminding managers before an insurance ends."""

import datetime

from django.db import transaction

from venues import emails
from venues.insurance import ending_insurance
from venues.models import Answer, Event


@transaction.atomic
def remind_of_insurance(today: datetime.date) -> int:
    """Write to managers before their insurance ends; returns how many letters.

    Idempotent: for each date one letter per reminder and scheme. A new date starts afresh.
    """
    due = ending_insurance(today)
    # Serialises two runs at once: the second finds what the first has recorded.
    list(Answer.objects.select_for_update().filter(pk__in=[each.answer.pk for each in due]))
    written = 0
    for each in due:
        about = {"until": f"{each.answer.day:%Y-%m-%d}", "days": each.days}
        told = Event.objects.filter(
            kind="venues.insurance_reminded",
            scheme=each.scheme,
            organisation=each.answer.organisation_id,
            data__contains=about,
        )
        if told.exists():
            continue
        emails.insurance_ends(each, today)
        Event.objects.record(
            "venues.insurance_reminded",
            scheme=each.scheme,
            organisation=each.answer.organisation,
            **about,
        )
        written += 1
    return written
