"""Table imports: the list, and a progress page for each."""

from django.contrib import admin
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from common.spreadsheets import csv_response
from venues import actions
from venues.actions.table_imports import run_import
from venues.importers import importer_of
from venues.models import Import

from .base import SchemeFilter
from .runs import OfRun, RunAdmin, StopRun, TryRunAgain


class AskForImport(Decision):
    """Take a file and start a dry run; nothing changes until it is confirmed.

    `form` is constructed with a user, has `scheme` and `file`, and its `options()` are the
    importer's.
    """

    kind = ""
    creates = True
    checks_version = False
    shows_errors = True

    def form_kwargs(self, thing, user):
        return {"user": user, "auto_id": "id_%s"}

    def cleaned(self, form, thing):
        given = {name: form.cleaned_data[name] for name in ("scheme", "file")}
        return {**given, "options": form.options()}

    def do(self, thing, *, by, scheme, file, options):
        return actions.ask_for_import(self.kind, scheme, file, options, by=by)

    def after(self, desk, owner, stored):
        return reverse("admin:venues_import_change", args=[stored.pk])


class ConfirmImport(OfRun):
    words = _("Bring it in")
    action = actions.confirm_import
    permission = "view_import"
    steering = importer_of
    route = "<int:pk>/confirm/"


class StopImport(StopRun):
    action = actions.stop_import
    permission = "view_import"
    steering = importer_of


class TryImportAgain(TryRunAgain):
    permission = "view_import"
    steering = importer_of
    task = run_import


@admin.register(Import)
class ImportAdmin(RunAdmin):
    list_display = ["file_name", "state", "asked_at", "finished_at", "by", "scheme"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["by", "scheme"]
    search_fields = ["file_name"]
    name = "import"
    steering = importer_of
    task = run_import
    template = "admin/venues/import.html"
    heavy = ("file", "lines", "to_put_right")
    decisions = [ConfirmImport, StopImport, TryImportAgain]

    def shown(self, stored):
        title = _("Import of %(file)s") % {"file": stored.file_name}
        return {"title": title, "importer": importer_of(stored)}

    @officers_page("<int:pk>/rows/", name="import_rows", permission="view_import")
    def rows_to_put_right(self, request, stored):
        """The rejected rows, each with its reason, as CSV."""
        if not stored.to_put_right:
            raise Http404
        return csv_response(_("rows-to-put-right"), *stored.to_put_right)
