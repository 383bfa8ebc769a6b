"""Head office adds many places from a table: a dry run, then confirmation on the import's page."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusals import refusals_as_messages
from common.spreadsheets import csv_response
from common.tables import BIGGEST
from venues import actions
from venues.forms.joining import OneSchemeForm, SchemeField
from venues.importers import importer_of
from venues.views.organisations import head_office


class BranchesForm(OneSchemeForm):
    """The table, and the scheme that its places sign up to."""

    scheme = SchemeField()
    file = forms.FileField(
        label=gettext_lazy("CSV file or Excel workbook"),
        allow_empty_file=True,  # the reader refuses it in its own words
        help_text=gettext_lazy(
            "One row for each place. Required: name and postcode. Optional: type, address, "
            "town, website, contact name, contact email, contact phone, opening hours, listing."
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet of the workbook"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Only if several sheets of the workbook look alike."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(_("The file is too big. Split it, and give the parts."))
        return file


@never_cache
@require_http_methods(["GET", "POST"])
def import_branches(request, organisation_id):
    """Store the file and queue its dry run; nothing else changes."""
    organisation = head_office(request, organisation_id)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BranchesForm(*given)
    if form.is_valid():
        with refusals_as_messages(request):
            stored = actions.ask_for_import(
                "branches",
                form.cleaned_data["scheme"],
                form.cleaned_data["file"],
                {"sheet": form.cleaned_data["sheet"]},
                by=request.user,
                organisation=organisation,
            )
            return redirect("branch_import", organisation.pk, stored.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "earlier": organisation.imports.defer("file", "lines", "to_put_right")[:5],
    }
    return render(request, "safespaces/import_branches.html", context)


@never_cache
@require_safe
def branch_import(request, organisation_id, import_pk):
    """Progress, what the import would do or did, and the button to confirm it."""
    organisation, stored = _stored(request, organisation_id, import_pk)
    context = {
        "organisation": organisation,
        "run": stored,
        "confirm": importer_of(stored).confirm,
    }
    return render(request, "safespaces/branch_import.html", context)


@require_POST
def confirm_branch_import(request, organisation_id, import_pk):
    _organisation, stored = _stored(request, organisation_id, import_pk)
    with refusals_as_messages(request):
        actions.confirm_import(stored, by=request.user)
    return redirect("branch_import", organisation_id, import_pk)


@require_POST
def stop_branch_import(request, organisation_id, import_pk):
    _organisation, stored = _stored(request, organisation_id, import_pk)
    with refusals_as_messages(request):
        actions.stop_import(stored, by=request.user)
    return redirect("branch_import", organisation_id, import_pk)


@never_cache
@require_safe
def branch_import_rows(request, organisation_id, import_pk):
    """The rows that were not imported unchanged, each with the reason, as CSV."""
    _organisation, stored = _stored(request, organisation_id, import_pk)
    if not stored.to_put_right:
        raise Http404
    return csv_response(_("rows-to-put-right"), *stored.to_put_right)


def _stored(request, organisation_id, import_pk):
    organisation = head_office(request, organisation_id)
    return organisation, get_object_or_404(organisation.imports, pk=import_pk)
