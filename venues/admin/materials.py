"""What a scheme hands out."""

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import Decision
from venues import actions
from venues.evidence_kinds import Part
from venues.forms.materials import MaterialForm
from venues.materials import (
    letters_just_written,
    organisations_with,
    places_with,
    why_not_raise,
)
from venues.models import Event, Material
from venues.roles import parts_of

from .base import OfficersAdmin, SchemeFilter

TOLD = ("venues.material_version_raised", "venues.material_version_taken_back")


class TakeBackVersion(Decision):
    words = _("Take the new version back")
    done = _("The letters were taken back before they left.")
    action = actions.take_back_version
    checks_version = False

    def possible(self, material, user):
        return letters_just_written(material, user, timezone.now()).exists()


class RaiseVersion(Decision):
    words = _("Tell those who have it: a new version")
    press = _("Write to them now")
    explains = _(
        "Save what changed first. Each person gets one letter, for all their places. The letters "
        "wait ten minutes, in which you can take them back."
    )
    action = actions.raise_version
    form = forms.Form  # Nothing to fill in, but the page says how many are told before the press.
    undo = TakeBackVersion

    def why_not(self, material):
        return why_not_raise(material, timezone.localdate())

    def effect(self, materials):
        today = timezone.localdate()
        return [
            _in_words(places_with(each, today).count() + organisations_with(each).count())
            for each in materials
        ]

    def said(self, material, letters):
        return ngettext(
            "%(count)s letter is written.", "%(count)s letters are written.", len(letters)
        ) % {"count": len(letters)}


def _in_words(count: int) -> str:
    words = ngettext(
        "%(count)s place or organisation has this now.",
        "%(count)s places and organisations have this now.",
        count,
    )
    return words % {"count": count}


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
    decisions = [RaiseVersion, TakeBackVersion]

    @admin.display(description=_("file"), boolean=True)
    def is_file(self, material):
        return bool(material.file)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Nothing about stickers where no scheme of the officer has them."""
        if db_field.name == "unlocked_from" and Part.STICKERS not in parts_of(request.user):
            approval = Material.UnlockedFrom.APPROVAL
            kwargs["choices"] = [(approval.value, approval.label)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

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
        return Event.objects.filter(scheme=material.scheme, kind__in=[self.changed, *TOLD])


def _delete_file(material):
    """On commit, so that a rollback cannot lose it."""
    storage, name = material.file.storage, material.file.name
    transaction.on_commit(lambda: storage.delete(name))
