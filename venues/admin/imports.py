"""Tables on their way in: a list, and a page for each that shows how far it is."""

from django.contrib import admin
from django.http import Http404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from common.spreadsheets import csv_response
from venues import actions
from venues.actions.table_imports import run_import
from venues.importers import importer_of
from venues.models import Import

from .base import SchemeFilter
from .runs import RunAdmin


@admin.register(Import)
class ImportAdmin(RunAdmin):
    list_display = ["file_name", "state", "asked_at", "finished_at", "by", "scheme"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["by", "scheme"]
    search_fields = ["file_name"]
    name = "import"
    task = run_import
    template = "admin/venues/import.html"
    heavy = ("file", "lines", "to_put_right")

    def may(self, stored, user):
        return importer_of(stored).may(user, stored.scheme)

    def stop(self, stored, *, by):
        actions.stop_import(stored, by=by)

    def shown(self, stored):
        title = _("Import of %(file)s") % {"file": stored.file_name}
        return {"title": title, "importer": importer_of(stored)}

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", view(self.confirm_import), name="confirm_import"),
            path("<int:pk>/rows/", view(self.rows_to_put_right), name="import_rows"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def confirm_import(self, request, pk):
        stored = self.own(request, pk)
        with refusals_as_messages(request):
            actions.confirm_import(stored, by=request.user)
        return self.to_its_page(pk)

    @method_decorator([never_cache, require_safe])
    def rows_to_put_right(self, request, pk):
        """The rows that were not taken as they stand, each with the reason, as CSV."""
        stored = self.own(request, pk)
        if not stored.to_put_right:
            raise Http404
        return csv_response(_("rows-to-put-right"), *stored.to_put_right)
