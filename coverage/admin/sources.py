"""Lists of other organisations' spaces: importing a list, and its details."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from coverage import actions
from coverage.forms import ImportOtherPlacesForm, SourceForm
from coverage.models import Source
from venues.admin.base import SchemeFilter
from venues.admin.imports import AskForImport

from .base import CoverageAdmin


class ChangeSource(Decision):
    words = _("What is said of the list")
    press = _("Save")
    done = _("Saved.")
    form = SourceForm

    def form_kwargs(self, source, user):
        return {"instance": source}

    def cleaned(self, form, source):
        return {"changes": {name: form.cleaned_data[name] for name in form.changed_data}}

    def do(self, source, *, by, changes):
        return actions.change_source(source, changes, by=by)


class RemoveSource(Decision):
    words = _("Remove the list")
    press = _("Remove the list and its spaces")
    explains = _(
        "Its spaces go with it, unless one of them has been linked, invited or approached."
    )
    done = _("The list and its spaces are removed.")
    action = actions.remove_source
    grave = True

    def after(self, desk, source, outcome):
        return reverse("admin:coverage_source_changelist")


class ImportOtherPlaces(AskForImport):
    words = _("Bring in a list of other spaces")
    kind = "other_places"
    form = ImportOtherPlacesForm
    route = "import/"
    template = "admin/coverage/import_other_places.html"


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
    decisions = [ImportOtherPlaces, ChangeSource, RemoveSource]
    creates = None  # a list is imported, from a link above the others
    fields = [
        "name",
        "scheme",
        "own_scheme",
        "kind",
        "serves",
        "licence",
        "dated",
        "publishes",
        "is_stops",
        "imported_at",
    ]

    def get_queryset(self, request):
        here = Count("other_places", filter=Q(other_places__gone_on__isnull=True))
        return super().get_queryset(request).annotate(other_places_here=here)

    @admin.display(description=_("spaces"), ordering="other_places_here")
    def how_many(self, source):
        return source.other_places_here

    def tools(self, request):
        if not request.user.has_perm("coverage.import_other_places"):
            return []
        return [(reverse("admin:import_other_places"), _("Bring in a list of other spaces"))]

    def more_below(self, request, source):
        other_places_url = reverse("admin:coverage_otherplace_changelist")
        return {
            **super().more_below(request, source),
            "other_places_url": f"{other_places_url}?source__id__exact={source.pk}",
        }
