"""An organisation as a whole in a scheme: its page, its answers, submitting it and leaving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.deciding import lock
from common.refusals import refusals_as_messages, success_with_undo
from venues import actions
from venues.event_sentences import sentence
from venues.explanations import explanation_of
from venues.forms import (
    CriteriaForm,
    OrganisationForm,
    PrinciplesForm,
    ShownOrganisationForm,
    WithdrawForm,
)
from venues.materials import Audience, materials_for
from venues.models import Criterion, OrganisationSignUp, Scheme
from venues.models.sign_ups import BEING_FILLED_IN, ENDED
from venues.organisations_state import sentence_of
from venues.rules import (
    agreements_to_renew,
    current_agreements,
    missing_for_organisation,
    schemes_open_to,
)
from venues.taking_back import may_take_back
from venues.views.joining_as_organisation import sign_up_url
from venues.views.organisations import head_office

PAGE = 50


def _found(request, organisation_id, slug) -> OrganisationSignUp:
    """The newest sign-up to this scheme of an organisation where this user is head office."""
    organisation = head_office(request, organisation_id)
    sign_ups = OrganisationSignUp.objects.filter(organisation=organisation, scheme__slug=slug)
    found = sign_ups.select_related("organisation", "scheme").order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def _editable(request, organisation_id, slug) -> OrganisationSignUp:
    """The newest that this user may fill in: as head office, or as an officer entering it."""
    mine = OrganisationSignUp.objects.editable_by(request.user)
    sign_ups = mine.filter(organisation=organisation_id, scheme__slug=slug)
    found = sign_ups.select_related("organisation", "scheme", "entered_by").order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def _is_head_office(request, sign_up):
    mine = OrganisationSignUp.objects.managed_by(request.user)
    return mine.filter(pk=sign_up.pk).exists()


def _has_ended(sign_up):
    return sign_up.state in ENDED


def _asked(sign_up):
    questions = Criterion.objects.asked_by(sign_up.scheme)
    return questions.filter(about=Criterion.About.ORGANISATION)


def _principles_form(sign_up, data=None):
    known = {
        agreement.principle_id: agreement
        for agreement in current_agreements(sign_up)
        if agreement.version == agreement.principle.version
    }
    return PrinciplesForm(data, asked=sign_up.scheme.principles.all(), known=known)


def _questions_form(sign_up, data=None):
    known = {each.criterion_id: each for each in sign_up.organisation.answers.all()}
    return CriteriaForm(data, asked=_asked(sign_up), known=known)


def _changes(action, of=lambda sign_up: sign_up):
    return lambda sign_up, form, by: action(of(sign_up), form.changes(), by=by)


def _answers(action, of=lambda sign_up: sign_up):
    return lambda sign_up, form, by: action(of(sign_up), form.answers(), by=by)


def _organisation(sign_up):
    return sign_up.organisation


@dataclass(frozen=True)
class Step:
    """One page of the sign-up; `is_done` says whether nothing is missing on it."""

    key: str
    title: Any
    form: Callable
    save: Callable
    is_done: Callable[[OrganisationSignUp], bool]
    is_there: Callable[[OrganisationSignUp], bool] = lambda sign_up: True
    can_wait: bool = False

    @property
    def name(self) -> str:
        return f"edit_organisation_{self.key}"

    def url(self, sign_up: OrganisationSignUp) -> str:
        return reverse(self.name, args=[sign_up.organisation_id, sign_up.scheme.slug])


STEPS = {
    step.key: step
    for step in (
        Step(
            "details",
            gettext_lazy("Your organisation"),
            lambda sign_up, data=None: OrganisationForm(data, instance=sign_up.organisation),
            _changes(actions.change_organisation, _organisation),
            lambda sign_up: bool(sign_up.organisation.name and sign_up.organisation.sector),
        ),
        Step(
            "principles",
            gettext_lazy("The core principles"),
            _principles_form,
            _answers(actions.agree_as_organisation),
            lambda sign_up: not agreements_to_renew(sign_up),
        ),
        Step(
            "questions",
            gettext_lazy("Questions about the organisation"),
            _questions_form,
            _answers(actions.answer_criteria, _organisation),
            lambda sign_up: (
                not _asked(sign_up).exclude(answers__organisation=sign_up.organisation).exists()
            ),
            lambda sign_up: _asked(sign_up).exists(),
            can_wait=True,
        ),
        Step(
            "shown",
            gettext_lazy("What the public reads"),
            lambda sign_up, data=None: ShownOrganisationForm(data, instance=sign_up),
            _changes(actions.show_organisation),
            lambda sign_up: bool(sign_up.website) or not sign_up.is_named,
            can_wait=True,
        ),
    )
}


@require_safe
def organisation_schemes(request, organisation_id):
    """The schemes the organisation as a whole is in, and those it could join."""
    organisation = head_office(request, organisation_id)
    mine = OrganisationSignUp.objects.newest().filter(organisation=organisation)
    joined = list(mine.select_related("scheme", "organisation").order_by("scheme__name"))
    live = [each.scheme_id for each in joined if not _has_ended(each)]
    page = {
        "organisation": organisation,
        "joined": [(each, sentence_of(each)) for each in joined],
        "others": Scheme.objects.shown().for_organisations().exclude(pk__in=live),
    }
    return render(request, "venues/organisation_schemes.html", page)


@require_POST
def start_organisation_sign_up(request, organisation_id, scheme):
    organisation = head_office(request, organisation_id)
    found = get_object_or_404(schemes_open_to(request.user).for_organisations(), slug=scheme)
    with refusals_as_messages(request):
        sign_up = actions.start_organisation_sign_up(organisation, found, by=request.user)
        return redirect(sign_up_url(sign_up))
    return redirect("organisation_schemes", organisation_id)


@require_safe
def organisation_sign_up(request, organisation_id, scheme):
    """Its status, what is left to do, and what has happened."""
    sign_up = _editable(request, organisation_id, scheme)
    is_head_office = _is_head_office(request, sign_up)
    decision = actions.last_decision_about(sign_up)
    has_ended = _has_ended(sign_up)
    tasks = [] if has_ended else [each for each in STEPS.values() if each.is_there(sign_up)]
    events = Paginator(sign_up.events.select_related("by"), PAGE)
    listed = events.get_page(request.GET.get("page"))
    page = {
        "organisation": sign_up.organisation,
        "sign_up": sign_up,
        "sentence": sentence_of(sign_up),
        "tasks": [(each, each.url(sign_up), each.is_done(sign_up)) for each in tasks],
        "missing": missing_for_organisation(sign_up),
        "may_send": sign_up.state in BEING_FILLED_IN,
        "may_leave": is_head_office and not has_ended,
        "is_head_office": is_head_office,
        "may_begin_again": has_ended and sign_up.scheme.takes_sign_ups,
        "takes_back_until": may_take_back(decision, request.user),
        "agreements": current_agreements(sign_up),
        "materials": _materials(sign_up, has_ended),
        "page": listed,
        "lines": [(each, sentence(each)) for each in listed],
    }
    return render(request, "venues/organisation_sign_up.html", page)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit_organisation_step(request, organisation_id, scheme, step):
    sign_up = _editable(request, organisation_id, scheme)
    page = STEPS[step]
    if _has_ended(sign_up) or not page.is_there(sign_up):
        raise Http404
    if request.method != "POST":
        return _step_page(request, sign_up, page, page.form(sign_up))
    lock(sign_up.organisation)  # the values compared with the form must stay until it is saved
    sign_up = _editable(request, organisation_id, scheme)
    form = page.form(sign_up, request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            page.save(sign_up, form, request.user)
            has_more = page.key == "questions" and form.questions_opened()
            return redirect(page.url(sign_up) if has_more else sign_up_url(sign_up))
    return _step_page(request, sign_up, page, form)


def _step_page(request, sign_up, step, form):
    page = {
        "organisation": sign_up.organisation,
        "sign_up": sign_up,
        "step": step,
        "form": form,
        "has_questions": hasattr(form, "questions"),
        "why": explanation_of(f"organisation_{step.key}"),
        "back_url": sign_up_url(sign_up),
    }
    return render(request, "venues/organisation_step.html", page)


@require_POST
def submit_organisation(request, organisation_id, scheme):
    sign_up = _editable(request, organisation_id, scheme)
    page = sign_up_url(sign_up)
    with refusals_as_messages(request, _("Sent. The team looks at it and answers.")):
        actions.submit_organisation(sign_up, by=request.user)
        if not _is_head_office(request, sign_up):
            # Once it is sent, an officer no longer fills it in but decides about it.
            page = reverse("admin:venues_organisationsignup_change", args=[sign_up.pk])
    return redirect(page)


@require_http_methods(["GET", "POST"])
def withdraw_organisation(request, organisation_id, scheme):
    """Ask for confirmation, then leave; it can be undone for ten minutes."""
    sign_up = _found(request, organisation_id, scheme)
    form = WithdrawForm(*([request.POST] if request.method == "POST" else []))
    if form.is_valid():
        with refusals_as_messages(request):
            actions.withdraw_organisation(sign_up, by=request.user, **form.cleaned_data)
            undo = reverse("take_back_organisation", args=[organisation_id, scheme])
            success_with_undo(request, _("The organisation has left the scheme."), undo)
        return redirect(sign_up_url(sign_up))
    page = {
        "organisation": sign_up.organisation,
        "sign_up": sign_up,
        "form": form,
        "back_url": sign_up_url(sign_up),
    }
    return render(request, "venues/leave_as_organisation.html", page)


@require_POST
def take_back_organisation(request, organisation_id, scheme):
    sign_up = _found(request, organisation_id, scheme)
    with refusals_as_messages(request, _("Taken back. It is as it was before.")):
        actions.take_back_about_organisation(sign_up, by=request.user)
    return redirect(sign_up_url(sign_up))


def _materials(sign_up, has_ended):
    """The scheme's files and addresses; those for members from approval on."""
    if has_ended:
        return []
    is_member = sign_up.state == OrganisationSignUp.State.APPROVED
    audiences = [Audience.PUBLIC, *([Audience.MEMBERS] if is_member else [])]
    return materials_for(sign_up.scheme, *audiences)
