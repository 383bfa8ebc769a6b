"""Officers' pages about modules: writing them and recording reviews."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.admin.base import events_of
from training.forms import ReviewForm
from training.models import Choice, Module, Question, Section
from training.rules import may, why_not_review


class PlacesFormSet(forms.BaseInlineFormSet):
    """Rows with a place each; new ones belong to the module's newest version."""

    def clean(self):
        super().clean()
        places = [
            form.cleaned_data["order"]
            for form in self.forms
            if form.cleaned_data.get("order") and not form.cleaned_data.get("DELETE")
        ]
        if len(places) != len(set(places)):
            raise ValidationError(_("Two of these have the same place."))

    def save_new(self, form, commit=True):
        if hasattr(form.instance, "version"):
            form.instance.version = self.instance.version
        return super().save_new(form, commit=commit)


class ChoicesFormSet(PlacesFormSet):
    def clean(self):
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        if not any(row.get("right") and not row.get("DELETE") for row in rows):
            raise ValidationError(_("At least one answer has to be right."))


class DraftOnly:
    """Content can be changed while its version awaits review, by its schemes' trainers."""

    def _may(self, action, request, module):
        permission = f"training.{action}_{self.opts.model_name}"
        if module is None:
            return request.user.has_perm(permission)
        return module.needs_review and may(request.user, permission, module)

    def has_add_permission(self, request, obj=None):
        return self._may("add", request, self.module_of(obj))

    def has_change_permission(self, request, obj=None):
        return self._may("change", request, self.module_of(obj))

    def has_delete_permission(self, request, obj=None):
        return self._may("delete", request, self.module_of(obj))

    def module_of(self, obj):
        return obj if obj is None or isinstance(obj, Module) else obj.module


class SectionInline(DraftOnly, admin.StackedInline):
    model = Section
    formset = PlacesFormSet
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version=F("module__version"))


class QuestionInline(DraftOnly, admin.TabularInline):
    model = Question
    formset = PlacesFormSet
    extra = 0
    show_change_link = True
    verbose_name_plural = gettext_lazy("Questions: open one to write its answers")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version=F("module__version"))


@admin.register(Module)
class ModuleAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "version", "reviewed_version", "reviewed_on"]
    list_filter = ["kind"]
    search_fields = ["title", "slug"]
    fields = [
        "title",
        "slug",
        "summary",
        "kind",
        "schemes",
        ("pass_mark", "minutes", "valid_months"),
        "version",
        ("reviewed_version", "reviewed_on"),
        ("reviewed_by_name", "reviewed_by_role", "review_recorded_by"),
    ]
    readonly_fields = [
        "version",
        "reviewed_version",
        "reviewed_on",
        "reviewed_by_name",
        "reviewed_by_role",
        "review_recorded_by",
    ]
    filter_horizontal = ["schemes"]
    inlines = [SectionInline, QuestionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).for_officer(request.user)

    def get_readonly_fields(self, request, obj=None):
        # A requirement names the module by its slug, so the slug stays as it began.
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return may(request.user, "training.change_module", obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "schemes":
            field.queryset = field.queryset.for_officer(request.user)
        return field

    def get_urls(self):
        name = self.admin_site.admin_view
        return [
            path("<int:pk>/read/", name(self.read), name="training_module_read"),
            path("<int:pk>/review/", name(self.review), name="review_module"),
            path("<int:pk>/new-version/", name(self.start_new_version), name="start_new_version"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        module = self.get_object(request, object_id)
        more = {}
        if module:
            user = request.user
            more = {
                "why_not_review": why_not_review(module),
                "review_form": ReviewForm(),
                "may_review": may(user, "training.review_module", module),
                "may_start": not module.needs_review
                and may(user, "training.change_module", module),
                "events": events_of(module),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @method_decorator(require_safe)
    def read(self, request, pk):
        """The newest version from end to end, with the answers: what a reviewer reads."""
        module = self._module(request, pk, "training.view_module")
        page = {
            "module": module,
            "sections": module.sections.of_version(module.version),
            "questions": module.questions.of_version(module.version).prefetch_related("choices"),
        }
        return render(request, "training/read_module.html", page)

    @method_decorator(require_POST)
    def review(self, request, pk):
        module = self._module(request, pk, "training.review_module")
        form = ReviewForm(request.POST)
        given = form.cleaned_data if form.is_valid() else {}
        with refusals_as_messages(request, _("The review is recorded.")):
            actions.review_module(
                module, by=request.user, name=given.get("name", ""), role=given.get("role", "")
            )
        return redirect("admin:training_module_change", pk)

    @method_decorator(require_POST)
    def start_new_version(self, request, pk):
        module = self._module(request, pk, "training.change_module")
        with refusals_as_messages(request, _("Here is a new version to write.")):
            actions.start_new_version(module, by=request.user)
        return redirect("admin:training_module_change", pk)

    def _module(self, request, pk, permission):
        module = get_object_or_404(self.get_queryset(request), pk=pk)
        if not may(request.user, permission, module):
            raise PermissionDenied
        return module


class ChoiceInline(DraftOnly, admin.TabularInline):
    model = Choice
    formset = ChoicesFormSet
    extra = 1


@admin.register(Question)
class QuestionAdmin(DraftOnly, admin.ModelAdmin):
    """One question with its answers; reached from its module."""

    fields = ["module", "order", "text"]
    readonly_fields = ["module"]
    inlines = [ChoiceInline]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(
                version=F("module__version"), module__in=Module.objects.for_officer(request.user)
            )
        )

    def get_model_perms(self, request):
        return {}  # not on the first page: one comes here from the module

    def has_add_permission(self, request, obj=None):
        return False

    def response_change(self, request, obj):
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        return HttpResponseRedirect(reverse("admin:training_module_change", args=[obj.module_id]))
