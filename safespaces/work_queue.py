"""An officer's first page: what needs a decision, and the rule that put each row there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked
from coverage.models import Gap
from partnership.meeting_queues import QUEUES as MEETING_QUEUES
from partnership.meeting_queues import find_rows, whole_url
from partnership.queues import QUEUES as PARTNERSHIP_QUEUES
from partnership.queues import find
from partnership.rules.packs import packs_to_make
from venues.models import Enquiry, Scheme, SignUp
from venues.queues import QUEUES

ROWS = 8


@dataclass(frozen=True)
class Row:
    title: str
    scheme: str
    url: str
    why: str


@dataclass(frozen=True)
class Waiting:
    """One queue as far as it is shown; `more_url` leads to the whole of a longer one."""

    key: str
    title: str
    rows: list[Row]
    count: str
    more_url: str


def work_queue(user, now=None) -> list[Waiting]:
    """Every queue of this officer's schemes; as many queries for many rows as for few."""
    now = now or timezone.now()
    sign_ups = SignUp.objects.for_officer(user).select_related("venue", "scheme")
    queues = [_sign_ups(queue, sign_ups, now) for queue in QUEUES]
    meetings = [_meetings(queue, user, now) for queue in MEETING_QUEUES]
    urgent, *brought_up = [_brought_up(queue, user, now) for queue in PARTNERSHIP_QUEUES]
    rest = [*meetings, _packs(user, now), _gaps(user, now)]
    if user.is_superuser:
        rest = [_failed_work(), *rest]
    return [urgent, *queues, _enquiries(user, now), *brought_up, *rest]


def _brought_up(queue, user, now):
    """What venues raised and wrote; the urgent ones head the page."""
    rows = [
        Row(found.title, found.scheme, found.url, found.why)
        for found in find(queue, user, now, ROWS + 1)
    ]
    return _cut(queue.key, queue.title, rows, queue.whole_url())


def _meetings(queue, user, now):
    rows = [
        Row(found.title, found.scheme, found.url, found.why)
        for found in find_rows(queue, user, now, ROWS + 1)
    ]
    return _cut(queue.key, queue.title, rows, whole_url(queue))


def _sign_ups(queue, sign_ups, now):
    found = list(queue.find(sign_ups, now)[: ROWS + 1])
    rows = [
        Row(
            str(each.venue),
            str(each.scheme),
            reverse("admin:venues_signup_change", args=[each.pk]),
            queue.why(each, now),
        )
        for each in found
    ]
    url = reverse("admin:venues_signup_changelist") + f"?queue={queue.key}"
    return _cut(queue.key, queue.title, rows, url)


def _enquiries(user, now):
    mine = Scheme.objects.for_officer(user)
    waiting = Enquiry.objects.filter(answered_at__isnull=True, scheme__in=mine)
    rows = [
        Row(
            each.venue_name,
            str(each.scheme),
            reverse("admin:venues_enquiry_change", args=[each.pk]),
            _("Asked on %(day)s to be rung, and nobody has yet.")
            % {"day": date_format(timezone.localdate(each.asked_at), "j F Y")},
        )
        for each in waiting.select_related("scheme").order_by("asked_at")[: ROWS + 1]
    ]
    url = reverse("admin:venues_enquiry_changelist") + "?answered=no"
    return _cut("enquiries", _("Not sure yet: to be rung"), rows, url)


def _gaps(user, now):
    silent = Gap.objects.for_officer(user).silent(now).select_related("scheme", "owner")
    rows = [
        Row(
            each.title,
            str(each.scheme),
            reverse("admin:coverage_gap_change", args=[each.pk]),
            _("Nothing heard since %(day)s. %(owner)s looks after it.")
            % {
                "day": date_format(timezone.localdate(each.last_heard), "j F Y"),
                "owner": each.owner,
            },
        )
        for each in silent.order_by("last_heard")[: ROWS + 1]
    ]
    url = reverse("admin:coverage_gap_changelist") + "?standing=silent"
    return _cut("gaps", _("Gaps of which nothing was heard for 30 days"), rows, url)


def _packs(user, now):
    rows = [
        Row(
            str(each.quarter),
            str(each.scheme),
            reverse("pack", args=[each.scheme.slug, each.quarter]),
            _("The quarter is over and %(returns)s returns are in; its figures are not made.")
            % {"returns": each.returns},
        )
        for each in packs_to_make(user, timezone.localdate(now))
    ]
    return _cut("packs", _("Meeting packs to make"), rows[: ROWS + 1], reverse("packs"))


def _failed_work():
    """For whoever runs the installation: tasks that were given up."""
    url = reverse("failed_work")
    rows = [Row(words_of(each), "", url, reason_of(each)) for each in parked()[: ROWS + 1]]
    return _cut("failed_work", _("Work that failed"), rows, url)


def _cut(key, title, rows, url):
    more = len(rows) > ROWS
    count = _("more than %(rows)s") % {"rows": ROWS} if more else str(len(rows))
    return Waiting(key, title, rows[:ROWS], count, url if more else "")
