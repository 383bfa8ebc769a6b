"""Who is told about an issue, what officers still have to do, and the words for both."""

import datetime

from django.utils.translation import gettext as _

from partnership.models import Away, Issue
from partnership.models.issues import IssueQuerySet
from partnership.rules.returns import settings_of
from venues.evidence_kinds import Part
from venues.models import Officer

CHECK_STAFF_FOR = datetime.timedelta(days=90)
"""How soon after a difficult incident officers are reminded to check on staff."""


def theme_words(parts: set[Part]) -> dict[str, str]:
    """What an issue may be about where a scheme has these parts, by theme."""
    words = {theme.value: str(theme.label) for theme in Issue.Theme}
    if Part.TRAINING not in parts:
        del words[Issue.Theme.TRAINING]
    if Part.STICKERS not in parts:
        words[Issue.Theme.LISTING] = _("Our listing or hours")
    return words


def urgency_words(*, has_meetings: bool) -> dict[str, str]:
    """How soon an issue needs an answer, by urgency; without meetings nothing waits for one."""
    words = {urgency.value: str(urgency.label) for urgency in Issue.Urgency}
    if not has_meetings:
        words[Issue.Urgency.MEETING] = _("It can wait")
        words[Issue.Urgency.SOON] = _("Please answer soon")
    return words


def who_hears(issue: Issue, at: datetime.date) -> list[str]:
    """The addresses for an issue: its owner's, or the deputy's during an absence.

    Without an owner, the scheme's officer for issues; without one, the team.
    """
    officer = (
        issue.scheme.officers.filter(user=issue.owner_id).select_related("user").first()
        if issue.owner_id
        else settings_of(issue.scheme).issues_owner
    )
    if officer is None or not officer.user.is_active:
        return [issue.scheme.contact_email]
    return [standing_in(officer, at).user.email]


def standing_in(officer: Officer, at: datetime.date) -> Officer:
    """The officer or, during an absence, their deputy or the deputy's deputy."""
    seen = {officer.pk}
    while True:
        away = (
            Away.objects.filter(officer=officer, until__gte=at).select_related("deputy__user")
        ).first()
        if away is None or away.deputy_id in seen or not away.deputy.user.is_active:
            return officer
        officer = away.deputy
        seen.add(officer.pk)


def staff_to_check(issues: IssueQuerySet, at: datetime.datetime) -> IssueQuerySet:
    """Those of `issues` after which nobody has asked yet how the staff are."""
    hard = issues.filter(staff_checked_at__isnull=True, raised_at__gte=at - CHECK_STAFF_FOR)
    return hard.filter(theme=Issue.Theme.CALL_US, sign_up__isnull=False) | hard.filter(
        urgency=Issue.Urgency.URGENT, sign_up__isnull=False
    )
