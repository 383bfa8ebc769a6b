"""Officers' pages about modules: editing them and recording reviews."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.forms import CheckboxSelectMultiple, Script
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, ListExport, officers_page
from common.storage import no_orphans
from geography.models import Area
from training import actions
from training.admin.module_parts import (
    FactInline,
    OutlineInline,
    PaperInline,
    PictureInline,
    QuestionInline,
    SectionInline,
)
from training.forms import ModuleForm, ReviewForm
from training.models import Module, Picture
from training.papers import FOR_TEAMS, kinds_of, paper_or_404
from training.prose import section_html
from training.rules import (
    may,
    may_copy_for,
    what_refresher_changes,
    why_no_refresher,
    why_not_review,
)
from training.views.papers import paper_as_file
from venues.admin.base import events_about, lines_of
from venues.evidence_kinds import Part
from venues.models import Event, Scheme, SignUp
from venues.roles import parts_of

MOST_SECTIONS = 100
WHILE_WRITING = {"permission": "change_module", "methods": ("POST",)}
REVIEWED = ["completed_by", "pass_mark"]
"""Fields that a review covers besides the text."""


class ModuleDecision(Decision):
    def may(self, user, module):
        return may(user, self.permission, module)


class ReviewModule(ModuleDecision):
    """Record a review. If it calls for a refresher, show the effect first."""

    words = _("Record the review")
    explains = _(
        "Until its review is recorded, a version is shown to nobody and counts for nothing. Once "
        "it is, its text stays as it is."
    )
    done = _("The review is recorded.")
    action = actions.review_module
    form = ReviewForm
    route = "<int:pk>/review/"
    confirm_template = "admin/training/module/confirm_refresher.html"

    def form_kwargs(self, module, user):
        return {"module": module}

    def cleaned(self, form, module):
        return {
            "name": form.cleaned_data["name"],
            "role": form.cleaned_data["role"],
            "refresher_by": form.cleaned_data.get("refresher_by"),
        }

    def why_not(self, module):
        return why_not_review(module, timezone.now())

    def must_confirm(self, module, given):
        return bool(given["refresher_by"])

    def confirm_context(self, desk, request, module, given):
        day, today = given["refresher_by"], timezone.localdate()
        shortened = what_refresher_changes(module, day, today)
        mine = set(SignUp.objects.for_officer(request.user).values_list("pk", flat=True))
        own = [each for each in shortened if each.sign_up.pk in mine]
        return {
            "title": _("A refresher: what it changes"),
            "module": module,
            "day": day,
            "reasons": [*self.why_not(module), *why_no_refresher(module, day, today)],
            "shortened": own,
            "others": len(shortened) - len(own),
        }


class StartNewVersion(ModuleDecision):
    words = _("Start a new version")
    explains = _(
        "To change the text, start a new version. People go on with the reviewed one until the new "
        "one is reviewed."
    )
    done = _("Here is a new version to write.")
    action = actions.start_new_version
    permission = "change_module"
    route = "<int:pk>/new-version/"

    def possible(self, module, user):
        return not module.needs_review


class CopyForm(forms.Form):
    """Choose one of the schemes that have no copy yet."""

    scheme = forms.ModelChoiceField(label=_("For the scheme"), queryset=Scheme.objects.none())

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        self.schemes = schemes
        self.fields["scheme"].queryset = Scheme.objects.filter(pk__in=[one.pk for one in schemes])
        if len(schemes) == 1:
            self.initial["scheme"] = schemes[0].pk


class CopyModule(ModuleDecision):
    """Copy a shared module so that a council can write its own version."""

    words = _("Make a copy for your scheme")
    explains = _(
        "All schemes share this module, so only whoever runs the installation changes it. Your "
        "scheme can work on a copy of its own."
    )
    done = _(
        "This is your scheme’s own copy. Change it, have it reviewed, and name it in the scheme’s "
        "requirement for training."
    )
    form = CopyForm
    route = "<int:pk>/copy/"
    checks_version = False  # the copy has its own row
    permission = "change_module"

    def may(self, user, module):
        return user.has_perm(self.permission)  # the form asks which scheme

    def possible(self, module, user):
        return bool(may_copy_for(user, module))

    def form_for(self, module, user, data=None, files=None):
        """Offer only the officer's own schemes, so that nobody makes a copy for another council."""
        schemes = may_copy_for(user, module)
        if data is not None and data.get("scheme", "") not in {str(each.pk) for each in schemes}:
            raise PermissionDenied
        return self.form(data, schemes=schemes)

    def do(self, module, *, by, scheme):
        return actions.copy_module(module, scheme, by=by)

    def after(self, desk, module, copy):
        return self.back(desk, copy)


