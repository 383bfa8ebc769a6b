"""Tasks that failed for good, for whoever runs the installation: why, and to try them again."""

import uuid
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked, try_again

AT_ONCE = 50


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
    context = {
        **admin.site.each_context(request),
        "title": _("Work that failed"),
        "page": page,
        "failed": [Failed.of(row) for row in page],
    }
    return render(request, "admin/failed_work.html", context)


@user_passes_test(runs_the_installation)
@require_POST
def try_failed_work_again(request: HttpRequest) -> HttpResponse:
    """Give one task all its tries again, or all of them where none is named."""
    named = request.POST.get("task")
    rows = list(parked()) if named is None else parked().filter(pk=_key(named))
    again = sum(try_again(row) for row in rows)
    messages.success(request, _("To be tried again: %(count)s.") % {"count": again})
    return redirect("failed_work")


def _key(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
