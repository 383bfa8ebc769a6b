"""The officers' page that brings in a table: a trial first, then a button that does it.

Between the two the file waits in the cache, for this session only and for a quarter of an hour.
"""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusals import refusals_as_messages
from common.tables.waiting import WaitingFile
from safespaces.imports.forms import ImportMembersForm
from safespaces.imports.members import import_members as bring_in
from safespaces.imports.rows import RefusedRows
from venues.models import Scheme

may_import = permission_required("venues.import_members", raise_exception=True)


def _waiting(request) -> WaitingFile:
    return WaitingFile(request, "import-members")


@never_cache
@may_import
@require_http_methods(["GET", "POST"])
def import_members(request):
    """Take the file and show what it would do; nothing is changed."""
    form = ImportMembersForm(request.POST or None, request.FILES or None, user=request.user)
    token, rows, trial, waiting = "", "", None, _waiting(request)
    if form.is_valid():
        scheme, file = form.cleaned_data["scheme"], form.cleaned_data["file"]
        asked = {"name": file.name, "data": file.read()}
        asked |= {name: form.cleaned_data[name] for name in ("invite", "sheet")}
        with refusals_as_messages(request):
            try:
                trial = bring_in(**asked, scheme=scheme, by=request.user, dry_run=True)
            except RefusedRows as refusal:
                rows = waiting.keep_rows(refusal.findings, refusal.table)
                raise
            token = waiting.keep({**asked, "scheme": scheme.pk})
            rows = waiting.keep_rows(trial.findings, trial.table)
    context = {
        **admin.site.each_context(request),
        "title": _("Bring in earlier records"),
        "form": form,
        "trial": trial,
        "token": token,
        "rows": rows,
    }
    return render(request, "admin/import_members.html", context)


@may_import
@require_POST
def confirm_import_members(request):
    """Do what the trial showed."""
    asked = _waiting(request).take(request.POST.get("token", ""))
    if asked is None:
        messages.error(request, _("The file waited for too long. Give it again."))
        return redirect("import_members")
    own = Scheme.objects.for_officer(request.user)
    scheme = get_object_or_404(own, pk=asked.pop("scheme"))
    with refusals_as_messages(request):
        for sentence in bring_in(**asked, scheme=scheme, by=request.user).sentences():
            messages.success(request, sentence)
    return redirect("import_members")


@never_cache
@may_import
@require_safe
def rows_to_put_right(request):
    """The rows of a trial that were not taken as they stand, each with the reason, as CSV."""
    answer = _waiting(request).rows_as_csv(request.GET.get("rows", ""))
    if answer is None:
        messages.error(request, _("The file waited for too long. Give it again."))
        return redirect("import_members")
    return answer
