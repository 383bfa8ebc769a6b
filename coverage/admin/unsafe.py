"""Where people feel unsafe: for officers only, never exported."""

from django.contrib import admin
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from coverage import actions
from coverage.forms import FeltUnsafeForm
from coverage.models import FeltUnsafe
from venues.admin.base import SchemeFilter

from .base import CoverageAdmin


class BringInFeltUnsafe(Decision):
    words = _("Bring in where people feel unsafe")
    press = _("Bring in the counts")
    done = _("The counts are brought in. Choose them on the coverage page, under “Counting”.")
    form = FeltUnsafeForm
    route = "bring-in/"
    creates = True

    def form_for(self, thing, user, data=None, files=None, known=None):
        return FeltUnsafeForm(data, files, user=user, auto_id="bring_in_felt_unsafe_%s")

    def do(self, thing, *, by, scheme, file, **given):
        return actions.bring_in_felt_unsafe(
            scheme, file=file.name, data=file.read(), by=by, **given
        )

    def after(self, desk, thing, outcome):
        return reverse("admin:coverage_feltunsafe_changelist")


class RemoveFeltUnsafe(Decision):
    words = _("Remove this")
    press = _("Remove the counts")
    done = _("The counts are removed.")
    action = actions.remove_felt_unsafe
    grave = True

    def after(self, desk, thing, outcome):
        return reverse("admin:coverage_feltunsafe_changelist")


@admin.register(FeltUnsafe)
class FeltUnsafeAdmin(CoverageAdmin):
    list_display = ["source", "collected_on", "squares", "points", "imported_at", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    fields = ["source", "scheme", "collected_on", "imported_at", "imported_by"]
    decisions = [BringInFeltUnsafe, RemoveFeltUnsafe]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(squares=Count("points"), total=Sum("points__people"))

    @admin.display(description=_("squares"), ordering="squares")
    def squares(self, thing):
        return thing.squares

    @admin.display(description=_("points in them"), ordering="total")
    def points(self, thing):
        return thing.total
