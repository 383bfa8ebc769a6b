"""Own areas: the list, and the page for drawing one."""

import json

from django.contrib import admin
from django.contrib.gis.geos import GEOSGeometry
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from coverage import actions
from coverage.forms import AreaForm
from coverage.forms.gaps import wards_of
from coverage.models import DrawnArea
from geography.geojson import feature, feature_collection, geojson
from venues.admin.base import SchemeFilter, history_of
from venues.models import Scheme

from .base import CoverageAdmin, OnTheMap

HECTARE = 10_000
PRIORITY = ("is_priority", "buffer_metres", "reaches_outside")
OUTLINE_PRECISION = 20
"""Tolerance in metres for simplifying the outlines under the drawing."""


class DrawArea(Decision):
    """Drawn on a map, pasted, or united from official areas."""

    words = _("Draw an area")
    done = _("The area is drawn.")
    form = AreaForm
    route = "draw/"
    creates = True
    template = "admin/coverage/area.html"
    given = ("scheme", "name", "boundary", *PRIORITY)

    def form_kwargs(self, area, user):
        return {"user": user, "auto_id": "id_%s"}  # the map's script finds the fields by id

    def cleaned(self, form, area):
        return {name: form.cleaned_data[name] for name in self.given}

    def do(self, area, *, by, **given):
        return actions.draw_area(**given, by=by)

    def after(self, desk, area, outcome):
        return reverse("admin:coverage_drawnarea_changelist")

    def context(self, desk, request, area):
        return {
            "outlines": _outlines(request, area),
            "remove": desk.offers(request, area)["remove_area"] if area else None,
            "history": history_of(desk.events_of(area), request.user) if area else None,
        }


class RedrawArea(DrawArea):
    words = _("Redraw it")
    done = _("The area is changed.")
    action = actions.redraw_area
    route = "<int:pk>/redraw/"
    creates = False
    given = ("name", "boundary", *PRIORITY)

    def title(self, area):
        return area.name

    def form_kwargs(self, area, user):
        known = {"name": area.name, "geojson": json.dumps(geojson(area.boundary))}
        known |= {name: getattr(area, name) for name in PRIORITY}
        return {**super().form_kwargs(area, user), "area": area, "initial": known}

    def do(self, area, *, by, **given):
        return actions.redraw_area(area, **given, by=by)


class RemoveArea(Decision):
    words = _("Remove this area")
    press = _("Remove it")
    done = _("The area is removed.")
    action = actions.remove_area
    route = "<int:pk>/remove/"
    grave = True

    def after(self, desk, area, outcome):
        return reverse("admin:coverage_drawnarea_changelist")


@admin.register(DrawnArea)
class DrawnAreaAdmin(OnTheMap, CoverageAdmin):
    geometry = "boundary"
    list_display = [
        "name",
        "is_priority",
        "buffer_metres",
        "hectares",
        "drawn_at",
        "drawn_by",
        "scheme",
    ]
    list_filter = ["is_priority", ("scheme", SchemeFilter)]
    ordering = ["-is_priority", "name"]
    list_select_related = ["scheme", "drawn_by"]
    search_fields = ["name"]
    fields = ["name", "scheme", "drawn_at", "drawn_by"]
    change_form_template = "admin/coverage/shown_area.html"
    decisions = [DrawArea, RedrawArea, RemoveArea]

    @admin.display(description=_("hectares"))
    def hectares(self, area):
        return round(area.boundary.area / HECTARE, 1)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Editors get the map for redrawing; viewers see the area only."""
        area = self.get_object(request, object_id)
        if area is None or not self.may(request.user, "redraw_area", area):
            return super().change_view(request, object_id, form_url, extra_context)
        return self.decide(request, "redraw_area", area)

    def more_below(self, request, area):
        return {**super().more_below(request, area), "hectares": self.hectares(area)}


def _outlines(request, area):
    """The scheme's area and its wards, as a background for drawing."""
    schemes = Scheme.objects.for_officer(request.user)
    if area:
        schemes = schemes.filter(pk=area.scheme_id)
    return feature_collection(
        feature(_simpler(each.boundary), {"name": each.name, "kind": each.kind}, decimals=5)
        for each in wards_of(schemes).order_by("kind", "name")
    )


def _simpler(boundary: GEOSGeometry) -> GEOSGeometry:
    return boundary.simplify(OUTLINE_PRECISION, preserve_topology=True)
