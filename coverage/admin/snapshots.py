"""Coverage by quarter: the record, and whether recomputing still gives the same figures."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from coverage.models import Snapshot
from coverage.snapshots import compared
from venues.admin.base import SchemeFilter

from .base import CoverageAdmin


@admin.register(Snapshot)
class SnapshotAdmin(CoverageAdmin):
    list_display = ["__str__", "scheme", "percent", "covered", "people", "venues", "kept_at"]
    list_filter = [("scheme", SchemeFilter), "year"]
    list_select_related = ["scheme"]
    fields = ["scheme", "year", "quarter", "kept_at"]
    change_form_template = "admin/coverage/snapshot.html"

    @admin.display(description=gettext_lazy("per cent covered, hours left aside"))
    def percent(self, snapshot):
        return round(snapshot.share * 100, 1)

    @admin.display(description=gettext_lazy("people covered"))
    def covered(self, snapshot):
        return snapshot.figures["covered"]

    @admin.display(description=gettext_lazy("people"))
    def people(self, snapshot):
        return snapshot.figures["people"]

    @admin.display(description=gettext_lazy("venues"))
    def venues(self, snapshot):
        return snapshot.figures["venues"]

    def more_below(self, request, snapshot):
        return {**super().more_below(request, snapshot), **compared(snapshot)}
