"""The officers' page that takes a table of earlier records. The import's own page goes on."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.refusals import refusals_as_messages
from safespaces.imports.forms import ImportMembersForm
from venues.actions import ask_for_import

may_import = permission_required("venues.import_members", raise_exception=True)


@never_cache
@may_import
@require_http_methods(["GET", "POST"])
def import_members(request):
    """Take the file and have it tried; nothing is changed."""
    form = ImportMembersForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        options = {name: form.cleaned_data[name] for name in ("invite", "sheet")}
        with refusals_as_messages(request):
            stored = ask_for_import(
                "members",
                form.cleaned_data["scheme"],
                form.cleaned_data["file"],
                options,
                by=request.user,
            )
            return redirect("admin:venues_import_change", stored.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Bring in earlier records"),
        "form": form,
    }
    return render(request, "admin/import_members.html", context)
