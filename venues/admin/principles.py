"""Principles and what each requires."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from common.refusals import refusals_as_messages
from venues import actions
from venues.evidence_kinds import Stage, evidence_choices, evidence_kinds, find_kind
from venues.models import (
    Event,
    Principle,
    Requirement,
    Scheme,
)
from venues.rules import why_principle_stays

from .base import OfficersAdmin, OfficersInline, SchemeFilter, administered
from .effects import ShowsEffects


class PrincipleForm(forms.ModelForm):
    """Editing the wording requires saying whether the change is substantive."""

    in_substance = forms.ChoiceField(
        label=_("If you changed the title or wording: does it change what is asked?"),
        required=False,
        choices=[
            ("yes", _("It changes the substance: every venue is asked to agree again")),
            ("no", _("It says the same more clearly: what was agreed stays agreed")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Principle
        fields = ["title", "wording"]

    def clean(self):
        changed = {"title", "wording"} & set(self.changed_data)
        if self.instance.pk and changed and not self.cleaned_data.get("in_substance"):
            self.add_error("in_substance", _("Say whether this changes the substance."))
        return self.cleaned_data


class RequirementForm(forms.ModelForm):
    """The subject is a choice from those of the evidence kind: a misspelt one would prove
    nothing.
    """

    subject = forms.ChoiceField(
        label=_("Subject"), required=False, help_text=_("For training: which module.")
    )

    class Meta:
        model = Requirement
        fields = ["evidence", "needed_for", "at_least", "of_last", "unlists", "subject"]

    scheme: Scheme | None = None  # set by the inline

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = dict(evidence_choices())
        groups = [
            (words[kind.key], kind.subjects(self.scheme))
            for kind in evidence_kinds()
            if kind.subjects
        ]
        known = {value for __, subjects in groups for value, __ in subjects}
        stored = self.instance.subject
        if stored and stored not in known:
            groups.append((_("Not known"), [(stored, stored)]))
        self.fields["subject"].choices = [("", "—"), *groups]

    def clean(self):
        super().clean()
        if self.scheme is not None and self.scheme.is_for_organisations and self.has_changed():
            raise ValidationError(
                _("Organisations sign up to this scheme as a whole: no place proves anything.")
            )
        kind = find_kind(self.cleaned_data.get("evidence", ""))
        if kind is None or not {"subject", "evidence", "needed_for"} & set(self.changed_data):
            return self.cleaned_data
        known = [value for value, __ in kind.subjects(self.scheme)] if kind.subjects else [""]
        if self.cleaned_data.get("subject", "") not in known:
            words = _("Choose what it is about.") if kind.subjects else _("It has no subject.")
            self.add_error("subject", words)
        if kind.only_for_standing and self.cleaned_data.get("needed_for") != Stage.STANDING:
            self.add_error(
                "needed_for", _("There is no sticker before that: choose “staying listed”.")
            )
        return self.cleaned_data


class RequirementInline(OfficersInline):
    model = Requirement
    form = RequirementForm
    scheme_path = "principle__scheme"
    fields = ["evidence", "needed_for", "at_least", "of_last", "unlists", "subject"]

    def get_formset(self, request, obj=None, **kwargs):
        form = type("RequirementForm", (RequirementForm,), {"scheme": obj and obj.scheme})
        return super().get_formset(request, obj, form=form, **kwargs)


@admin.register(Principle)
class PrincipleAdmin(ShowsEffects, OfficersAdmin):
    form = PrincipleForm
    list_display = ["title", "order", "version", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    ordering = ["scheme", "order"]
    search_fields = ["title"]
    inlines = [RequirementInline]

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["scheme", "order", "title", "wording", "help_text"]
        words = ["title", "wording"]
        if self.has_change_permission(request, obj):
            words.append("in_substance")
        return ["scheme", "version", *words, "order", "help_text"]

    def get_readonly_fields(self, request, obj=None):
        return ["scheme", "version"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            field.queryset = administered(request.user)
        return field

    def has_delete_permission(self, request, obj=None):
        """The button is not offered for what people agreed to; `delete_view` says why."""
        if obj is not None and why_principle_stays(obj):
            return False
        return super().has_delete_permission(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """A page opened before somebody agreed gets the reason instead of a bare refusal."""
        principle = self.get_object(request, object_id)
        may = principle is not None and super().has_delete_permission(request, principle)
        if may and (why := why_principle_stays(principle)):
            messages.error(request, why)
            return redirect("admin:venues_principle_change", principle.pk)
        with refusals_as_messages(request):
            return super().delete_view(request, object_id, extra_context)
        return redirect("admin:venues_principle_change", object_id)

    def log_deletions(self, request, queryset):
        """Does nothing: the action records its own event."""

    def delete_model(self, request, obj):
        actions.remove_principle(obj, by=request.user)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.save()
            return
        words = {"title", "wording"} & set(form.changed_data)
        others = [name for name in ("order", "help_text") if name in form.changed_data]
        if others:
            obj.save(update_fields=others)
        if words:
            with refusals_as_messages(request, _("The wording is changed.")):
                actions.change_wording(
                    obj,
                    title=form.cleaned_data["title"],
                    wording=form.cleaned_data["wording"],
                    in_substance=form.cleaned_data["in_substance"] == "yes",
                    by=request.user,
                )

    def scheme_of(self, principle):
        return principle.scheme

    def save_formset(self, request, form, formset, change):
        """Save requirements through the action, which sets when each starts to count."""
        for requirement in formset.save(commit=False):
            actions.save_requirement(requirement, by=request.user)
        for requirement in formset.deleted_objects:
            actions.remove_requirement(requirement, by=request.user)

    def record(self, request, obj, what):
        Event.objects.record(
            "venues.scheme_changed", scheme=obj.scheme, by=request.user, what=what or str(obj)
        )

    def events_of(self, principle):
        return Event.objects.filter(
            kind="venues.wording_changed", about_id=principle.pk, scheme=principle.scheme_id
        )
