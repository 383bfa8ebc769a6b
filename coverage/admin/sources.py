"""Lists of other people's places: bringing one in, and what is said of it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import complain, refusals_as_messages
from coverage import actions
from coverage.forms import ImportPlacesForm, SourceForm
from coverage.models import Source
from venues.actions import ask_for_import
from venues.admin.base import SchemeFilter
from venues.models import Event

from .base import CoverageAdmin


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

    # Bringing one in

    @method_decorator([never_cache, require_http_methods(["GET", "POST"])])
    def import_places(self, request):
        """Take the file and have it tried; nothing is changed."""
        if not request.user.has_perm("coverage.import_places"):
            raise PermissionDenied
        form = ImportPlacesForm(request.POST or None, request.FILES or None, user=request.user)
        if form.is_valid():
            with refusals_as_messages(request):
                stored = ask_for_import(
                    "places",
                    form.cleaned_data["scheme"],
                    form.cleaned_data["file"],
                    form.options(),
                    by=request.user,
                )
                return redirect("admin:venues_import_change", stored.pk)
        page = self.page(request, title=_("Bring in a list of places"), form=form)
        return render(request, "admin/coverage/import_places.html", page)
