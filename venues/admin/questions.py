"""Questions about a venue or an organisation, and their headings."""

from django import forms
from django.contrib import admin
from django.db.models import Q

from accounts.models import User
from common.admin import ListExport
from venues.models import (
    Criterion,
    Event,
    Scheme,
    Theme,
)

from .base import administered


@admin.register(Theme)
class ThemeAdmin(ListExport):
    """Question headings. Shared by all schemes, so only installation administrators edit them."""

    list_display = ["title", "slug", "order"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return request.user.is_superuser


class CriterionForm(forms.ModelForm):
    """A scheme's administrator edits its own questions; shared ones belong to the installation."""

    user: User | None = None  # set by the admin

    class Meta:
        model = Criterion
        fields = ["scheme"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = administered(self.user)
        if "scheme" in self.fields:
            self.fields["scheme"].queryset = own
            self.fields["scheme"].required = not self.user.is_superuser
        if "depends_on" in self.fields:
            shown = Q(scheme=None) | Q(scheme__in=own)
            choices = Criterion.objects.filter(shown, answer_kind__in=["yes", "choice"])
            self.fields["depends_on"].queryset = choices.exclude(pk=self.instance.pk)


@admin.register(Criterion)
class CriterionAdmin(ListExport):
    """Questions: shared ones and each scheme's own."""

    form = CriterionForm
    list_display = ["question", "about", "theme", "answer_kind", "order", "scheme"]
    list_filter = ["about", "theme"]
    list_select_related = ["scheme"]
    search_fields = ["question", "slug"]
    ordering = ["theme", "order"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        mine = Scheme.objects.for_officer(request.user)
        return rows.filter(Q(scheme__in=mine) | Q(scheme=None, schemes__in=mine)).distinct()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = type("CriterionForm", (CriterionForm,), {"user": request.user})
        return super().get_form(request, obj, change=change, **{**kwargs, "form": form})

    def get_fields(self, request, obj=None):
        fields = ["scheme", "slug", "about", "theme", "order", "question", "hint"]
        fields += ["answer_kind", "choices", "depends_on", "depends_value"]
        return [*fields, "schemes"] if request.user.is_superuser else fields

    def get_readonly_fields(self, request, obj=None):
        return ["scheme", "slug", "about"] if obj else []

    def has_module_permission(self, request):
        return self.has_add_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("venues.view_criterion")

    def has_add_permission(self, request):
        return request.user.has_perm("venues.add_criterion")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("venues.change_criterion", obj)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("venues.delete_criterion", obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.scheme_id:  # a scheme's own question is asked only by that scheme
            form.instance.schemes.set([form.instance.scheme])

    def log_addition(self, request, obj, message):
        self._record(request, obj)

    def log_change(self, request, obj, message):
        self._record(request, obj)

    def _record(self, request, obj):
        if obj.scheme:
            Event.objects.record(
                "venues.scheme_changed", scheme=obj.scheme, by=request.user, what=str(obj)
            )
