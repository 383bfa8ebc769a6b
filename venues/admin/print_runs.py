"""Print runs: progress, and the file while it is kept."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.utils import timezone

from common.admin import officers_page
from common.retention import period_of
from venues import actions
from venues.actions.print_runs import make_print_run
from venues.models import PrintRun
from venues.papers import paper_of

from .base import SchemeFilter
from .runs import RunAdmin, StopRun, TryRunAgain


class StopPrintRun(StopRun):
    action = actions.stop_print_run
    permission = "view_printrun"
    steering = paper_of


class TryPrintRunAgain(TryRunAgain):
    permission = "view_printrun"
    steering = paper_of
    task = make_print_run


@admin.register(PrintRun)
class PrintRunAdmin(RunAdmin):
    list_display = ["title", "state", "asked_at", "finished_at", "by", "scheme"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["by", "scheme"]
    search_fields = ["title"]
    name = "print_run"
    steering = paper_of
    task = make_print_run
    template = "admin/venues/print_run.html"
    heavy = ("file",)
    decisions = [StopPrintRun, TryPrintRunAgain]

    def shown(self, run):
        ended = run.finished_at and timezone.localdate(run.finished_at)
        return {
            "title": run.title,
            "again_page": paper_of(run).page(run),
            "kept_until": ended and period_of("print_runs").last_day(ended),
        }

    @officers_page("<int:pk>/file/", name="print_run_file", permission="view_printrun")
    def download(self, request, run):
        if run.file is None:
            raise Http404
        response = HttpResponse(bytes(run.file), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{run.file_name}"'
        response["Cache-Control"] = "no-store"
        return response
