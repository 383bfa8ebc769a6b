"""CSV export for lists in the admin."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.html import strip_tags

from common.spreadsheets import csv_response

from .desk import Desk
from .pages import officers_page


class ListExport(Desk):
    """A list that can be downloaded as CSV with the same columns, rows, search and filters."""

    change_list_template = "admin/list_with_export.html"
    exported = ()
    """Columns of the download that the list itself has no room for."""

    @officers_page("export/", name="{app}_{model}_export")
    def export(self, request):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        columns = [*self.get_list_display(request), *self.exported]
        header = [strip_tags(label_for_field(name, self.model, self)) for name in columns]
        found = self.found(request)
        rows = ([self._cell(name, thing) for name in columns] for thing in found)
        return csv_response(self.opts.model_name, header, rows)

    def found(self, request):
        """The changelist's own queryset, so scope, search and filters apply."""
        try:
            return self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise Http404 from None

    def _cell(self, name, thing):
        field, _attribute, value = lookup_field(name, thing, self)
        if field is not None:
            value = display_for_field(value, field, "")
        return strip_tags("" if value is None else str(value))
