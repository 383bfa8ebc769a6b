"""All of an organisation's places: status, what is left, adding more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.branches import (
    PLACES_A_PAGE,
    branches_csv,
    franchisees,
    head_office_pages,
    overview,
)
from venues.closing import effect_of
from venues.forms import AddBranchForm, BranchFilterForm
from venues.forms.closures import BranchClosureForm, ChristmasForm
from venues.models import Organisation, Scheme, SignUp
from venues.scopes import looks_after_all

CLOSURES = {"days": BranchClosureForm, "christmas": ChristmasForm}


def of_member(request, organisation_id) -> Organisation:
    """An organisation where this user has something in scope."""
    return get_object_or_404(Organisation.objects.of_member(request.user), pk=organisation_id)


def head_office(request, organisation_id) -> Organisation:
    """An organisation where this user is head office."""
    return get_object_or_404(Organisation.objects.managed_by(request.user), pk=organisation_id)


@require_safe
def organisation_home(request, organisation_id):
    """The places in the user's scope in one table, most urgent first."""
    organisation = of_member(request, organisation_id)
    table, form = _filtered(request, organisation)
    page = Paginator(table.rows(), PLACES_A_PAGE).get_page(request.GET.get("page"))
    is_head_office = looks_after_all(request.user, organisation)
    first = table.branches[0].sign_up if table.branches else None
    context = {
        "organisation": organisation,
        "table": table,
        "form": form,
        "page": page,
        "first": first,
        "pages": head_office_pages(),
        "is_head_office": is_head_office,
        "has_schemes": Scheme.objects.open().for_organisations().exists()
        or organisation.scheme_sign_ups.exists(),
        "franchisees": franchisees(
            SignUp.objects.newest(), organisation, timezone.now(), request.GET.get("franchisees")
        )
        if is_head_office
        else None,
        "is_manager": organisation.venues.managed_by(request.user).exists(),
    }
    return render(request, "venues/organisation.html", context)


@require_safe
def organisation_csv(request, organisation_id):
    """The table as filtered, every row, as CSV."""
    organisation = of_member(request, organisation_id)
    table, _form = _filtered(request, organisation)
    return branches_csv(slugify(organisation.name) or "places", table)


def _filtered(request, organisation):
    """(the table with only the chosen rows, the filter form)."""
    mine = SignUp.objects.of_member(request.user).filter(venue__organisation=organisation)
    table = overview(mine, timezone.now())
    form = BranchFilterForm(request.GET, table=table)
    table.branches = form.chosen(table)
    return table, form


@require_http_methods(["GET", "POST"])
def add_branch(request, organisation_id):
    """A draft for another place; answers about the organisation are already there."""
    organisation = head_office(request, organisation_id)
    form = AddBranchForm(*([request.POST] if request.method == "POST" else []))
    if form.is_valid():
        with refusals_as_messages(request):
            sign_up = actions.start_sign_up(
                by=request.user, organisation=organisation, **form.cleaned_data
            )
            return redirect("sign_up", sign_up.pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "venues/add_branch.html", context)


@require_safe
def edit_branch_closures(request, organisation_id, kind):
    """Closures, or the Christmas hours, for some or all places."""
    organisation, venues = _managed_places(request, organisation_id)
    return _closures_page(request, organisation, kind, CLOSURES[kind](venues=venues), None)


@require_POST
def add_branch_closures(request, organisation_id, kind):
    """Preview the effect per place; submitted again unchanged, save it."""
    organisation, venues = _managed_places(request, organisation_id)
    form = CLOSURES[kind](request.POST, venues=venues)
    if not form.is_valid():
        return _closures_page(request, organisation, kind, form, None)
    if form.was_shown and "confirm" in request.POST:
        with refusals_as_messages(request):
            number = actions.add_closures(form.cleaned_data["venues"], form.days(), by=request.user)
            words = ngettext("Added at %(n)s place.", "Added at %(n)s places.", number)
            messages.success(request, words % {"n": number})
            return redirect("organisation_home", organisation.pk)
    effect = effect_of(form.cleaned_data["venues"], form.days())
    form.data = form.data.copy()
    form.data["shown"] = form.mark
    return _closures_page(request, organisation, kind, form, effect)


def _managed_places(request, organisation_id):
    """(organisation, its places that this user manages), with their hours."""
    organisation = of_member(request, organisation_id)
    venues = organisation.venues.managed_by(request.user).exclude(name="")
    if not venues.exists():
        raise Http404
    return organisation, venues.prefetch_related("opening_hours", "closures")


def _closures_page(request, organisation, kind, form, effect):
    context = {
        "organisation": organisation,
        "kind": kind,
        "form": form,
        "effect": effect,
        "refused": sum(bool(each.refused) for each in effect or []),
    }
    return render(request, "venues/branch_closures.html", context)
