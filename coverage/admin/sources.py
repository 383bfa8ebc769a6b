"""Lists of other people's places: bringing one in, and what is said of it."""

import secrets

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import complain, refusals_as_messages
from coverage import actions
from coverage.forms import ImportPlacesForm, SourceForm
from coverage.forms.places import schemes_of
from coverage.importers.places import import_places as bring_in
from coverage.models import Source
from venues.admin.base import SchemeFilter
from venues.models import Event

from .base import CoverageAdmin

WAITS = 15 * 60
"""Seconds that a file waits, for this session only, between the trial and the button."""


@admin.register(Source)
class SourceAdmin(CoverageAdmin):
    list_display = [
        "name",
        "own_scheme",
        "kind",
        "serves",
        "how_many",
        "dated",
        "publishes",
        "licence",
        "scheme",
    ]
    list_filter = ["kind", "publishes", ("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["name", "own_scheme"]
    change_form_template = "admin/coverage/source.html"
    fields = [
        "name",
        "scheme",
        "own_scheme",
        "kind",
        "serves",
        "licence",
        "dated",
        "publishes",
        "imported_at",
    ]

    def get_queryset(self, request):
        here = Count("places", filter=Q(places__gone_on__isnull=True))
        return super().get_queryset(request).annotate(places_here=here)

    @admin.display(description=gettext_lazy("places"), ordering="places_here")
    def how_many(self, source):
        return source.places_here

    def tools(self, request):
        if not request.user.has_perm("coverage.import_places"):
            return []
        return [(reverse("admin:import_places"), _("Bring in a list of places"))]

    def events_of(self, source):
        return Event.objects.filter(
            about_type__app_label="coverage", about_type__model="source", about_id=source.pk
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_places), name="import_places"),
            path("import/confirm/", view(self.confirm_import_places), name="confirm_import_places"),
            path("<int:pk>/change-source/", view(self.change_source), name="change_source"),
            path("<int:pk>/remove-source/", view(self.remove_source), name="remove_source"),
            *super().get_urls(),
        ]

    def more_below(self, request, source):
        may_change = request.user.has_perm("coverage.change_source", source)
        return {
            **super().more_below(request, source),
            "form": SourceForm(instance=source) if may_change else None,
            "places_url": reverse("admin:coverage_place_changelist")
            + f"?source__id__exact={source.pk}",
        }

    @method_decorator(require_POST)
    def change_source(self, request, pk):
        source = self.own(request, pk, "change_source")
        form = SourceForm(request.POST, instance=source)
        if form.is_valid():
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            with refusals_as_messages(request, _("Saved.")):
                actions.change_source(source, changes, by=request.user)
        complain(request, form)
        return redirect("admin:coverage_source_change", pk)

    @method_decorator(require_POST)
    def remove_source(self, request, pk):
        source = self.own(request, pk, "remove_source")
        with refusals_as_messages(request, _("The list and its places are removed.")):
            actions.remove_source(source, by=request.user)
            return redirect("admin:coverage_source_changelist")
        return redirect("admin:coverage_source_change", pk)

    # Bringing one in: a trial first, then a button that does it

    @method_decorator([never_cache, require_http_methods(["GET", "POST"])])
    def import_places(self, request):
        """Take the file and show what it would do; nothing is changed."""
        if not request.user.has_perm("coverage.import_places"):
            raise PermissionDenied
        form = ImportPlacesForm(request.POST or None, request.FILES or None, user=request.user)
        token, trial = "", None
        if form.is_valid():
            scheme, file = form.cleaned_data["scheme"], form.cleaned_data["file"]
            asked = {
                "file": file.name,
                "data": file.read(),
                "name": form.cleaned_data["name"],
                "about": form.about(),
                "whole": form.cleaned_data["whole"],
            }
            with refusals_as_messages(request):
                trial = bring_in(**asked, scheme=scheme, by=request.user, dry_run=True)
                token = secrets.token_urlsafe(16)
                cache.set(_key(request, token), {**asked, "scheme": scheme.pk}, WAITS)
        page = self.page(
            request, title=_("Bring in a list of places"), form=form, trial=trial, token=token
        )
        return render(request, "admin/coverage/import_places.html", page)

    @method_decorator(require_POST)
    def confirm_import_places(self, request):
        """Do what the trial showed."""
        if not request.user.has_perm("coverage.import_places"):
            raise PermissionDenied
        key = _key(request, request.POST.get("token", ""))
        asked = cache.get(key)
        if asked is None:
            messages.error(request, _("The file waited for too long. Give it again."))
            return redirect("admin:import_places")
        cache.delete(key)
        own = schemes_of(request.user, "coverage.import_places")
        scheme = get_object_or_404(own, pk=asked.pop("scheme"))
        with refusals_as_messages(request):
            for sentence in bring_in(**asked, scheme=scheme, by=request.user).sentences():
                messages.success(request, sentence)
        return redirect("admin:coverage_source_changelist")


def _key(request, token):
    return f"import-places:{request.session.session_key}:{token}"
