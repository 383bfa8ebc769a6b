"""What the pages of stored runs share: how far it is, stop it, try it again."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.refusals import refusals_as_messages
from common.tasks.failures import is_parked, latest_about, reason_of
from common.tasks.retries import try_again

from .base import OfficersAdmin


class RunAdmin(OfficersAdmin):
    """A list of runs, and a page for each that is looked at until it has ended."""

    by_form = ()
    name = ""
    """In the names of addresses: stop_NAME, try_NAME_again."""
    task = None
    template = ""
    heavy: tuple = ()
    """Fields that lists do without."""

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.heavy)

    def may(self, run, user) -> bool:
        """Whether the user may steer this run and take what came of it."""
        raise NotImplementedError

    def stop(self, run, *, by):
        """The action behind "Stop it"."""
        raise NotImplementedError

    def shown(self, run) -> dict:
        """What the template of this kind is given beside `run`."""
        return {}

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/stop/", view(self.stop_run), name=f"stop_{self.name}"),
            path("<int:pk>/again/", view(self.try_run_again), name=f"try_{self.name}_again"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it is, what came of it, and what one may do now."""
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "run": run,
            "may": self.may(run, request.user),
            "stop_url": f"admin:stop_{self.name}",
            "again_url": f"admin:try_{self.name}_again",
            **self.shown(run),
            **self._failure(run),
        }
        return render(request, self.template, context)

    @method_decorator(require_POST)
    def stop_run(self, request, pk):
        run = self.own(request, pk)
        with refusals_as_messages(request):
            self.stop(run, by=request.user)
        return self.to_its_page(pk)

    @method_decorator(require_POST)
    def try_run_again(self, request, pk):
        row = latest_about(self.task, self.own(request, pk).pk)
        if row and is_parked(row):
            try_again(row)
        return self.to_its_page(pk)

    def own(self, request, pk):
        """The run, if the officer may see it (else 404) and steer it (else 403)."""
        run = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may(run, request.user):
            raise PermissionDenied
        return run

    def to_its_page(self, pk):
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)

    def _failure(self, run):
        """Why the last try failed, and when it is tried again; nothing while all is well."""
        row = latest_about(self.task, run.pk) if run.is_under_way else None
        reason = reason_of(row) if row else ""
        waits = reason and row.status == "READY"
        return {
            "failed_because": reason,
            "given_up": bool(row and is_parked(row)),
            "again_at": row.run_after if waits and row.run_after.year < 9999 else None,
        }
