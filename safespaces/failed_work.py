"""Tasks and letters that failed for good, for whoever runs the installation, with their reasons."""

import uuid
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult
from post_office.models import Email

from common.tasks.failed_letters import given_up, reason_of_letter, words_of_letter
from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked, try_again
from venues.actions import send_failed_letter_again

AT_ONCE = 50
LONGEST_NUMBER = 9
"""Digits of the outbox's keys, which are 32-bit numbers."""


@dataclass(frozen=True)
class Failed:
    pk: str
    words: str
    reason: str
    tries: int
    row: DBTaskResult

    @classmethod
    def of(cls, row: DBTaskResult) -> "Failed":
        return cls(str(row.pk), words_of(row), reason_of(row), len(row.worker_ids), row)


@dataclass(frozen=True)
class FailedLetter:
    pk: int
    words: str
    to: str
    reason: str
    row: Email

    @classmethod
    def of(cls, row: Email) -> "FailedLetter":
        to = ", ".join(row.to)
        return cls(row.pk, words_of_letter(row), to, reason_of_letter(row), row)


def failed_letters() -> QuerySet[Email]:
    """Letters that were given up and that nobody has printed and posted since."""
    return given_up().exclude(letters__posted_at__isnull=False)


def runs_the_installation(user) -> bool:
    """Whoever may everything. Others are refused, not sent to log in again."""
    if not user.is_authenticated:
        return False
    if not user.is_superuser:
        raise PermissionDenied
    return True


@never_cache
@user_passes_test(runs_the_installation)
@require_safe
def failed_work(request: HttpRequest) -> HttpResponse:
    page = Paginator(parked(), AT_ONCE).get_page(request.GET.get("page"))
    letters = Paginator(failed_letters(), AT_ONCE).get_page(request.GET.get("letters"))
    context = {
        **admin.site.each_context(request),
        "title": _("Work that failed"),
        "page": page,
        "failed": [Failed.of(row) for row in page],
        "letters_page": letters,
        "letters": [FailedLetter.of(row) for row in letters],
    }
    return render(request, "admin/failed_work.html", context)


@user_passes_test(runs_the_installation)
@require_POST
def try_failed_work_again(request: HttpRequest) -> HttpResponse:
    """Give one task or letter all its tries again, or all of them where none is named."""
    task, letter = request.POST.get("task"), request.POST.get("letter")
    none_named = task is None and letter is None
    rows = parked() if none_named else parked().filter(pk=_key(task)) if task is not None else []
    letters = failed_letters() if none_named else _letter(letter) if letter is not None else []
    again = sum(try_again(row) for row in list(rows))
    again += sum(send_failed_letter_again(each) for each in list(letters))
    messages.success(request, _("To be tried again: %(count)s.") % {"count": again})
    return redirect("failed_work")


def _letter(text):
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise Http404
    return failed_letters().filter(pk=int(text))


def _key(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
