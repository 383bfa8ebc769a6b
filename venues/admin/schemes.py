"""A scheme: its numbers, principles, switches and officers."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.admin import ListExport
from common.refusals import refusals_as_messages
from venues import actions
from venues.models import (
    Criterion,
    Event,
    Officer,
    Principle,
    Requirement,
    Scheme,
    SchemeContact,
    SignUp,
    Venue,
)
from venues.rules import missing_to_open

from .base import OfficersAdmin, OfficersInline, SchemeFilter


class ContactInline(OfficersInline):
    model = SchemeContact
    fields = ["kind", "name", "number", "when", "confirmed_by_name", "confirmed_on"]


class SchemeForm(forms.ModelForm):
    criteria = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Questions this scheme asks"),
        queryset=Criterion.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Scheme
        fields = ["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "criteria" in self.fields and self.instance.pk:
            self.fields["criteria"].initial = self.instance.criteria.all()


@admin.register(Scheme)
class SchemeAdmin(OfficersAdmin):
    form = SchemeForm
    list_display = ["name", "council", "opened_at", "hidden_at"]
    search_fields = ["name", "council"]
    inlines = [ContactInline]
    change_form_template = "admin/venues/scheme/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "slug", "council", "contact_email", "contact_phone", "about"]}),
        (
            gettext_lazy("What the public reads"),
            {"fields": ["what_to_say", "sticker_wording"]},
        ),
        (
            gettext_lazy("Times"),
            {
                "fields": [
                    "sticker_valid_months",
                    "training_valid_months",
                    "grace_days",
                    "hours_valid_days",
                    "earlier_records_valid_until",
                ]
            },
        ),
        (gettext_lazy("Questions"), {"fields": ["criteria"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        # Somebody who may only look is shown no form, and so none of its own fields.
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets[:-1]
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def has_add_permission(self, request, obj=None):
        """A new scheme is a new council's or a new partnership's: set up by whoever runs this."""
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return False

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "criteria" in form.changed_data:
            form.instance.criteria.set(form.cleaned_data["criteria"])

    def record(self, request, obj, what):
        Event.objects.record(
            "venues.scheme_changed", scheme=obj, by=request.user, what=what or str(obj)
        )

    def events_of(self, scheme):
        return Event.objects.filter(scheme=scheme, venue__isnull=True)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/open/", view(self.open_scheme), name="open_scheme"),
            path("<int:pk>/hide/", view(self.hide_scheme), name="hide_scheme"),
            path("<int:pk>/show/", view(self.show_scheme), name="show_scheme"),
            path("<int:pk>/hide-type/<slug:type>/", view(self.hide_type), name="hide_type"),
            path("<int:pk>/show-type/<slug:type>/", view(self.show_type), name="show_type"),
            *super().get_urls(),
        ]

    def more_below(self, request, scheme):
        listed = SignUp.objects.listed(timezone.localdate()).filter(scheme=scheme)
        kinds = [(kind.value, kind.label, kind.value in scheme.hidden_types) for kind in Venue.Type]
        return {
            **super().more_below(request, scheme),
            "scheme": scheme,
            "missing": missing_to_open(scheme),
            "listed": listed.count(),
            "kinds": kinds,
            "principles": scheme.principles.all(),
            "officers": scheme.officers.select_related("user"),
            **{
                f"may_{name}": request.user.has_perm(f"venues.{name}", scheme)
                for name in ("open_scheme", "hide_scheme", "hide_type", "give_role")
            },
            "add_officer_url": reverse("admin:venues_officer_add"),
            "add_principle_url": reverse("admin:venues_principle_add"),
        }

    @method_decorator(require_POST)
    def open_scheme(self, request, pk):
        scheme = self.own(request, pk, "open_scheme")
        with refusals_as_messages(request, _("The scheme is open.")):
            actions.open_scheme(scheme, by=request.user)
        return redirect("admin:venues_scheme_change", pk)

    @method_decorator(require_POST)
    def hide_scheme(self, request, pk):
        scheme = self.own(request, pk, "hide_scheme")
        with refusals_as_messages(request, _("The public sees no venue of this scheme now.")):
            actions.hide_scheme(scheme, by=request.user)
        return redirect("admin:venues_scheme_change", pk)

    @method_decorator(require_POST)
    def show_scheme(self, request, pk):
        scheme = self.own(request, pk, "show_scheme")
        with refusals_as_messages(request, _("The public sees the scheme’s venues again.")):
            actions.show_scheme(scheme, by=request.user)
        return redirect("admin:venues_scheme_change", pk)

    @method_decorator(require_POST)
    def hide_type(self, request, pk, type):
        scheme = self.own(request, pk, "hide_type")
        with refusals_as_messages(request, _("This kind of place is hidden now.")):
            actions.hide_type(scheme, type, by=request.user)
        return redirect("admin:venues_scheme_change", pk)

    @method_decorator(require_POST)
    def show_type(self, request, pk, type):
        scheme = self.own(request, pk, "show_type")
        with refusals_as_messages(request, _("This kind of place is shown again.")):
            actions.show_type(scheme, type, by=request.user)
        return redirect("admin:venues_scheme_change", pk)


class PrincipleForm(forms.ModelForm):
    """A change of words says whether it changes what a venue agreed to."""

    in_substance = forms.ChoiceField(
        label=gettext_lazy("If you changed title or wording: does it change what is asked?"),
        required=False,
        choices=[
            ("yes", gettext_lazy("It changes the substance: every venue is asked to agree again")),
            ("no", gettext_lazy("It says the same more clearly: what was agreed stays agreed")),
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


class RequirementInline(OfficersInline):
    model = Requirement
    scheme_path = "principle__scheme"
    fields = ["evidence", "needed_for", "at_least", "of_last", "unlists", "subject"]


@admin.register(Principle)
class PrincipleAdmin(OfficersAdmin):
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
            field.queryset = _administered(request.user)
        return field

    def has_delete_permission(self, request, obj=None):
        """Once a scheme is open, venues have agreed to its principles."""
        if obj is not None and obj.scheme.opened_at:
            return False
        return super().has_delete_permission(request, obj)

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

    def record(self, request, obj, what):
        Event.objects.record(
            "venues.scheme_changed", scheme=obj.scheme, by=request.user, what=what or str(obj)
        )

    def events_of(self, principle):
        return Event.objects.filter(
            kind="venues.wording_changed", about_id=principle.pk, scheme=principle.scheme_id
        )


class RoleForm(forms.ModelForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the officer"),
        help_text=gettext_lazy(
            "They sign in with a code sent to this address, and add an authenticator app."
        ),
    )

    class Meta:
        model = Officer
        fields = ["scheme", "role"]

    def clean(self):
        """The rule "one role a scheme" is the action's: a second one replaces the first."""
        return self.cleaned_data


