"""What people understood of a module, what they thought of it, and who has completed it."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from common.admin import Office, officers_page
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


@dataclass(frozen=True)
class Result:
    """How one question was answered at the first try."""

    question: Question
    times: int
    per_cent: int
    choices: list[tuple[Choice, int, int]]  # each with its number of ticks and the percentage

    @property
    def often_wrong(self) -> bool:
        return self.per_cent < OFTEN_WRONG


class Results(Office):
    """The results of one module, shared ones included, for anybody who may view modules."""

    base = "admin/training/results/<int:pk>/"

    def things(self, request):
        return Module.objects.for_officer(request.user)

    def may(self, user, permission, thing=None):
        return super().may(user, permission)

    @officers_page("", permission="view_module")
    def module_results(self, request, module):
        page = self.page(
            request,
            title=_("Results: %(module)s") % {"module": module},
            module=module,
            results=_results(module, request.user),
            opinions=opinions(module, request.user),
            too_few_opinions=too_few_opinions(module, request.user),
            fewest=FEWEST,
            kinds=people_by_kind(module, request.user, timezone.localdate()),
        )
        return render(request, "admin/training/results.html", page)

    @officers_page("export/", permission="view_module")
    def export_results(self, request, module):
        """Export how often each choice was ticked at a first try, as CSV."""
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

    @officers_page("feedback/export/", permission="view_module")
    def export_feedback(self, request, module):
        """Export ratings from three answers up, and comments without time or name, as CSV."""
        rows = []
        for each in opinions(module, request.user):
            about = str(each.session or _("done alone"))
            rows.append([about, each.number, each.average, ""])
            rows += [[about, "", "", words] for words in each.words]
        header = [_("about"), _("answers"), _("rating of 5"), _("in a line")]
        return csv_response(f"feedback-{module.slug}", header, rows)


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
