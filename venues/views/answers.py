"""The core principles on one page, and the questions about the space."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.explanations import explanation_of
from venues.forms import CriteriaForm, PrinciplesForm
from venues.links import read_agreement
from venues.models import Criterion
from venues.rules import agreements_to_renew, current_agreements
from venues.views.fetching import being_saved, editable


@require_safe
def edit_principles(request, pk):
    sign_up = editable(request, pk)
    return _principles_page(request, sign_up, _principles_form(sign_up))


@require_POST
@transaction.atomic
def agree(request, pk):
    sign_up = being_saved(request, pk)
    form = _principles_form(sign_up, request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Thank you. Your answers are saved.")):
            actions.agree(sign_up, form.answers(), by=request.user)
            return redirect("sign_up", pk)
    return _principles_page(request, sign_up, form)


def _principles_form(sign_up, data=None):
    """Answers to an earlier wording are not prefilled: the new one needs its own answer."""
    known = {
        agreement.principle_id: agreement
        for agreement in current_agreements(sign_up)
        if agreement.version == agreement.principle.version
    }
    return PrinciplesForm(data, asked=sign_up.scheme.principles.all(), known=known)


def _principles_page(request, sign_up, form):
    agreed = {agreement.principle_id: agreement for agreement in current_agreements(sign_up)}
    renew = {principle.pk for principle in agreements_to_renew(sign_up)}
    requests = list(sign_up.change_requests.filter(answered_at__isnull=True))
    rows = [
        {
            "question": question,
            "principle": question.asked,
            "has_changed": question.asked.pk in agreed and question.asked.pk in renew,
            "earlier": agreed.get(question.asked.pk),
            "asked_for": [each for each in requests if each.principle_id == question.asked.pk],
        }
        for question in form.questions()
    ]
    page = {
        "sign_up": sign_up,
        "form": form,
        "rows": rows,
        "general": [each for each in requests if each.principle_id is None],
        "why": explanation_of("principles"),
    }
    return render(request, "venues/principles.html", page)


@require_safe
def edit_space(request, pk):
    sign_up = editable(request, pk)
    return _space_page(request, sign_up, _criteria_form(sign_up))


@require_POST
@transaction.atomic
def answer_criteria(request, pk):
    sign_up = being_saved(request, pk)
    form = _criteria_form(sign_up, request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.answer_criteria(sign_up.venue, form.answers(), by=request.user)
            return redirect(*_after(request, form, "edit_space", pk))
    return _space_page(request, sign_up, form)


def _after(request, form, page, pk):
    """Back to the page while an answer has revealed more questions; otherwise onward."""
    opened = form.questions_opened()
    if not opened:
        return "sign_up", pk
    words = ngettext(
        "Your answer leads to one more question below.",
        "Your answers lead to %(count)s more questions below.",
        opened,
    )
    messages.info(request, words % {"count": opened})
    return page, pk


def _criteria_form(sign_up, data=None):
    asked = Criterion.objects.asked_by(sign_up.scheme).filter(about=Criterion.About.VENUE)
    known = {answer.criterion_id: answer for answer in sign_up.venue.answers.all()}
    return CriteriaForm(data, asked=asked, known=known)


@require_safe
def edit_policies(request, pk):
    """The scheme's questions about the organisation: insurance and policies."""
    sign_up = editable(request, pk)
    return _policies_page(request, sign_up, _policies_form(sign_up))


@require_POST
@transaction.atomic
def answer_policies(request, pk):
    sign_up = being_saved(request, pk)
    form = _policies_form(sign_up, request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.answer_criteria(sign_up.venue.organisation, form.answers(), by=request.user)
            return redirect(*_after(request, form, "edit_policies", pk))
    return _policies_page(request, sign_up, form)


def _policies_form(sign_up, data=None):
    asked = Criterion.objects.asked_by(sign_up.scheme).filter(about=Criterion.About.ORGANISATION)
    known = {each.criterion_id: each for each in sign_up.venue.organisation.answers.all()}
    return CriteriaForm(data, asked=asked, known=known)


def _policies_page(request, sign_up, form):
    page = {"sign_up": sign_up, "form": form, "why": explanation_of("policies")}
    return render(request, "venues/policies.html", page)


def _space_page(request, sign_up, form):
    page = {"sign_up": sign_up, "form": form, "why": explanation_of("space")}
    return render(request, "venues/space.html", page)


@login_not_required
@never_cache
@require_safe
def confirm_agreement(request, token):
    """The emailed page on which a venue confirms what an officer entered for it."""
    sign_up = None
    with refusals_as_messages(request):
        sign_up = read_agreement(token)
    page = {
        "sign_up": sign_up,
        "token": token,
        "agreements": current_agreements(sign_up) if sign_up else [],
    }
    return render(request, "venues/confirm_agreement.html", page, status=200 if sign_up else 410)


@login_not_required
@never_cache
@require_POST
def confirm_agreement_now(request, token):
    by = request.user if request.user.is_authenticated else None
    with refusals_as_messages(request, _("Thank you. Your agreement is confirmed.")):
        actions.confirm_agreement(read_agreement(token), how="link", by=by)
    return redirect("confirm_agreement", token)
