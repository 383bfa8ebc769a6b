"""Letters about issues: a link to read it, never its text."""

import datetime

from partnership.models import Issue
from partnership.rules.issues import who_hears
from venues.letters import notify, url, write_to_venue


def urgent_issue(issue: Issue, today: datetime.date) -> None:
    """To the issue's owner, or their deputy during an absence."""
    notify(
        "partnership.urgent",
        who_hears(issue, today),
        scheme=issue.scheme,
        issue=issue,
        link=url("admin:partnership_issue_change", issue.pk),
    )


def issue_answered(issue: Issue) -> None:
    link = url("issues_home", issue.sign_up_id)
    write_to_venue("partnership.answered", issue.sign_up, context={"link": link}, about=issue)
