"""Shared by coverage's lists: links above them, and GeoJSON beside the CSV."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse

from common.admin import officers_page
from geography.geojson import MEDIA_TYPE, feature, feature_collection
from venues.admin.base import OfficersAdmin


class CoverageAdmin(OfficersAdmin):
    """Read-only lists: objects change through decisions on their pages."""

    by_form = ()
    change_list_template = "admin/coverage/list.html"
    geometry = ""
    """The field that goes into GeoJSON, for a list `OnTheMap`."""

    def tools(self, request):
        """Links above the list: (URL, label)."""
        return []

    def changelist_view(self, request, extra_context=None):
        more = {"tools": self.tools(request), "on_the_map": bool(self.geometry)}
        return super().changelist_view(request, {**more, **(extra_context or {})})


class OnTheMap:
    """A list that can be downloaded as GeoJSON too. Put it before CoverageAdmin."""

    @officers_page("geojson/", name="{app}_{model}_geojson")
    def geojson(self, request):
        """The list's rows, search and filters; its columns are the properties."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        columns = self.get_list_display(request)
        features = [
            feature(
                getattr(thing, self.geometry),
                {name: self._cell(name, thing) for name in columns},
                id=thing.pk,
            )
            for thing in self.found(request)
        ]
        answer = JsonResponse(feature_collection(features), content_type=MEDIA_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}.geojson"'
        answer["Cache-Control"] = "no-store"
        return answer
