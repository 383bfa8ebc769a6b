"""Letters, queued in the transaction that causes them. One module per noun."""

from .issues import issue_answered, urgent_issue
from .returns import AskedAbout, month_letters, return_letters, venue_thanked

__all__ = [
    "AskedAbout",
    "issue_answered",
    "month_letters",
    "return_letters",
    "urgent_issue",
    "venue_thanked",
]
