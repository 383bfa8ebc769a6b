"""Issues: raised, handled and closed with an answer."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from partnership import emails
from partnership.models import Away, Issue, TextState, UsageReturn
from partnership.models.issues import ISSUE_LENGTH, IssueState
from partnership.rules.returns import MEMBERS
from venues.models import Event, Officer, Scheme, SignUp

from .words import refuse_too_long, refuse_words

ENOUGH_OPEN = 20
"""Open issues one venue may have raised by link; beyond that a phone call is better."""


@dataclass(frozen=True)
class NewIssue:
    """The theme, urgency and text of a new issue."""

    theme: str
    urgency: str
    text: str = ""


@transaction.atomic
def raise_issue(
    scheme: Scheme,
    new: NewIssue,
    *,
    sign_up: SignUp | None = None,
    usage_return: UsageReturn | None = None,
    by: User | None = None,
    by_officer: bool = False,
) -> Issue:
    """Raise an issue. An officer's own text is released at once; a venue's is held."""
    text = new.text.strip()
    if new.theme not in Issue.Theme.values or new.urgency not in Issue.Urgency.values:
        raise Refused(_("Choose what it is about and how soon you need an answer."))
    if not text and new.theme != Issue.Theme.CALL_US:
        raise Refused(_("Say in a sentence what it is."))
    refuse_words(text, ISSUE_LENGTH)
    if sign_up is not None and not by_officer:
        _check_may_raise(sign_up)
    now = timezone.now()
    read = {"text_state": TextState.RELEASED, "text_read_at": now, "text_read_by": by}
    issue = Issue.objects.create(
        scheme=scheme,
        sign_up=sign_up,
        usage_return=usage_return,
        theme=new.theme,
        urgency=new.urgency,
        text=text,
        raised_at=now,
        raised_by=by,
        **(read if by_officer else {}),
    )
    Event.objects.record(
        "partnership.issue_raised",
        scheme=scheme,
        sign_up=sign_up,
        by=by,
        about=issue,
        theme=str(new.theme),
        urgency=str(new.urgency),
    )
    if issue.is_urgent:
        emails.urgent_issue(issue, timezone.localdate(now))
    return issue


def _check_may_raise(sign_up: SignUp) -> None:
    if lock(sign_up).state not in MEMBERS:
        raise Refused(
            _("This place is not a member of the scheme any more. Please write to %(email)s.")
            % {"email": sign_up.scheme.contact_email}
        )
    if sign_up.issues.not_closed().count() >= ENOUGH_OPEN:
        raise Refused(
            _("You have many issues open already. Please write to %(email)s, so that we can talk.")
            % {"email": sign_up.scheme.contact_email}
        )


@transaction.atomic
def ask_for_call(
    sign_up: SignUp, *, usage_return: UsageReturn | None = None, by: User | None = None
) -> Issue:
    """Record a "please call us", without details. Idempotent while one is waiting."""
    lock(sign_up)
    waiting = sign_up.issues.filter(theme=Issue.Theme.CALL_US, state=IssueState.OPEN).first()
    if waiting:
        return waiting
    call = NewIssue(Issue.Theme.CALL_US, Issue.Urgency.URGENT)
    return raise_issue(sign_up.scheme, call, sign_up=sign_up, usage_return=usage_return, by=by)


@transaction.atomic
def handle_issue(issue: Issue, *, by: User) -> Issue:
    """Take on an issue and become its owner; also reopens a closed one."""
    issue = lock(issue)
    move(issue, IssueState.HANDLED, owner=by, closed_at=None, closed_by=None)
    Event.objects.record_about("partnership.issue_handled", issue, by=by)
    return issue


@transaction.atomic
def give_issue(issue: Issue, officer: Officer, *, by: User) -> Issue:
    """Give an issue to another officer of the scheme, who is told if it is urgent."""
    issue = lock(issue)
    if issue.state == IssueState.CLOSED:
        raise Refused(_("This issue is closed."))
    if officer.scheme_id != issue.scheme_id:
        raise Refused(_("Choose an officer of this scheme."))
    if issue.owner_id == officer.user_id:
        raise Refused(_("It is theirs already."))
    issue.owner = officer.user
    issue.save(update_fields=["owner"])
    Event.objects.record_about("partnership.issue_given", issue, by=by, user=officer.user_id)
    if issue.is_urgent:
        emails.urgent_issue(issue, timezone.localdate())
    return issue


@transaction.atomic
def note_what_was_done(issue: Issue, text: str, *, by: User) -> Issue:
    """Note what was done, for officers only."""
    issue = lock(issue)
    refuse_too_long(text, ISSUE_LENGTH)
    if issue.what_was_done == text.strip():
        raise Refused(_("Nothing was changed."))
    issue.what_was_done = text.strip()
    issue.save(update_fields=["what_was_done"])
    Event.objects.record_about("partnership.issue_noted", issue, by=by)
    return issue


@transaction.atomic
def close_issue(issue: Issue, *, answer: str, by: User) -> Issue:
    """Close an issue with an answer, read in the portal; the letter has only a link."""
    issue = lock(issue)
    answer = answer.strip()
    if issue.sign_up_id and not answer:
        raise Refused(_("Write an answer to the venue."))
    refuse_too_long(answer, ISSUE_LENGTH)
    owner = issue.owner or by
    move(
        issue,
        IssueState.CLOSED,
        owner=owner,
        answer=answer,
        closed_at=timezone.now(),
        closed_by=by,
    )
    Event.objects.record_about("partnership.issue_closed", issue, by=by)
    if issue.sign_up_id:
        emails.issue_answered(issue)
    return issue


@transaction.atomic
def mark_staff_checked(issue: Issue, *, by: User) -> Issue:
    """Record that somebody asked how the venue's staff are after a difficult incident."""
    issue = lock(issue)
    if issue.staff_checked_at:
        raise Refused(_("Somebody has asked already."))
    issue.staff_checked_at, issue.staff_checked_by = timezone.now(), by
    issue.save(update_fields=["staff_checked_at", "staff_checked_by"])
    Event.objects.record_about("partnership.staff_checked", issue, by=by)
    return issue


@transaction.atomic
def go_away(officer: Officer, *, deputy: Officer, until: datetime.date, by: User) -> Away:
    """Record an absence and the deputy for urgent issues."""
    if deputy.scheme_id != officer.scheme_id or deputy.pk == officer.pk:
        raise Refused(_("Choose another officer of this scheme as deputy."))
    if until < timezone.localdate():
        raise Refused(_("This day is over. Write a day to come."))
    away, __ = Away.objects.update_or_create(
        officer=officer, defaults={"deputy": deputy, "until": until}
    )
    Event.objects.record(
        "partnership.officer_away",
        scheme=officer.scheme,
        by=by,
        about=officer,
        until=until.isoformat(),
    )
    return away


@transaction.atomic
def come_back(officer: Officer, *, by: User) -> None:
    """End an absence early."""
    if not Away.objects.filter(officer=officer).delete()[0]:
        raise Refused(_("No absence is noted."))
    Event.objects.record("partnership.officer_back", scheme=officer.scheme, by=by, about=officer)
