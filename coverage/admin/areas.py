"""Own areas: the list, and the page on which one is drawn."""

import json

from django.conf import settings
from django.contrib import admin
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from coverage import actions
from coverage.forms import AreaForm
from coverage.forms.gaps import wards_of
from coverage.models import DrawnArea
from geography.geojson import feature, feature_collection, geojson
from venues.admin.base import SchemeFilter, history_of
from venues.models import Event, Scheme

from .base import CoverageAdmin

HECTARE = 10_000
OUTLINE_PRECISION = 20
"""Metres by which the outlines below the drawing are made simpler."""


@admin.register(DrawnArea)
class DrawnAreaAdmin(CoverageAdmin):
    geometry = "boundary"
    list_display = ["name", "hectares", "drawn_at", "drawn_by", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme", "drawn_by"]
    search_fields = ["name"]
    fields = ["name", "scheme", "drawn_at", "drawn_by"]
    change_form_template = "admin/coverage/shown_area.html"

    @admin.display(description=gettext_lazy("hectares"))
    def hectares(self, area):
        return round(area.boundary.area / HECTARE, 1)

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("coverage.draw_area")

    def events_of(self, area):
        return Event.objects.filter(
            about_type__app_label="coverage", about_type__model="drawnarea", about_id=area.pk
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("draw/", view(self.draw_area), name="draw_area"),
            path("<int:pk>/redraw/", view(self.redraw_area), name="redraw_area"),
            path("<int:pk>/remove/", view(self.remove_area), name="remove_area"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._page(request, AreaForm(user=request.user))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Who may redraw it sees the map; who may look sees what it is."""
        area = self.get_object(request, object_id)
        if area is None or not request.user.has_perm("coverage.redraw_area", area):
            return super().change_view(request, object_id, form_url, extra_context)
        known = {"name": area.name, "geojson": json.dumps(geojson(area.boundary))}
        return self._page(request, AreaForm(user=request.user, area=area, initial=known), area)

    def more_below(self, request, area):
        return {**super().more_below(request, area), "hectares": self.hectares(area)}

    def _page(self, request, form, area=None):
        page = self.page(
            request,
            title=area.name if area else _("Draw an area"),
            form=form,
            area=area,
            action=reverse("admin:redraw_area", args=[area.pk])
            if area
            else reverse("admin:draw_area"),
            may_remove=area and request.user.has_perm("coverage.remove_area", area),
            history=history_of(self.events_of(area), request.user) if area else None,
            outlines=self._outlines(request, area),
            tiles_url=settings.MAP_TILES_URL,
            tiles_attribution=settings.MAP_TILES_ATTRIBUTION,
        )
        return render(request, "admin/coverage/area.html", page)

    def _outlines(self, request, area):
        """The scheme's area and its wards, to draw upon."""
        schemes = Scheme.objects.for_officer(request.user)
        if area:
            schemes = schemes.filter(pk=area.scheme_id)
        return feature_collection(
            feature(_simpler(each.boundary), {"name": each.name, "kind": each.kind}, decimals=5)
            for each in wards_of(schemes).order_by("kind", "name")
        )

    @method_decorator(require_POST)
    def draw_area(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AreaForm(request.POST, user=request.user)
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("scheme", "name", "boundary")}
            with refusals_as_messages(request, _("The area is drawn.")):
                actions.draw_area(**given, by=request.user)
                return redirect("admin:coverage_drawnarea_changelist")
        return self._page(request, form)

    @method_decorator(require_POST)
    def redraw_area(self, request, pk):
        area = self.own(request, pk, "redraw_area")
        form = AreaForm(request.POST, user=request.user, area=area)
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("name", "boundary")}
            with refusals_as_messages(request, _("The area is changed.")):
                actions.redraw_area(area, **given, by=request.user)
                return redirect("admin:coverage_drawnarea_changelist")
        return self._page(request, form, area)

    @method_decorator(require_POST)
    def remove_area(self, request, pk):
        area = self.own(request, pk, "remove_area")
        with refusals_as_messages(request, _("The area is removed.")):
            actions.remove_area(area, by=request.user)
            return redirect("admin:coverage_drawnarea_changelist")
        return redirect("admin:coverage_drawnarea_change", pk)


def _simpler(boundary: GEOSGeometry) -> GEOSGeometry:
    return boundary.simplify(OUTLINE_PRECISION, preserve_topology=True)
