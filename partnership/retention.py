"""How long the partnership's names and free text are kept: rows of `common.retention`.

Venues' free text is deleted; the fact that they replied, came or reported is kept. Unread text and
open issues are still waiting in a queue, so they are kept until handled.
"""

import datetime

from django.utils.translation import gettext_lazy as _

from common.retention import Period, keep_for
from partnership.models import Attendance, Issue, Progress

TWO_YEARS = Period(months=24)
FORGOTTEN = "…"
"""Stands in for an issue's text, which may not be empty."""


@keep_for(
    "progress",
    TWO_YEARS,
    _("A sentence sent with a return is deleted %(period)s after it was sent."),
)
def forget_progress(before: datetime.datetime) -> int:
    """Delete the sentences of returns sent before then. Returns how many."""
    old = Progress.objects.readable().filter(usage_return__sent_at__lt=before)
    deleted, __ = old.delete()
    return deleted


@keep_for(
    "reports",
    TWO_YEARS,
    _("A report to a meeting is deleted %(period)s after the meeting."),
)
def forget_reports(before: datetime.datetime) -> int:
    """Delete the text of reports to meetings before then. Returns how many."""
    old = Attendance.objects.readable().filter(meeting__starts_at__lt=before)
    return old.update(text="")


@keep_for(
    "issues",
    TWO_YEARS,
    _("The words of an issue raised, with its answer, are deleted %(period)s after it was closed."),
)
def forget_issues(before: datetime.datetime) -> int:
    """Delete the text and answers of issues closed before then. Returns how many."""
    closed = Issue.objects.filter(closed_at__lt=before)
    forgotten = closed.readable().exclude(text=FORGOTTEN).update(text=FORGOTTEN)
    closed.exclude(what_was_done="", answer="").update(what_was_done="", answer="")
    return forgotten


@keep_for(
    "deputies",
    Period(months=1),
    _(
        "The name of who comes to a meeting for somebody else is deleted %(period)s after the "
        "meeting."
    ),
)
def forget_deputies(before: datetime.datetime) -> int:
    """Delete the names of deputies at meetings before then. Returns how many."""
    named = Attendance.objects.filter(meeting__starts_at__lt=before).exclude(deputy_name="")
    return named.update(deputy_name="")
