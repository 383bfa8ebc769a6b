"""What people understood of a module, what they thought of it, and who has done it."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.spreadsheets import csv_response
from training.models import Choice, Module, Question
from training.rules import (
    FEWEST,
    OFTEN_WRONG,
    opinions,
    people_by_kind,
    results,
    too_few_opinions,
    with_ticks,
)

may_view = permission_required("training.view_module", raise_exception=True)


@dataclass(frozen=True)
class Result:
    """How one question was answered at the first try."""

    question: Question
    times: int
    per_cent: int
    choices: list[tuple[Choice, int, int]]  # with how often it was ticked, and in per cent

    @property
    def often_wrong(self) -> bool:
        return self.per_cent < OFTEN_WRONG


@may_view
@require_safe
def module_results(request, pk):
    module = _module(request, pk)
    page = {
        **admin.site.each_context(request),
        "title": _("Results: %(module)s") % {"module": module},
        "module": module,
        "results": _results(module, request.user),
        "opinions": opinions(module, request.user),
        "too_few_opinions": too_few_opinions(module, request.user),
        "fewest": FEWEST,
        "kinds": people_by_kind(module, request.user, timezone.localdate()),
    }
    return render(request, "admin/training/results.html", page)


@may_view
@require_safe
def export_results(request, pk):
    """Each choice of each question, with how often it was ticked at a first try."""
    module = _module(request, pk)
    header = [
        _("version"),
        _("question"),
        _("answered"),
        _("right, per cent"),
        _("answer"),
        _("is right"),
        _("ticked"),
    ]
    rows = (
        [
            result.question.version,
            result.question.text,
            result.times,
            result.per_cent,
            choice.text,
            _("yes") if choice.right else _("no"),
            ticked,
        ]
        for result in _results(module, request.user)
        for choice, ticked, __ in result.choices
    )
    return csv_response(f"results-{module.slug}", header, rows)


@may_view
@require_safe
def export_feedback(request, pk):
    """What the page shows: ratings from three answers on, the lines without time or person."""
    module = _module(request, pk)
    rows = []
    for each in opinions(module, request.user):
        about = str(each.session or _("done alone"))
        rows.append([about, each.number, each.average, ""])
        rows += [[about, "", "", words] for words in each.words]
    header = [_("about"), _("answers"), _("rating of 5"), _("in a line")]
    return csv_response(f"feedback-{module.slug}", header, rows)


def _module(request, pk):
    return get_object_or_404(Module.objects.for_officer(request.user), pk=pk)


def _results(module, user):
    choices = with_ticks(Choice.objects.all(), user)
    questions = results(module, user).prefetch_related(Prefetch("choices", choices))
    return [
        Result(question, question.times, question.per_cent, _ticks(question))
        for question in questions
    ]


def _ticks(question):
    ticked = [(choice, choice.ticked_times or 0) for choice in question.choices.all()]
    return [(choice, number, 100 * number // question.times) for choice, number in ticked]
