"""Gaps: their owners, the places approached, and the answers."""

from copy import copy
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from coverage import actions
from coverage.forms import AnswerForm, ApproachForm, CloseGapForm, GapForm, NewGapForm
from coverage.models import Gap
from venues.admin.base import SchemeFilter
from venues.models import SignUp

from .base import CoverageAdmin


class OpenFilter(admin.SimpleListFilter):
    title = _("how it stands")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("open", _("Open")),
            ("silent", _("Nothing heard for 30 days")),
            ("closed", _("Closed")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.open()
        if self.value() == "silent":
            return queryset.silent(timezone.now())
        if self.value() == "closed":
            return queryset.filter(closed_at__isnull=False)
        return queryset


class OpenGap(Decision):
    """Its form can be prefilled by another page: ?title=…&hours=…&area=…&other_place=…"""

    words = _("Write down a gap")
    press = _("Write it down")
    explains = _(
        "Somebody of your team looks after it. Whom you ask, and what they say, is written down on "
        "the next page. If nothing is heard for 30 days, it appears on your first page."
    )
    done = _("The gap is written down.")
    form = NewGapForm
    prefill = (*NewGapForm.Meta.fields, "other_place", "venue")
    route = "open/"
    creates = True

    def form_kwargs(self, thing, user):
        return {"user": user}

    def do(self, thing, *, by, other_place, venue, **given):
        gap = actions.open_gap(**given, by=by)
        whom = {"other_place": other_place, "venue": venue}
        return gap, {name: key for name, key in whom.items() if key is not None}

    def after(self, desk, owner, made):
        """Go to the page for recording an approach."""
        gap, whom = made
        url = reverse("admin:coverage_gap_change", args=[gap.pk])
        return f"{url}?{urlencode(whom)}#approach" if whom else url


class ChangeGap(Decision):
    words = _("The gap itself")
    press = _("Save")
    done = _("Saved.")
    form = GapForm

    def form_kwargs(self, gap, user):
        return {"instance": copy(gap), "user": user}  # the form writes into its instance

    def do(self, gap, *, by, **changes):
        return actions.change_gap(gap, changes, by=by)


class CloseGap(Decision):
    words = _("Close the gap")
    press = _("Close it")
    done = _("The gap is closed.")
    action = actions.close_gap
    form = CloseGapForm
    route = "<int:pk>/close/"

    def possible(self, gap, user):
        return gap.closed_at is None


class ReopenGap(Decision):
    words = _("Open it again")
    done = _("The gap is open again.")
    action = actions.reopen_gap
    route = "<int:pk>/reopen/"

    def possible(self, gap, user):
        return gap.closed_at is not None


class RecordApproach(Decision):
    words = _("Ask somebody")
    press = _("Write it down")
    done = _("Written down.")
    action = actions.record_approach
    form = ApproachForm
    prefill = ("other_place", "venue")
    route = "<int:pk>/approach/"
    checks_version = False  # each approach has its own row

    def form_kwargs(self, gap, user):
        return {"gap": gap, "user": user}

    def possible(self, gap, user):
        return gap.closed_at is None


class ChangeApproach(Decision):
    """Record an answer; the place approached stays as it is."""

    words = _("Write down what they say")
    press = _("Save")
    done = _("Written down.")
    form = AnswerForm
    permission = "record_approach"
    route = "<int:pk>/approach/<int:approach_pk>/"

    def part(self, gap, user, approach_pk):
        return get_object_or_404(gap.approaches.select_related("gap"), pk=approach_pk), {}

    def form_kwargs(self, approach, user):
        known = {name: getattr(approach, name) for name in ("answer", "next_step", "due_on")}
        return {"prefix": f"approach-{approach.pk}", "initial": known, "auto_id": "id_%s"}

    def do(self, approach, *, by, **given):
        whom = {name: getattr(approach, name) for name in ("other_place", "venue", "name")}
        return actions.record_approach(approach.gap, **whom, **given, by=by)


@admin.register(Gap)
class GapAdmin(CoverageAdmin):
    list_display = [
        "title",
        "hours",
        "where",
        "owner",
        "asked",
        "last_heard_at",
        "standing",
        "scheme",
    ]
    list_filter = [OpenFilter, ("scheme", SchemeFilter), ("owner", SchemeFilter)]
    list_select_related = ["scheme", "area", "drawn_area", "owner"]
    search_fields = ["title", "approaches__name", "approaches__other_place__name"]
    change_form_template = "admin/coverage/gap.html"
    decisions = [OpenGap, ChangeGap, CloseGap, ReopenGap, RecordApproach, ChangeApproach]
    fields = ["title", "scheme", "hours", "where", "owner", "opened_at", "standing", "outcome"]
    readonly_fields = ["where", "standing"]

    def get_queryset(self, request):
        found = super().get_queryset(request).with_last_heard()
        found = found.annotate(approached=Count("approaches", distinct=True))
        return found.defer("area__boundary", "drawn_area__boundary")

    @admin.display(description=_("where"))
    def where(self, gap):
        return gap.drawn_area or gap.area or ""

    @admin.display(description=_("approached"), ordering="approached")
    def asked(self, gap):
        return gap.approached

    @admin.display(description=_("last heard"), ordering="last_heard")
    def last_heard_at(self, gap):
        return timezone.localdate(gap.last_heard)

    @admin.display(description=_("how it stands"), ordering="closed_at")
    def standing(self, gap):
        return _("Closed") if gap.closed_at else _("Open")

    def more_below(self, request, gap):
        below = super().more_below(request, gap)
        may_approach = below["offers"]["record_approach"] is not None
        approaches = gap.approaches.select_related(
            "other_place__sign_up", "venue", "other_place__source"
        )
        mine = SignUp.objects.for_officer(request.user).filter(other_places__approaches__gap=gap)
        mine = set(mine.values_list("pk", flat=True))
        answer = ChangeApproach()
        return {
            **below,
            "approaches": [
                (
                    each,
                    answer.form_for(each, request.user) if may_approach else None,
                    each.other_place_id and each.other_place.sign_up_id in mine,
                )
                for each in approaches
            ],
        }
