"""What waits for an officer about issues, words and returns, and the rule that put it there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import Issue, Progress, UsageReturn
from partnership.models.issues import IssueState
from partnership.rules.issues import staff_to_check
from partnership.rules.returns import last_ended
from venues.models import Scheme


@dataclass(frozen=True)
class Queue:
    """`find(schemes, now)` gives the rows, `why(thing)` says which rule applies.

    `page` is the admin's page of one row; `whole` the list of all of them.
    """

    key: str
    title: str
    find: Callable
    why: Callable
    page: str
    whole: str

    def url(self, thing) -> str:
        return reverse(f"admin:partnership_{self.page}_change", args=[thing.pk])

    def whole_url(self) -> str:
        name, __, query = self.whole.partition("?")
        return reverse(f"admin:partnership_{name}_changelist") + (f"?{query}" if query else "")


def _issues(schemes):
    return (
        Issue.objects.filter(scheme__in=schemes)
        .select_related("scheme", "sign_up__venue", "owner")
        .order_by("raised_at")
    )


def _day(moment):
    return date_format(timezone.localtime(moment), "j F, H:i")


def _urgent(schemes, now):
    return _issues(schemes).not_closed().urgent()


def _why_urgent(issue):
    words = (
        _("Asked on %(when)s to be called.")
        if issue.theme == Issue.Theme.CALL_US
        else _("Raised on %(when)s as urgent.")
    )
    who = _("%(owner)s looks after it.") if issue.owner_id else _("Nobody has taken it on yet.")
    return f"{words % {'when': _day(issue.raised_at)}} {who % {'owner': issue.owner}}"


def _open(schemes, now):
    return _issues(schemes).filter(state=IssueState.OPEN).exclude(urgency=Issue.Urgency.URGENT)


def _why_open(issue):
    return _("Raised on %(when)s, and nobody has taken it on: %(urgency)s.") % {
        "when": _day(issue.raised_at),
        "urgency": issue.get_urgency_display(),
    }


def _held_issues(schemes, now):
    return _issues(schemes).held()


def _sentences(schemes):
    return Progress.objects.filter(usage_return__sign_up__scheme__in=schemes).select_related(
        "usage_return__sign_up__venue", "usage_return__sign_up__scheme"
    )


def _held_sentences(schemes, now):
    return _sentences(schemes).held().order_by("usage_return__sent_at")


def _to_share(schemes, now):
    return (
        _sentences(schemes)
        .readable()
        .filter(may_share=True, shared_at__isnull=True)
        .order_by("-usage_return__sent_at")
    )


def _staff(schemes, now):
    return staff_to_check(_issues(schemes), now).exclude(state=IssueState.OPEN)


def _why_staff(issue):
    return _("A hard moment on %(when)s. Nobody has asked yet how the staff are.") % {
        "when": _day(issue.raised_at)
    }


def _to_thank(schemes, now):
    quarter = last_ended(timezone.localdate(now))
    return (
        UsageReturn.objects.of(quarter)
        .filter(sign_up__scheme__in=schemes, people__gt=0, thanked_at__isnull=True)
        .select_related("sign_up__venue", "sign_up__scheme")
        .order_by(F("people").desc(), "pk")
    )


QUEUES = [
    Queue(
        "urgent_issues",
        gettext_lazy("Urgent: venues that need an answer now"),
        _urgent,
        _why_urgent,
        "issue",
        "issue?urgency__exact=urgent",
    ),
    Queue(
        "open_issues",
        gettext_lazy("Issues that nobody has taken on"),
        _open,
        _why_open,
        "issue",
        "issue?state__exact=open",
    ),
    Queue(
        "issue_words",
        gettext_lazy("Words of issues to be read"),
        _held_issues,
        lambda issue: _("Held until an officer has read it: nobody else sees it before."),
        "issue",
        "issue?text_state__exact=held",
    ),
    Queue(
        "progress_words",
        gettext_lazy("Sentences about progress to be read"),
        _held_sentences,
        lambda progress: _("Held until an officer has read it: nobody else sees it before."),
        "progress",
        "progress?text_state__exact=held",
    ),
    Queue(
        "staff_to_check",
        gettext_lazy("Ask how the staff are"),
        _staff,
        _why_staff,
        "issue",
        "issue?urgency__exact=urgent",
    ),
    Queue(
        "to_thank",
        gettext_lazy("Say thank you"),
        _to_thank,
        lambda sent: _("It helped people last quarter, and nobody has said thank you."),
        "usagereturn",
        "usagereturn",
    ),
    Queue(
        "to_share",
        gettext_lazy("Went well, and may be told to others"),
        _to_share,
        lambda progress: _("The venue agrees that others are told."),
        "progress",
        "progress?may_share__exact=1",
    ),
]


@dataclass(frozen=True)
class Found:
    """One row: what it is called, whose scheme, where it is dealt with and why it is here."""

    title: str
    scheme: str
    url: str
    why: str


def find(queue: Queue, user, now, most: int) -> list[Found]:
    """The first rows of a queue in the officer's own schemes; one query."""
    schemes = Scheme.objects.for_officer(user)
    return [
        Found(str(_name_of(thing)), str(_scheme_of(thing)), queue.url(thing), queue.why(thing))
        for thing in queue.find(schemes, now)[:most]
    ]


def _name_of(thing):
    if isinstance(thing, Progress):
        thing = thing.usage_return
    return thing.sign_up.venue if thing.sign_up_id else thing


def _scheme_of(thing):
    if isinstance(thing, Issue):
        return thing.scheme
    return (thing.usage_return if isinstance(thing, Progress) else thing).sign_up.scheme
