"""Schemes: numbers, principles, switches and officers."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common.admin import Decision, ListExport, officers_page
from common.refusals import refusals_as_messages
from venues import actions
from venues.checklist import checklist
from venues.evidence_kinds import Stage, evidence_choices, evidence_kinds, find_kind
from venues.forms.opening import areas_for_a_scheme
from venues.models import (
    ContactKind,
    Criterion,
    Event,
    Officer,
    Principle,
    Requirement,
    Scheme,
    SchemeCheck,
    SchemeContact,
    SignUp,
    Theme,
    Venue,
)
from venues.packs import export_scheme
from venues.rules import (
    missing_to_open,
    returns_after_change,
    returns_in_words,
    venues_outside,
)

from .base import OfficersAdmin, OfficersInline, SchemeFilter
from .effects import ShowsEffects
from .look import ChangeLook
from .opening import BEFORE_IT_OPENS, ENDS


class ContactInline(OfficersInline):
    model = SchemeContact
    fields = ["kind", "name", "number", "when", "confirmed_by_name", "confirmed_on"]

    def get_formset(self, request, obj=None, **kwargs):
        self.scheme = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.queryset = ContactKind.objects.filter(scheme=self.scheme)
        return field


class ContactKindInline(OfficersInline):
    model = ContactKind
    fields = ["words", "slug", "order", "is_needed"]


class CheckInline(OfficersInline):
    model = SchemeCheck
    fields = ["words", "slug", "order", "is_needed"]


MOST_NAMED = 5


class SchemeForm(forms.ModelForm):
    criteria = forms.ModelMultipleChoiceField(
        label=_("Questions this scheme asks"),
        queryset=Criterion.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Scheme
        fields = ["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "area" in self.fields:
            self.fields["area"].queryset = areas_for_a_scheme(self.instance.area_id)
            self.fields["area"].help_text = _(
                "A district, a county or an area of its own. Coverage and the finder’s local "
                "numbers need it. “import_areas” brings boundaries in."
            )
        if "criteria" in self.fields and self.instance.pk:
            own = Q(scheme=None) | Q(scheme=self.instance)
            self.fields["criteria"].queryset = Criterion.objects.filter(own)
            self.fields["criteria"].initial = self.instance.criteria.all()

        if "returns_every" in self.fields:
            self.fields["returns_every"].help_text = returns_in_words(self.instance)

    def clean(self):
        """A new cadence of returns takes effect on a day when a period of either cadence begins."""
        every = self.cleaned_data.get("returns_every")
        if self.instance.pk and every and every != self.instance.returns_every:
            self.instance.returns_earlier = returns_after_change(self.instance, every)
        return self.cleaned_data

    def clean_area(self):
        """An area that excludes places of the scheme is the wrong one, or an old boundary."""
        area = self.cleaned_data["area"]
        if area is None or area.pk == self.instance.area_id:
            return area
        outside = venues_outside(self.instance, area)
        if outside:
            words = ngettext(
                "This area does not cover %(count)s place of the scheme: %(names)s.",
                "This area does not cover %(count)s places of the scheme: %(names)s.",
                len(outside),
            )
            names = [str(each) for each in outside[:MOST_NAMED]]
            names += ["…"] if len(outside) > MOST_NAMED else []
            raise ValidationError(words % {"count": len(outside), "names": ", ".join(names)})
        return area


class OpenScheme(Decision):
    words = _("Open the scheme")
    done = _("The scheme is open.")
    action = actions.open_scheme

    def possible(self, scheme, user):
        return scheme.opened_at is None

    def why_not(self, scheme):
        return missing_to_open(scheme)


class HideScheme(Decision):
    words = _("Hide the whole scheme")
    done = _("The public sees no venue of this scheme now.")
    action = actions.hide_scheme
    grave = True

    def possible(self, scheme, user):
        return scheme.hidden_at is None

    def effect(self, schemes):
        return [_listed(scheme) for scheme in schemes]


class ShowScheme(Decision):
    words = _("Show the scheme again")
    done = _("The public sees the scheme’s venues again.")
    action = actions.show_scheme

    def possible(self, scheme, user):
        return scheme.hidden_at is not None and scheme.closed_at is None


class HideType(Decision):
    words = _("Hide a kind of place")
    done = _("This kind of place is hidden now.")
    action = actions.hide_type
    route = "<int:pk>/hide-type/<slug:type>/"
    checks_version = False  # each venue type is decided independently

    def do(self, scheme, *, by, type):
        return actions.hide_type(scheme, type, by=by)


class ShowType(HideType):
    words = _("Show a kind of place")
    done = _("This kind of place is shown again.")
    route = "<int:pk>/show-type/<slug:type>/"

    def do(self, scheme, *, by, type):
        return actions.show_type(scheme, type, by=by)


def _listed(scheme) -> str:
    """How many venues hiding would unlist, in words."""
    listed = SignUp.objects.listed(timezone.localdate()).filter(scheme=scheme).count()
    return ngettext(
        "The public finds %(listed)s venue of this scheme. Hiding takes it off every public page "
        "at once; sign-ups and stickers stay as they are.",
        "The public finds %(listed)s venues of this scheme. Hiding takes them off every public "
        "page at once; sign-ups and stickers stay as they are.",
        listed,
    ) % {"listed": listed}


@admin.register(Scheme)
class SchemeAdmin(ShowsEffects, OfficersAdmin):
    by_form = (
        "add",
        "change",
    )
    form = SchemeForm
    list_display = ["name", "council", "opened_at", "hidden_at"]
    search_fields = ["name", "council"]
    inlines = [ContactKindInline, ContactInline, CheckInline]
    decisions = [
        *BEFORE_IT_OPENS,
        ChangeLook,
        OpenScheme,
        HideScheme,
        ShowScheme,
        HideType,
        ShowType,
        *ENDS,
    ]
    change_form_template = "admin/venues/scheme/change_form.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "council",
                    "area",
                    "contact_email",
                    "contact_phone",
                ]
            },
        ),
        (
            _("Times"),
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
        (
            _("What this scheme has"),
            {
                "description": _(
                    "A scheme without meetings, returns, stickers or training shows no trace of "
                    "them. Where a principle requires stickers or training, the scheme has them."
                ),
                "fields": [
                    "meetings_every",
                    "returns_every",
                    "offers_stickers",
                    "offers_training",
                ],
            },
        ),
        (_("Questions"), {"fields": ["criteria"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        # A view-only user gets no form, and so none of its extra fields.
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets[:-1]
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "returns_every" in form.changed_data and obj.has_returns:
            messages.info(request, _("Returns. %(when)s") % {"when": returns_in_words(obj)})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "criteria" in form.changed_data:
            form.instance.criteria.set(form.cleaned_data["criteria"])

    def scheme_of(self, scheme):
        return scheme

    @officers_page("<int:pk>/checklist/", name="scheme_checklist", permission="view_scheme")
    def checklist_page(self, request, scheme):
        """What is left before the scheme can open, each line with a link."""
        page = self.page(
            request,
            title=_("Before it opens: %(scheme)s") % {"scheme": scheme},
            subtitle=None,
            original=scheme,
            scheme=scheme,
            lines=checklist(scheme),
        )
        return render(request, "admin/venues/scheme/checklist.html", page)

    @officers_page("<int:pk>/export/", name="export_scheme", permission="export_scheme")
    def export_page(self, request, scheme):
        """Download the scheme as a pack."""
        answer = HttpResponse(export_scheme(scheme), content_type="application/toml")
        answer["Content-Disposition"] = f'attachment; filename="{scheme.slug}.toml"'
        return answer

    def record(self, request, obj, what):
        Event.objects.record(
            "venues.scheme_changed", scheme=obj, by=request.user, what=what or str(obj)
        )

    def events_of(self, scheme):
        return Event.objects.filter(scheme=scheme, venue__isnull=True)

    def more_below(self, request, scheme):
        kinds = [(kind.value, kind.label, kind.value in scheme.hidden_types) for kind in Venue.Type]
        return {
            **super().more_below(request, scheme),
            "scheme": scheme,
            "kinds": kinds,
            "missing": missing_to_open(scheme),
            "may_export": self.may(request.user, "export_scheme", scheme),
            "listed": _listed(scheme),
            "principles": scheme.principles.all(),
            "officers": scheme.officers.select_related("user"),
            **{f"may_{name}": self.may(request.user, name, scheme) for name in PLACED},
            "add_officer_url": reverse("admin:venues_officer_add"),
            "add_principle_url": reverse("admin:venues_principle_add"),
        }


PLACED = ("open_scheme", "hide_type", "give_role")
"""What the scheme's page offers in its own places."""


