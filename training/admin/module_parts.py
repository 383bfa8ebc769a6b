"""What a module is made of, on the officers' page about it."""

from django.contrib import admin
from django.db.models import F, URLField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.admin import SharedRows
from training.admin.base import SHORT_TEXTS, DraftOnly
from training.forms import OrderFormSet, PictureForm, PicturesFormSet
from training.models import Fact, OutlineStep, Paper, Picture, Question, Section
from training.rules import may


class OfNewestVersion(DraftOnly, SharedRows, admin.StackedInline):
    """Rows of the module's newest version: its draft, or the reviewed one to read."""

    formset = OrderFormSet
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version=F("module__version"))


class SectionInline(OfNewestVersion):
    model = Section

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if obj and "body" in formset.form.base_fields:
            address = reverse("admin:preview_section", args=[obj.pk])
            formset.form.base_fields["body"].widget.attrs |= {"data-preview": address, "rows": 18}
        return formset


class PaperInline(OfNewestVersion):
    """Easy Read and the handout of the newest version; there is at most one of each."""

    model = Paper
    max_num = len(Paper.Kind)


class OutlineInline(OfNewestVersion):
    """What a trainer does in a room, step by step."""

    model = OutlineStep
    fields = ["order", "minutes", "title", "text"]
    formfield_overrides = SHORT_TEXTS
    verbose_name = _("step of a session")
    verbose_name_plural = _("Outline for a session in a room")


class FactInline(OfNewestVersion):
    """What the text rests on, with its sources, for the reviewer."""

    model = Fact
    fields = ["order", "says", "source", "url", "to_confirm"]
    formfield_overrides = SHORT_TEXTS
    verbose_name_plural = _("Facts and their sources")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class QuestionInline(OfNewestVersion):
    """The questions in order. A new one is written with its answers on its own page."""

    model = Question
    fields = ["order", "text"]
    formfield_overrides = SHORT_TEXTS
    show_change_link = True
    verbose_name_plural = _("Questions: open one to write its answers")

    def has_add_permission(self, request, obj=None):
        return False


class PictureInline(SharedRows, admin.StackedInline):
    model = Picture
    form = PictureForm
    formset = PicturesFormSet
    fields = ["look", "file", "alt"]
    readonly_fields = ["look"]
    extra = 0

    @admin.display(description=_("shown by writing"))
    def look(self, picture):
        if not picture.pk:
            return _("You learn it when the picture is saved.")
        return format_html(
            '{}<br><img class="app-picture" src="{}" alt="{}" width="{}" height="{}">',
            picture,
            reverse("training_picture", args=[picture.pk]),
            picture.alt,
            picture.width,
            picture.height,
        )

    def _may(self, action, request, module):
        return request.user.has_perm("training.change_module") and (
            module is None or may(request.user, "training.change_module", module)
        )

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("training.view_module")

    def has_add_permission(self, request, obj=None):
        return self._may("add", request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may("change", request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may("delete", request, obj)
