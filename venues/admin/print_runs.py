"""Paper that a worker makes: how far it is, and the file while it is kept."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.retention import period_of
from venues import actions
from venues.actions.print_runs import make_print_run
from venues.models import PrintRun
from venues.papers import paper_of

from .base import SchemeFilter
from .runs import RunAdmin


@admin.register(PrintRun)
class PrintRunAdmin(RunAdmin):
    list_display = ["title", "state", "asked_at", "finished_at", "by", "scheme"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["by", "scheme"]
    search_fields = ["title"]
    name = "print_run"
    task = make_print_run
    template = "admin/venues/print_run.html"
    heavy = ("file",)

    def may(self, run, user):
        return paper_of(run).may(user, run.scheme)

    def stop(self, run, *, by):
        actions.stop_print_run(run, by=by)

    def shown(self, run):
        ended = run.finished_at and timezone.localdate(run.finished_at)
        return {
            "title": run.title,
            "again_page": paper_of(run).page(run),
            "kept_until": ended and period_of("print_runs").last_day(ended),
        }

    def get_urls(self):
        download = self.admin_site.admin_view(self.download)
        return [
            path("<int:pk>/file/", download, name="print_run_file"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, require_safe])
    def download(self, request, pk):
        run = self.own(request, pk)
        if run.file is None:
            raise Http404
        response = HttpResponse(bytes(run.file), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{run.file_name}"'
        response["Cache-Control"] = "no-store"
        return response