class PrincipleForm(forms.ModelForm):
    """Editing the wording requires saying whether the change is substantive."""

    in_substance = forms.ChoiceField(
        label=_("If you changed title or wording: does it change what is asked?"),
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

    def scheme_of(self, principle):
        return principle.scheme

    def save_formset(self, request, form, formset, change):
        """Requirements are saved through the action, which sets from when each counts."""
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


class RoleForm(forms.ModelForm):
    email = forms.EmailField(
        label=_("E-mail address of the officer"),
        help_text=_("They sign in with a code sent to this address, and add an authenticator app."),
    )

    class Meta:
        model = Officer
        fields = ["scheme", "role"]

    def clean(self):
        """Skip the unique check: the action enforces one role per scheme by replacing the first."""
        return self.cleaned_data


class TakeRole(Decision):
    words = _("Take this role away")
    done = _("The role is taken away.")
    action = actions.take_role
    goes_to = "list"
    grave = True


@admin.register(Officer)
class OfficerAdmin(OfficersAdmin):
    """Officers and their roles, in the schemes the user administers."""

    form = RoleForm
    list_display = ["user", "email", "role", "scheme"]
    list_filter = ["role", ("scheme", SchemeFilter)]
    list_select_related = ["user", "scheme"]
    search_fields = ["user__email", "user__name"]
    decisions = [TakeRole]

    @admin.display(description=_("e-mail address"), ordering="user__email")
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

    def more_below(self, request, officer):
        return {**super().more_below(request, officer), "history": None}

    def has_delete_permission(self, request, obj=None):
        return False  # removed by a button instead, which protects the last administrator


def _administered(user):
    """The schemes this user administers."""
    if user.is_superuser:
        return Scheme.objects.all()
    return Scheme.objects.filter(officers__user=user, officers__role=Officer.Role.ADMINISTRATOR)


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
        own = _administered(self.user)
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
