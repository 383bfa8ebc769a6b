"""Shared by the pages of stored runs: progress, stop and retry."""

from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from common.admin import Decision
from common.tasks.failures import is_parked, latest_about, reason_of
from common.tasks.retries import try_again

from .base import OfficersAdmin


class OfRun(Decision):
    """An action on a run, from its page.

    A run changes by itself while somebody is looking, so no version is compared: an action that
    comes too late is refused by the run's state.
    """

    checks_version = False
    template = ""
    steering = None
    """The registry that says who may control a run: `importer_of` or `paper_of`."""

    def may(self, user, run):
        return run is not None and type(self).steering(run).may(user, run.scheme)


class StopRun(OfRun):
    words = _("Stop it")
    route = "<int:pk>/stop/"

    def possible(self, run, user):
        return run.can_be_stopped


class TryRunAgain(OfRun):
    words = _("Try again")
    route = "<int:pk>/again/"
    task = None

    def do(self, run, *, by):
        row = latest_about(self.task, run.pk)
        if row and is_parked(row):
            try_again(row)


class RunAdmin(OfficersAdmin):
    """A list of runs, and a page for each that refreshes until it has ended."""

    by_form = ()
    name = ""
    """Part of the URL names: stop_NAME, try_NAME_again."""
    steering = None
    task = None
    template = ""
    heavy: tuple = ()
    """Fields that lists do not load."""

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.heavy)

    def may(self, user, permission, run=None) -> bool:
        """Whether the user may steer this run and download its result, whatever `permission` is."""
        return run is not None and type(self).steering(run).may(user, run.scheme)

    def shown(self, run) -> dict:
        """Extra template context for this kind of run."""
        return {}

    @method_decorator(never_cache)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Progress, result and available actions."""
        run = self.get_object(request, object_id)
        if run is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = self.page(
            request,
            run=run,
            may=self.may(request.user, "view", run),
            stop_url=f"admin:stop_{self.name}",
            again_url=f"admin:try_{self.name}_again",
            **self.shown(run),
            **self._failure(run),
        )
        return render(request, self.template, page)

    def _failure(self, run):
        """Why the last attempt failed and when it is retried; None while all is well."""
        row = latest_about(self.task, run.pk) if run.is_under_way else None
        reason = reason_of(row) if row else ""
        waits = reason and row.status == "READY"
        return {
            "failed_because": reason,
            "given_up": bool(row and is_parked(row)),
            "again_at": row.run_after if waits and row.run_after.year < 9999 else None,
        }
