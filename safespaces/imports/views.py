"""The officers' page that brings in a table: a trial first, then a button that does it.

Between the two the file waits in the cache, for this session only and for a quarter of an hour.
"""

import secrets

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import refusals_as_messages
from safespaces.imports.forms import ImportMembersForm
from safespaces.imports.members import import_members as bring_in
from venues.models import Scheme

WAITS = 15 * 60
"""Seconds."""

may_import = permission_required("venues.import_members", raise_exception=True)


def _key(request, token):
    return f"import-members:{request.session.session_key}:{token}"


@never_cache
@may_import
@require_http_methods(["GET", "POST"])
def import_members(request):
    """Take the file and show what it would do; nothing is changed."""
    form = ImportMembersForm(request.POST or None, request.FILES or None, user=request.user)
    token, trial = "", None
    if form.is_valid():
        scheme, file = form.cleaned_data["scheme"], form.cleaned_data["file"]
        asked = {"name": file.name, "data": file.read(), "invite": form.cleaned_data["invite"]}
        with refusals_as_messages(request):
            trial = bring_in(**asked, scheme=scheme, by=request.user, dry_run=True)
            token = secrets.token_urlsafe(16)
            cache.set(_key(request, token), {**asked, "scheme": scheme.pk}, WAITS)
    context = {
        **admin.site.each_context(request),
        "title": _("Bring in earlier records"),
        "form": form,
        "trial": trial,
        "token": token,
    }
    return render(request, "admin/import_members.html", context)


@may_import
@require_POST
def confirm_import_members(request):
    """Do what the trial showed."""
    key = _key(request, request.POST.get("token", ""))
    asked = cache.get(key)
    if asked is None:
        messages.error(request, _("The file waited for too long. Give it again."))
        return redirect("import_members")
    cache.delete(key)
    own = Scheme.objects.for_officer(request.user)
    scheme = get_object_or_404(own, pk=asked.pop("scheme"))
    with refusals_as_messages(request):
        for sentence in bring_in(**asked, scheme=scheme, by=request.user).sentences():
            messages.success(request, sentence)
    return redirect("import_members")
