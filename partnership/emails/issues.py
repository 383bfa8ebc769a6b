"""Letters about issues: that there is one and where to read it, never what it says."""

from django.utils.translation import gettext as _

from partnership.rules.issues import who_hears

from .letter import page, write, write_to_venue


def urgent_issue(issue, today) -> None:
    """To its owner, or the deputy of one who is away."""
    write(
        who_hears(issue, today),
        _("Urgent: %(issue)s") % {"issue": issue},
        "urgent",
        issue=issue,
        link=page("admin:partnership_issue_change", issue.pk),
    )


def issue_answered(issue) -> None:
    write_to_venue(
        issue.sign_up,
        _("An answer for %(venue)s") % {"venue": issue.sign_up.venue},
        "answered",
        link=page("issues_home", issue.sign_up_id),
    )