@admin.register(Officer)
class OfficerAdmin(OfficersAdmin):
    """Who may do what in the administrator's own schemes."""

    form = RoleForm
    list_display = ["user", "email", "role", "scheme"]
    list_filter = ["role", ("scheme", SchemeFilter)]
    list_select_related = ["user", "scheme"]
    search_fields = ["user__email", "user__name"]

    @admin.display(description=gettext_lazy("e-mail address"), ordering="user__email")
    def email(self, officer):
        return officer.user.email

    def get_fields(self, request, obj=None):
        return ["scheme", "user", "role"] if obj else ["scheme", "email", "role"]

    def get_readonly_fields(self, request, obj=None):
        return ["scheme", "user"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            field.queryset = _administered(request.user)
        return field

    def save_model(self, request, obj, form, change):
        email = obj.user.email if change else form.cleaned_data["email"]
        with refusals_as_messages(request, _("The role is given.")):
            actions.give_role(obj.scheme, email=email, role=obj.role, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:venues_officer_changelist")

    def response_change(self, request, obj):
        return redirect("admin:venues_officer_changelist")

    def get_urls(self):
        view = self.admin_site.admin_view(self.take_role)
        return [path("<int:pk>/take-role/", view, name="take_role"), *super().get_urls()]

    def more_below(self, request, officer):
        buttons = []
        if request.user.has_perm("venues.take_role", officer):
            url = reverse("admin:take_role", args=[officer.pk])
            buttons = [(url, _("Take this role away"), "deletelink")]
        return {"history": None, "buttons": buttons}

    def has_delete_permission(self, request, obj=None):
        return False  # by the button, which keeps the last administrator

    @method_decorator(require_POST)
    def take_role(self, request, pk):
        officer = self.own(request, pk, "take_role")
        with refusals_as_messages(request, _("The role is taken away.")):
            actions.take_role(officer, by=request.user)
        return redirect("admin:venues_officer_changelist")


def _administered(user):
    """The schemes this person administers."""
    if user.is_superuser:
        return Scheme.objects.all()
    return Scheme.objects.filter(officers__user=user, officers__role=Officer.Role.ADMINISTRATOR)


@admin.register(Criterion)
class CriterionAdmin(ListExport):
    """Questions all schemes share; so whoever runs the installation words them."""

    list_display = ["question", "about", "theme", "order"]
    list_filter = ["about", "theme"]
    filter_horizontal = ["schemes"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
