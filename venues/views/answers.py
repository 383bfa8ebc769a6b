"""The core principles, a page each, and the questions about the space."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.explanations import explanation_of
from venues.forms import CriteriaForm, PrincipleForm
from venues.links import read_agreement, read_organisation_agreement
from venues.models import Agreement, ChangeRequest, Criterion, Principle
from venues.rules import agreements_to_renew, current_agreements
from venues.views.fetching import being_saved, editable


@require_safe
def edit_principles(request, pk):
    """Each principle with this place's answer; every one has its own page."""
    sign_up = editable(request, pk)
    rows = _principle_rows(sign_up)
    page = {
        "sign_up": sign_up,
        "rows": rows,
        "answered": sum(row.is_done for row in rows),
        "next": next((row for row in rows if not row.is_done), None),
        "general": [each for each in _requests(sign_up) if each.principle_id is None],
        "why": explanation_of("principles"),
    }
    return render(request, "venues/principles.html", page)


@require_safe
def edit_principle(request, pk, principle_pk):
    sign_up = editable(request, pk)
    principle = _principle(sign_up, principle_pk)
    return _principle_page(request, sign_up, principle, _principle_form(sign_up, principle))


@require_POST
@transaction.atomic
def agree(request, pk, principle_pk):
    """Save the answer to one principle and go on to the next unanswered one, or to the list."""
    sign_up = being_saved(request, pk)
    principle = _principle(sign_up, principle_pk)
    form = _principle_form(sign_up, principle, request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.agree(sign_up, form.answers(), by=request.user)
            return redirect(_after_principle(editable(request, pk), principle))
    return _principle_page(request, sign_up, principle, form)


@dataclass(frozen=True)
class _PrincipleRow:
    """A principle in the list, with this place's answer."""

    principle: Principle
    agreement: Agreement | None
    asked_for: list[ChangeRequest]

    @property
    def has_changed(self) -> bool:
        """Whether the answer is to an earlier wording."""
        return bool(self.agreement) and self.agreement.version != self.principle.version

    @property
    def is_done(self) -> bool:
        return bool(self.agreement) and not self.has_changed and not self.asked_for

    @property
    def status(self) -> str:
        if self.asked_for:
            return _("The team asks")
        if self.has_changed:
            return _("Has changed")
        if self.agreement is None:
            return _("To do")
        if self.agreement.will_by:
            return _("By %(day)s") % {"day": date_format(self.agreement.will_by, "j F Y")}
        return self.agreement.get_answer_display()


def _principle_rows(sign_up):
    agreed = {agreement.principle_id: agreement for agreement in current_agreements(sign_up)}
    requests = _requests(sign_up)
    return [
        _PrincipleRow(
            principle,
            agreed.get(principle.pk),
            [each for each in requests if each.principle_id == principle.pk],
        )
        for principle in sign_up.scheme.principles.all()
    ]


def _requests(sign_up):
    return list(sign_up.change_requests.filter(answered_at__isnull=True))


def _principle(sign_up, pk):
    return get_object_or_404(sign_up.scheme.principles.all(), pk=pk)


def _after_principle(sign_up, principle):
    """The next unanswered principle after this one, wrapping around; otherwise the list."""
    left = agreements_to_renew(sign_up)
    later = [each for each in left if each.order > principle.order]
    following = next(iter(later or left), None)
    if following is None:
        return reverse("edit_principles", args=[sign_up.pk])
    return reverse("edit_principle", args=[sign_up.pk, following.pk])


def _principle_form(sign_up, principle, data=None):
    """An answer to an earlier wording is not prefilled: the new one needs its own answer."""
    known = {
        agreement.principle_id: agreement
        for agreement in current_agreements(sign_up)
        if agreement.version == agreement.principle.version
    }
    return PrincipleForm(data, asked=[principle], known=known)


def _principle_page(request, sign_up, principle, form):
    rows = _principle_rows(sign_up)
    (row,) = [row for row in rows if row.principle == principle]
    (question,) = form.questions()
    page = {
        "sign_up": sign_up,
        "form": form,
        "question": question,
        "row": row,
        "number": rows.index(row) + 1,
        "of": len(rows),
    }
    return render(request, "venues/principle.html", page)


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
    return _agreement_page(request, sign_up, sign_up and sign_up.venue, "confirm_agreement", token)


def _agreement_page(request, sign_up, who, name, token):
    page = {
        "sign_up": sign_up,
        "who": who,
        "now_url": reverse(f"{name}_now", args=[token]),
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


@login_not_required
@never_cache
@require_safe
def confirm_organisation_agreement(request, token):
    """The same page for an organisation as a whole."""
    sign_up = None
    with refusals_as_messages(request):
        sign_up = read_organisation_agreement(token)
    name = "confirm_organisation_agreement"
    return _agreement_page(request, sign_up, sign_up and sign_up.organisation, name, token)


@login_not_required
@never_cache
@require_POST
def confirm_organisation_agreement_now(request, token):
    by = request.user if request.user.is_authenticated else None
    with refusals_as_messages(request, _("Thank you. Your agreement is confirmed.")):
        actions.confirm_organisation_agreement(
            read_organisation_agreement(token), how="link", by=by
        )
    return redirect("confirm_organisation_agreement", token)
