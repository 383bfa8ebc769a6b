"""The learner's pages, behind a link or a code and without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import too_many_requests
from common.limits import count_failure, may_try
from common.refusals import refusals_as_messages
from training import actions
from training.certificates import certificate_address
from training.forms import CheckForm, CodeForm, FeedbackForm
from training.links.enrolments import SHARED_PHONE, find_by_code, learner_page, make_token
from training.models import Enrolment
from training.papers import FOR_LEARNERS, kinds_of, paper_or_404
from training.rules import (
    is_right,
    questions_to_answer,
    sections_left,
    why_no_check,
    why_no_feedback_on_module,
    why_not_finish_section,
)
from training.views.certificates import as_file
from training.views.papers import paper_as_file
from venues.explanations import explanation_of
from venues.models import SchemeContact, Venue


@login_not_required
@never_cache
@require_safe
def learn(request):
    """A form for the short code, for learners without a link."""
    return render(request, "training/learn.html", {"form": CodeForm(), "hide_links": True})


@login_not_required
@never_cache
@require_POST
def open_with_code(request):
    if not may_try(request, "training_code"):
        return too_many_requests(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        with refusals_as_messages(request):
            enrolment = find_by_code(form.cleaned_data["code"])
            return redirect("learn_module", make_token(enrolment, lasts=SHARED_PHONE))
        count_failure(request, "training_code")
    return render(request, "training/learn.html", {"form": form, "hide_links": True})


@require_safe
@learner_page
def learn_module(request, token, enrolment):
    """The sections and the learner's progress."""
    if enrolment.source != Enrolment.Source.CHECK:  # completed at a session: no sections to read
        return redirect("learn_certificate", token)
    left = sections_left(enrolment)
    return _page(
        request,
        token,
        enrolment,
        "module",
        sections=enrolment.sections,
        next_section=left[0] if left else None,
        is_current=enrolment.is_current(timezone.localdate()),
        why=explanation_of("learner"),
        papers=[
            (title, reverse("learn_paper", args=[token, kind]))
            for kind, title in kinds_of(enrolment.module, enrolment.module_version, FOR_LEARNERS)
        ],
    )


@require_safe
@learner_page
def learn_section(request, token, enrolment, order):
    section = get_object_or_404(enrolment.sections, order=order)
    if reasons := why_not_finish_section(enrolment, order):
        messages.error(request, " ".join(reasons))
        return redirect("learn_module", token)
    return _page(
        request,
        token,
        enrolment,
        "section",
        section=section,
        pictures=enrolment.module.pictures_by_number,
        of=enrolment.sections.count(),
        is_finished=order in enrolment.sections_finished,
    )


@require_safe
@learner_page
def learn_paper(request, token, enrolment, kind):
    """Easy Read or the handout of the version the learner began."""
    return _page(request, token, enrolment, "paper", paper=_paper(enrolment, kind))


@require_safe
@learner_page
def download_learner_paper(request, token, enrolment, kind):
    return paper_as_file(_paper(enrolment, kind))


@require_POST
@learner_page
def finish_section(request, token, enrolment, order):
    """Mark a section as read; go on to the next, or to the questions after the last."""
    with refusals_as_messages(request):
        enrolment = actions.finish_section(enrolment, order)
        following = enrolment.sections.filter(order__gt=order).first()
        if following:
            return redirect("learn_section", token, following.order)
        if not sections_left(enrolment):
            return redirect("learn_check", token)
    return redirect("learn_module", token)


@require_safe
@learner_page
def learn_check(request, token, enrolment):
    """The questions, once every section is read."""
    if enrolment.completed_at:
        return redirect("learn_result", token)
    if reasons := why_no_check(enrolment):
        messages.error(request, " ".join(reasons))
        return redirect("learn_module", token)
    questions = questions_to_answer(enrolment)
    form = CheckForm(questions=questions, kept=enrolment.kept_answers)
    return _page(request, token, enrolment, "check", form=form)


@require_POST
@learner_page
def take_check(request, token, enrolment):
    if enrolment.completed_at:
        return redirect("learn_result", token)
    form = CheckForm(request.POST, questions=questions_to_answer(enrolment))
    if "later" in request.POST:
        with refusals_as_messages(request, _("Your answers are kept. Come back when you can.")):
            actions.keep_answers(enrolment, form.ticked())
        return redirect("learn_module", token)
    if not form.is_valid():
        return _page(request, token, enrolment, "check", form=form)
    with refusals_as_messages(request):
        actions.take_check(enrolment, form.answers())
        return redirect("learn_result", token)
    return redirect("learn_module", token)


@require_POST
@learner_page
def keep_answers(request, token, enrolment):
    """Posted by the page itself when the learner leaves it."""
    form = CheckForm(request.POST, questions=questions_to_answer(enrolment))
    with refusals_as_messages(request):
        actions.keep_answers(enrolment, form.ticked())
    return redirect("learn_check", token)


@require_safe
@learner_page
def learn_result(request, token, enrolment):
    """The last try's result, with feedback on each answer."""
    if enrolment.score is None:
        return redirect("learn_module", token)
    ticked = set(enrolment.answers)
    answered = []
    for question in _questions(enrolment):
        choices = list(question.choices.all())
        mine = {choice.pk for choice in choices} & ticked
        shown = [
            {"choice": choice, "ticked": choice.pk in mine}
            for choice in choices
            # Missed right choices are revealed only after a pass, when nothing is left to guess.
            if choice.pk in mine or (choice.right and enrolment.completed_at)
        ]
        answered.append(
            {
                "question": question,
                "right": is_right(question, mine),
                "several": sum(choice.right for choice in choices) > 1,
                "choices": shown,
            }
        )
    right = sum(each["right"] for each in answered)
    return _page(request, token, enrolment, "result", answered=answered, right=right)


@require_safe
@learner_page
def learn_certificate(request, token, enrolment):
    if not enrolment.completed_at:
        return redirect("learn_module", token)
    return certificate_page(request, token, enrolment, FeedbackForm())


def certificate_page(request, token, enrolment, form):
    """The certificate, with the feedback `form` below it; an invalid form is redrawn here."""
    return _page(
        request,
        token,
        enrolment,
        "certificate",
        is_current=enrolment.is_current(timezone.localdate()),
        address=certificate_address(enrolment),
        form=form,
        may_say=enrolment.source == Enrolment.Source.CHECK
        and not why_no_feedback_on_module(enrolment),
    )


@require_safe
@learner_page
def download_certificate(request, token, enrolment):
    """The certificate as a PDF."""
    return as_file(enrolment) if enrolment.completed_at else redirect("learn_module", token)


def _questions(enrolment):
    return list(enrolment.questions.prefetch_related("choices"))


def _venues(enrolment):
    return Venue.objects.filter(posts__staff_member=enrolment.staff_member_id).distinct()


def _paper(enrolment, kind):
    return paper_or_404(
        enrolment.module,
        enrolment.module_version,
        kind,
        kinds=FOR_LEARNERS,
        scheme=enrolment.scheme,
        venues=_venues(enrolment),
    )


def _page(request, token, enrolment, name, **context):
    venues = _venues(enrolment)
    page = {
        "token": token,
        "enrolment": enrolment,
        "module": enrolment.module,
        "venues": venues,
        "contacts": SchemeContact.objects.for_members(enrolment.scheme, venues),
        "hide_links": True,
        **context,
    }
    return render(request, f"training/learn_{name}.html", page)
