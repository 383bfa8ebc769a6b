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

from common.admin import Decision, officers_page
from common.refusals import refusals_as_messages
from venues import actions
from venues.checklist import checklist
from venues.forms.opening import areas_for_a_scheme
from venues.models import (
    Clearance,
    ContactKind,
    Criterion,
    Event,
    Scheme,
    SchemeCheck,
    SchemeContact,
    SignUp,
    Venue,
)
from venues.models.schemes import OFFER_CHOICES
from venues.packs import export_scheme
from venues.rules import (
    missing_to_open,
    returns_after_change,
    returns_in_words,
    venues_outside,
    why_agrees_stays,
)

from .base import OfficersAdmin, OfficersInline
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


class ClearanceInline(OfficersInline):
    model = Clearance
    fields = ["kind", "owner", "what", "slug", "shown", "website"]


MOST_NAMED = 5


class SchemeForm(forms.ModelForm):
    criteria = forms.ModelMultipleChoiceField(
        label=_("Questions this scheme asks"),
        queryset=Criterion.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    offers_asked = forms.MultipleChoiceField(
        label=_("What its places are asked whether they offer it"),
        choices=OFFER_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Shown on the pages and cards of places that do."),
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

    def clean_agrees(self):
        """Refuse a change of who signs up once somebody has, or once places have requirements."""
        agrees = self.cleaned_data["agrees"]
        if self.instance.pk and (why := why_agrees_stays(self.instance, agrees)):
            raise ValidationError(why)
        return agrees

    def clean_area(self):
        """Refuse an area that excludes places of the scheme: it is the wrong one, or an old
        boundary.
        """
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
    inlines = [ContactKindInline, ContactInline, CheckInline, ClearanceInline]
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
                    "agrees",
                    "meetings_every",
                    "returns_every",
                    "offers_stickers",
                    "offers_training",
                    "offers_card",
                ],
            },
        ),
        (_("Questions"), {"fields": ["criteria", "offers_asked"]}),
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
        before = Scheme.objects.select_related("area").filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before and before.area_id != obj.area_id:
            actions.take_area(obj, before.area, by=request.user)
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
        pack = None
        with refusals_as_messages(request):
            pack = export_scheme(scheme)
        if pack is None:
            return redirect("admin:venues_scheme_change", scheme.pk)
        answer = HttpResponse(pack, content_type="application/toml")
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
"""Decisions that the scheme's page offers in its own positions."""
