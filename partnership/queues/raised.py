"""Queues about issues, held text and returns, with the rule behind each row."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import Issue, Progress, UsageReturn
from partnership.models.issues import IssueState
from partnership.rules.issues import staff_to_check, urgency_words
from partnership.rules.periods import last_ended
from venues.work_queue import Row

from .lists import register_list


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
    raised = words % {"when": _day(issue.raised_at)}
    return raised if issue.owner_id else f"{raised} {_('Nobody has taken it on yet.')}"


def _open(schemes, now):
    return _issues(schemes).filter(state=IssueState.OPEN).exclude(urgency=Issue.Urgency.URGENT)


def _why_open(issue):
    return _("Raised on %(when)s, and nobody has taken it on: %(urgency)s.") % {
        "when": _day(issue.raised_at),
        "urgency": urgency_words(has_meetings=issue.scheme.has_meetings)[issue.urgency],
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
    today = timezone.localdate(now)
    periods = {last_ended(scheme, today) for scheme in schemes} - {None}
    return (
        UsageReturn.objects.of(*periods)
        .filter(sign_up__scheme__in=schemes, people__gt=0, thanked_at__isnull=True)
        .select_related("sign_up__venue", "sign_up__scheme")
        .order_by(F("people").desc(), "pk")
    )


def _why_held(thing):
    return _("Held until an officer has read it: nobody else sees it before.")


def _why_to_thank(sent):
    return _("It helped people in %(period)s, and nobody has said thank you.") % {
        "period": sent.period
    }


def _why_to_share(progress):
    return _("The venue agrees that others are told.")


def _issue(issue, rule):
    return Row(
        str(issue.sign_up.venue if issue.sign_up_id else issue),
        str(issue.scheme),
        reverse("admin:partnership_issue_change", args=[issue.pk]),
        rule,
        owner=str(issue.owner or ""),
    )


def _progress(progress, rule):
    sign_up = progress.usage_return.sign_up
    url = reverse("admin:partnership_progress_change", args=[progress.pk])
    return Row(str(sign_up.venue), str(sign_up.scheme), url, rule)


def _usage_return(sent, rule):
    url = reverse("admin:partnership_usagereturn_change", args=[sent.pk])
    return Row(str(sent.sign_up.venue), str(sent.sign_up.scheme), url, rule)


# Urgent issues come first on the page.
register_list(
    "urgent_issues",
    0,
    gettext_lazy("Urgent: venues that need an answer now"),
    _urgent,
    lambda each, now: _issue(each, _why_urgent(each)),
    "issue?urgency__exact=urgent",
)
register_list(
    "open_issues",
    210,
    gettext_lazy("Issues that nobody has taken on"),
    _open,
    lambda each, now: _issue(each, _why_open(each)),
    "issue?state__exact=open",
)
register_list(
    "issue_words",
    220,
    gettext_lazy("Words of issues to be read"),
    _held_issues,
    lambda each, now: _issue(each, _why_held(each)),
    "issue?text_state__exact=held",
)
register_list(
    "progress_words",
    230,
    gettext_lazy("Sentences about progress to be read"),
    _held_sentences,
    lambda each, now: _progress(each, _why_held(each)),
    "progress?text_state__exact=held",
)
register_list(
    "staff_to_check",
    240,
    gettext_lazy("Ask how the staff are"),
    _staff,
    lambda each, now: _issue(each, _why_staff(each)),
    "issue?urgency__exact=urgent",
)
register_list(
    "to_thank",
    250,
    gettext_lazy("Say thank you"),
    _to_thank,
    lambda each, now: _usage_return(each, _why_to_thank(each)),
    "usagereturn",
)
register_list(
    "to_share",
    260,
    gettext_lazy("Went well, and may be told to others"),
    _to_share,
    lambda each, now: _progress(each, _why_to_share(each)),
    "progress?may_share__exact=1",
)
