"""Tables on their way in: a list, and a page for each that shows how far it is."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from common.spreadsheets import csv_response
from common.tasks.failures import is_parked, latest_about, reason_of
from common.tasks.retries import try_again
from venues import actions
from venues.actions.table_imports import run_import
from venues.importers import importer_of
from venues.models import Import

from .base import OfficersAdmin, SchemeFilter


@admin.register(Import)
class ImportAdmin(OfficersAdmin):
    list_display = ["file_name", "state", "asked_at", "finished_at", "by", "scheme"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["by", "scheme"]
    search_fields = ["file_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("file", "lines", "to_put_right")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", view(self.confirm_import), name="confirm_import"),
            path("<int:pk>/stop/", view(self.stop_import), name="stop_import"),
            path("<int:pk>/again/", view(self.try_import_again), name="try_import_again"),
            path("<int:pk>/rows/", view(self.rows_to_put_right), name="import_rows"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it is, what came of it, and what one may do now."""
        stored = self.get_object(request, object_id)
        if stored is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        importer = importer_of(stored)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import of %(file)s") % {"file": stored.file_name},
            "opts": self.opts,
            "import": stored,
            "importer": importer,
            "may": importer.may(request.user, stored.scheme),
            **_failure(stored),
        }
        return render(request, "admin/venues/import.html", context)

    @method_decorator(require_POST)
    def confirm_import(self, request, pk):
        stored = self._own(request, pk)
        with refusals_as_messages(request):
            actions.confirm_import(stored, by=request.user)
        return redirect("admin:venues_import_change", pk)

    @method_decorator(require_POST)
    def stop_import(self, request, pk):
        stored = self._own(request, pk)
        with refusals_as_messages(request):
            actions.stop_import(stored, by=request.user)
        return redirect("admin:venues_import_change", pk)

    @method_decorator(require_POST)
    def try_import_again(self, request, pk):
        row = latest_about(run_import, self._own(request, pk).pk)
        if row and is_parked(row):
            try_again(row)
        return redirect("admin:venues_import_change", pk)

    @method_decorator([never_cache, require_safe])
    def rows_to_put_right(self, request, pk):
        """The rows that were not taken as they stand, each with the reason, as CSV."""
        stored = self._own(request, pk)
        if not stored.to_put_right:
            raise Http404
        return csv_response(_("rows-to-put-right"), *stored.to_put_right)

    def _own(self, request, pk):
        stored = get_object_or_404(self.get_queryset(request), pk=pk)
        if not importer_of(stored).may(request.user, stored.scheme):
            raise PermissionDenied
        return stored


def _failure(stored):
    """Why the last try failed, and when it is tried again; nothing while all is well."""
    row = latest_about(run_import, stored.pk) if stored.is_under_way else None
    reason = reason_of(row) if row else ""
    parked = bool(row and is_parked(row))
    waits = reason and row.status == "READY"
    return {
        "failed_because": reason,
        "given_up": parked,
        "again_at": row.run_after if waits and row.run_after.year < 9999 else None,
    }
