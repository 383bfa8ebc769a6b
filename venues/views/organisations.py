"""All places of one organisation: how each stands, what is left, adding more."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.branches import branches_csv, overview
from venues.forms import AddBranchForm, BranchFilterForm
from venues.models import Organisation, SignUp
from venues.scopes import looks_after_all

PAGE = 100


def of_member(request, organisation_id) -> Organisation:
    """An organisation of which this user looks after something."""
    return get_object_or_404(Organisation.objects.of_member(request.user), pk=organisation_id)


def head_office(request, organisation_id) -> Organisation:
    """An organisation that this user looks after as a whole."""
    return get_object_or_404(Organisation.objects.managed_by(request.user), pk=organisation_id)


@require_safe
def organisation_home(request, organisation_id):
    """The places in one's scope in one table, most urgent first."""
    organisation = of_member(request, organisation_id)
    table, form = _filtered(request, organisation)
    page = Paginator(table.rows(), PAGE).get_page(request.GET.get("page"))
    first = table.branches[0].sign_up if table.branches else None
    context = {
        "organisation": organisation,
        "table": table,
        "form": form,
        "page": page,
        "first": first,
        "is_head_office": looks_after_all(request.user, organisation),
        "is_manager": organisation.venues.managed_by(request.user).exists(),
    }
    return render(request, "venues/organisation.html", context)


@require_safe
def organisation_csv(request, organisation_id):
    """The table as it is filtered, all of it, for a spreadsheet."""
    organisation = of_member(request, organisation_id)
    table, _form = _filtered(request, organisation)
    return branches_csv(slugify(organisation.name) or "places", table)


def _filtered(request, organisation):
    """(the table with the chosen rows alone, the filter)."""
    mine = SignUp.objects.of_member(request.user).filter(venue__organisation=organisation)
    table = overview(mine, timezone.now())
    form = BranchFilterForm(request.GET, schemes=table.schemes)
    table.branches = form.chosen(table)
    return table, form


@require_http_methods(["GET", "POST"])
def add_branch(request, organisation_id):
    """A draft for one more place; what was said about the organisation is there already."""
    organisation = head_office(request, organisation_id)
    form = AddBranchForm(request.POST or None)
    if form.is_valid():
        with refusals_as_messages(request):
            sign_up = actions.start_sign_up(
                by=request.user, organisation=organisation, **form.cleaned_data
            )
            return redirect("sign_up", sign_up.pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "venues/add_branch.html", context)
