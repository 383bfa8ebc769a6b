"""Imported geography, read-only, for whoever runs the installation. Import files to change it."""

from django.contrib import admin
from django.db.models import Q

from .models import Area, BasePoint, PlaceName, PopulationBase, PopulationPoint, Postcode
from .rules import normalise_postcode


class Imported(admin.ModelAdmin):
    """Read-only and without shapes: the admin's own map would fetch tiles from outside."""

    exclude = ["boundary", "point"]
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Area)
class AreaAdmin(Imported):
    list_display = ["name", "code", "kind", "vintage", "parent_name"]
    list_filter = ["kind", "vintage"]
    search_fields = ["search_name__startswith", "code__exact"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("boundary")


@admin.register(Postcode)
class PostcodeAdmin(Imported):
    list_display = ["postcode", "quality", "in_use", "ended_on", "source"]
    search_fields = ["postcode"]

    def get_search_results(self, request, queryset, search_term):
        """The admin would look for the two halves of a postcode one by one, without the index."""
        if term := search_term.strip().upper():
            queryset = queryset.filter(
                Q(postcode=normalise_postcode(term) or term) | Q(outward=term)
            )
        return queryset, False


@admin.register(PlaceName)
class PlaceNameAdmin(Imported):
    list_display = ["name", "kind", "town", "district", "county", "source"]
    list_filter = ["kind"]
    search_fields = ["key__startswith", "reference__exact"]


@admin.register(PopulationPoint)
class PopulationPointAdmin(Imported):
    list_display = ["code", "name", "vintage", "people", "imd_decile", "district_code"]
    list_filter = ["kind", "vintage", "imd_decile"]
    search_fields = ["code__exact", "district_code__exact"]


@admin.register(PopulationBase)
class PopulationBaseAdmin(Imported):
    list_display = ["name", "unit", "year", "licence", "source", "imported_at"]


@admin.register(BasePoint)
class BasePointAdmin(Imported):
    list_display = ["code", "name", "people", "base"]
    list_filter = ["base"]
    list_select_related = ["base"]
    search_fields = ["code__exact", "name__startswith"]