@admin.register(Module)
class ModuleAdmin(ListExport):
    form = ModuleForm
    list_display = [
        "title",
        "kind",
        "level",
        "completed_by",
        "minutes",
        "version",
        "reviewed_version",
        "reviewed_on",
    ]
    list_filter = ["kind", "level", "completed_by"]
    search_fields = ["title", "slug", "audience"]
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "slug",
                    "summary",
                    "aims",
                    "audience",
                    "level",
                    "kind",
                    "completed_by",
                    ("pass_mark", "minutes", "valid_months"),
                    "prerequisites",
                ]
            },
        ),
        (
            _("Whom it is offered to"),
            {"fields": ["schemes", "for_types", "for_sectors"], "classes": ["collapse"]},
        ),
        (
            _("Whom it is suggested to, with the reason"),
            {
                "fields": [
                    "suggested_at_night",
                    "suggested_types",
                    "suggested_sectors",
                    "suggested_served",
                    "suggested_areas",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            _("Version and review"),
            {
                "fields": [
                    "version",
                    ("reviewed_version", "reviewed_on"),
                    ("reviewed_by_name", "reviewed_by_role", "review_recorded_by"),
                ]
            },
        ),
    ]
    readonly_fields = [
        "version",
        "reviewed_version",
        "reviewed_on",
        "reviewed_by_name",
        "reviewed_by_role",
        "review_recorded_by",
    ]
    inlines = [
        SectionInline,
        QuestionInline,
        PictureInline,
        PaperInline,
        OutlineInline,
        FactInline,
    ]
    decisions = [ReviewModule, StartNewVersion, CopyModule]

    class Media:
        js = [Script("js/section_preview.js", type="module")]

    def has_module_permission(self, request):
        return super().has_module_permission(request) and Part.TRAINING in parts_of(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).for_officer(request.user)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return self.readonly_fields
        # Requirements refer to the module by slug, so it can only be set when the module is added.
        fixed = [*self.readonly_fields, "slug"]
        if obj.is_changed_by_versions:
            fixed += REVIEWED
        return fixed

    def get_changeform_initial_data(self, request):
        """Default to the officer's schemes; sharing with every scheme has to be chosen."""
        initial = super().get_changeform_initial_data(request)
        return {"schemes": Scheme.objects.for_officer(request.user), **initial}

    def get_fieldsets(self, request, obj=None):
        """Show reviewed fields read-only; a draft version has its own beside them."""
        if obj is None or not obj.is_changed_by_versions:
            return self.fieldsets
        (title, about), *others = self.fieldsets
        words = _(
            "Title, aims and length can be put right at any time. What completes the training and "
            "its pass mark belong to a version: people go on with the reviewed ones until the new "
            "version is reviewed."
        )
        if obj.needs_review:
            place = about["fields"].index("prerequisites")
            new = [("next_completed_by", "next_pass_mark")]
            fields = [*about["fields"][:place], *new, *about["fields"][place:]]
        else:
            fields = about["fields"]
        return [(title, {**about, "fields": fields, "description": words}), *others]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []  # the details first, then the text

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return may(request.user, "training.change_module", obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.many_to_many:
            field.widget.can_add_related = False
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        ticks = CheckboxSelectMultiple()
        field = super().formfield_for_manytomany(db_field, request, widget=ticks, **kwargs)
        mine = Scheme.objects.for_officer(request.user)
        if db_field.name == "schemes":
            # Only superusers share a module with every scheme.
            field.required = not request.user.is_superuser
        if db_field.name == "suggested_areas":
            # Only the scheme's areas: thousands of others are stored.
            area = Q(pk__in=mine.values("area")) | Q(
                parent_code__in=mine.filter(area__isnull=False).values("area__code"),
                kind=Area.Kind.WARD,
            )
            field.queryset = Area.objects.filter(area).defer("boundary").order_by("kind", "name")
        else:
            field.queryset = field.queryset.for_officer(request.user)
        return field

    def log_change(self, request, obj, message):
        Event.objects.record("training.module_changed", by=request.user, about=obj)

    def log_addition(self, request, obj, message):
        Event.objects.record(
            "training.version_started", by=request.user, about=obj, version=obj.version
        )

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:training_module_change", obj.pk)

    def changeform_view(self, *args, **kwargs):
        with no_orphans():
            return super().changeform_view(*args, **kwargs)

    def save_formset(self, request, form, formset, change):
        """Delete a removed picture's file only on commit, so that a rollback cannot lose it."""
        super().save_formset(request, form, formset, change)
        for gone in formset.deleted_objects:
            if isinstance(gone, Picture):
                storage, name = gone.file.storage, gone.file.name
                transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))

    def may(self, user, permission, thing=None):
        return may(user, f"{self.opts.app_label}.{permission}", thing)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        module = self.get_object(request, object_id)
        more = {}
        if module:
            may_write = self.may(request.user, "change_module", module)
            more = {
                "why_not_review": why_not_review(module, timezone.now()),
                "offers": self.offers(request, module),
                "may_write": module.needs_review and may_write,
                "history": lines_of(events_about(module)),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @officers_page("<int:pk>/read/", name="training_module_read", permission="view_module")
    def read(self, request, module):
        """The newest version on one page with the answers, for the reviewer to read."""
        page = {
            "module": module,
            "sections": module.sections.of_version(module.version),
            "questions": module.questions.of_version(module.version).prefetch_related("choices"),
            "pictures": module.pictures_by_number,
            "papers": [
                paper_or_404(module, module.version, kind, kinds=FOR_TEAMS)
                for kind, __ in kinds_of(module, module.version, FOR_TEAMS)
            ],
            "facts": module.facts.of_version(module.version),
        }
        return render(request, "training/read_module.html", page)

    @officers_page(
        "<int:pk>/papers/<slug:kind>/", name="print_module_paper", permission="view_module"
    )
    def print_paper(self, request, module, kind):
        """One paper of the newest version as a PDF, without any place's numbers."""
        return paper_as_file(paper_or_404(module, module.version, kind, kinds=FOR_TEAMS))

    @officers_page("<int:pk>/preview/", name="preview_module", **WHILE_WRITING)
    def preview(self, request, module):
        """Render the sections from the posted form, saved or not, as learners would see them."""
        page = {
            "module": module,
            "sections": _typed_sections(request.POST),
            "pictures": module.pictures_by_number,
        }
        return render(request, "training/preview_module.html", page)

    @officers_page("<int:pk>/preview/section/", **WHILE_WRITING)
    def preview_section(self, request, module):
        """The HTML of one section, for the live preview."""
        body = request.POST.get("body", "")
        return HttpResponse(section_html(body, pictures=module.pictures_by_number))


def _typed_sections(posted):
    """Title and text of each section in a form that may not be saved yet, in order."""
    rows = []
    for number in range(MOST_SECTIONS):
        name = f"sections-{number}"
        if f"{name}-body" in posted and f"{name}-DELETE" not in posted:
            order = posted.get(f"{name}-order", "")
            rows.append(
                {
                    "order": int(order) if order.isdecimal() else number + 1,
                    "title": posted.get(f"{name}-title", ""),
                    "body": posted[f"{name}-body"],
                }
            )
    return sorted(rows, key=lambda row: row["order"])
