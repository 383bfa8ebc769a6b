"""What the lists of coverage have in common: links above them, and GeoJSON beside the CSV."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from geography.geojson import MEDIA_TYPE, feature, feature_collection
from venues.admin.base import OfficersAdmin


class CoverageAdmin(OfficersAdmin):
    """Nothing is typed into a list: its things change by the buttons on their pages."""

    by_form = ()
    change_list_template = "admin/coverage/list.html"
    geometry = ""
    """The field that goes into GeoJSON; none, no GeoJSON."""

    def get_urls(self):
        if not self.geometry:
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_geojson"
        view = self.admin_site.admin_view(self.geojson)
        return [path("geojson/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
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

    def tools(self, request):
        """Links above the list: (address, words)."""
        return []

    def changelist_view(self, request, extra_context=None):
        more = {"tools": self.tools(request), "on_the_map": bool(self.geometry)}
        return super().changelist_view(request, {**more, **(extra_context or {})})
