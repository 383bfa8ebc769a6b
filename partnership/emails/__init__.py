"""Letters, queued in the transaction that causes them. One module a noun."""

from .issues import issue_answered, urgent_issue
from .returns import after_reminder, before_reminder, month_letters, quarter_letter, venue_thanked

__all__ = [
    "after_reminder",
    "before_reminder",
    "issue_answered",
    "month_letters",
    "quarter_letter",
    "urgent_issue",
    "venue_thanked",
]
