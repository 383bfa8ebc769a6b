"""What a scheme hands out."""

from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from venues.forms.materials import MaterialForm
from venues.models import Event, Material

from .base import OfficersAdmin, SchemeFilter


@admin.register(Material)
class MaterialAdmin(OfficersAdmin):
    form = MaterialForm
    list_display = ["title", "for_whom", "unlocked_from", "made", "version", "scheme", "is_file"]
    list_filter = ["for_whom", "made", ("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["title"]
    ordering = ["scheme", "order", "pk"]
    scheme_permission = "venues.add_material"
    changed = "venues.scheme_changed"

    @admin.display(description=_("file"), boolean=True)
    def is_file(self, material):
        return bool(material.file)

    def get_readonly_fields(self, request, obj=None):
        return ["scheme"] if obj else []

    def save_model(self, request, obj, form, change):
        before = Material.objects.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before and before.file and before.file != obj.file:
            _delete_file(before)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        if obj.file:
            _delete_file(obj)

    def events_of(self, material):
        return Event.objects.filter(scheme=material.scheme, kind=self.changed)


def _delete_file(material):
    """On commit, so that a rollback cannot lose it."""
    storage, name = material.file.storage, material.file.name
    transaction.on_commit(lambda: storage.delete(name))
