"""What venues wrote in their own words is not kept for good; what was done by itself stays."""

import datetime

from django.utils import timezone

from partnership.models import Attendance, Issue, Progress

WORDS_KEPT = datetime.timedelta(days=731)
FORGOTTEN = "…"
"""In the place of an issue's words, which may not be empty."""


def forget_words(at: datetime.datetime | None = None) -> int:
    """Delete words of venues two years after their return, their meeting or their issue's end.

    How many. An issue that is open, and words that no officer has read, wait in a queue still.
    """
    over = (at or timezone.now()) - WORDS_KEPT
    progress, __ = Progress.objects.readable().filter(usage_return__sent_at__lt=over).delete()
    reports = Attendance.objects.readable().filter(meeting__starts_at__lt=over).update(text="")
    closed = Issue.objects.filter(closed_at__lt=over)
    issues = closed.readable().exclude(text=FORGOTTEN).update(text=FORGOTTEN)
    closed.exclude(what_was_done="", answer="").update(what_was_done="", answer="")
    return progress + reports + issues
