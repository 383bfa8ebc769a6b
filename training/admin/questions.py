"""One check question with its answers on one page, reached from its module."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from common.admin import Desk, SharedRows
from training.admin.base import SHORT_TEXTS, DraftOnly
from training.forms import ChoicesFormSet, QuestionForm
from training.models import Choice, Module, Question


class ChoiceInline(DraftOnly, SharedRows, admin.StackedInline):
    model = Choice
    formset = ChoicesFormSet
    fields = ["text", "right", "feedback"]
    formfield_overrides = SHORT_TEXTS
    extra = 1

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 4


@admin.register(Question)
class QuestionAdmin(DraftOnly, Desk):
    form = QuestionForm
    formfield_overrides = SHORT_TEXTS
    inlines = [ChoiceInline]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(
                version=F("module__version"), module__in=Module.objects.for_officer(request.user)
            )
        )

    def get_fields(self, request, obj=None):
        return ["module", "text"] if obj else ["text"]

    def get_readonly_fields(self, request, obj=None):
        return ["module"] if obj else []

    def get_model_perms(self, request):
        return {}  # hidden from the index: questions are reached from their module

    def add_view(self, request, form_url="", extra_context=None):
        """Add a question to ?module=; 404 without one, as it would belong to nothing."""
        number = request.GET.get("module", "")
        mine = Module.objects.for_officer(request.user)
        module = get_object_or_404(mine, pk=number if number.isdecimal() else None)
        if not self._may("add", request, module):
            raise PermissionDenied
        request.question_of = module
        return super().add_view(request, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return form if obj else _of_module(form, request.question_of)

    def response_change(self, request, obj):
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        return HttpResponseRedirect(reverse("admin:training_module_change", args=[obj.module_id]))

    def response_add(self, request, obj, post_url_continue=None):
        if "_addanother" in request.POST:
            address = reverse("admin:training_question_add")
            return HttpResponseRedirect(f"{address}?module={obj.module_id}")
        return self.response_change(request, obj)


def _of_module(form, module):
    """The form class for a new question of `module`."""

    class NewQuestionForm(form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, module=module, **kwargs)

    return NewQuestionForm
