"""Gaps: who looks after each, whom they asked, and what was answered."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import complain, refusals_as_messages
from coverage import actions
from coverage.forms import AnswerForm, ApproachForm, CloseGapForm, GapForm
from coverage.models import Gap
from venues.admin.base import SchemeFilter
from venues.models import Event, SignUp

from .base import CoverageAdmin


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("how it stands")
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
    search_fields = ["title", "approaches__name", "approaches__place__name"]
    change_form_template = "admin/coverage/gap.html"
    fields = ["title", "scheme", "hours", "where", "owner", "opened_at", "standing", "outcome"]
    readonly_fields = ["where", "standing"]

    def get_queryset(self, request):
        found = super().get_queryset(request).with_last_heard()
        found = found.annotate(approached=Count("approaches", distinct=True))
        return found.defer("area__boundary", "drawn_area__boundary")

    @admin.display(description=gettext_lazy("where"))
    def where(self, gap):
        return gap.drawn_area or gap.area or ""

    @admin.display(description=gettext_lazy("approached"), ordering="approached")
    def asked(self, gap):
        return gap.approached

    @admin.display(description=gettext_lazy("last heard"), ordering="last_heard")
    def last_heard_at(self, gap):
        return timezone.localdate(gap.last_heard)

    @admin.display(description=gettext_lazy("how it stands"), ordering="closed_at")
    def standing(self, gap):
        return _("Closed") if gap.closed_at else _("Open")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("coverage.open_gap")

    def events_of(self, gap):
        return Event.objects.filter(
            about_type__app_label="coverage", about_type__model="gap", about_id=gap.pk
        )

    def get_urls(self):
        pages = [
            ("open/", self.open_gap),
            ("<int:pk>/change-gap/", self.change_gap),
            ("<int:pk>/close/", self.close_gap),
            ("<int:pk>/reopen/", self.reopen_gap),
            ("<int:pk>/approach/", self.record_approach),
            ("<int:pk>/approach/<int:approach_pk>/", self.change_approach),
        ]
        view = self.admin_site.admin_view
        return [
            *(path(route, view(page), name=page.__name__) for route, page in pages),
            *super().get_urls(),
        ]

    # A new one; its page takes what another page knows already: ?title=…&hours=…&area=…&place=…

    @method_decorator(require_safe)
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        known = {name: request.GET[name] for name in GapForm.Meta.fields if name in request.GET}
        return self._open_page(request, GapForm(user=request.user, initial=known))

    def _open_page(self, request, form):
        asked = request.GET if request.method == "GET" else request.POST
        page = self.page(
            request,
            title=_("Write down a gap"),
            form=form,
            place=asked.get("place", ""),
            venue=asked.get("venue", ""),
        )
        return render(request, "admin/coverage/open_gap.html", page)

    @method_decorator(require_POST)
    def open_gap(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = GapForm(request.POST, user=request.user)
        if form.is_valid():
            with refusals_as_messages(request, _("The gap is written down.")):
                gap = actions.open_gap(**form.cleaned_data, by=request.user)
                whom = "&".join(
                    f"{name}={request.POST[name]}"
                    for name in ("place", "venue")
                    if request.POST.get(name, "").isdecimal()
                )
                url = reverse("admin:coverage_gap_change", args=[gap.pk])
                return redirect(f"{url}?{whom}#approach" if whom else url)
        return self._open_page(request, form)

    # One gap

    def more_below(self, request, gap):
        user = request.user
        approaches = gap.approaches.select_related("place__sign_up", "venue", "place__source")
        may_approach = not gap.closed_at and user.has_perm("coverage.record_approach", gap)
        mine = SignUp.objects.for_officer(user).filter(places__approaches__gap=gap)
        mine = set(mine.values_list("pk", flat=True))
        asked = {
            name: int(request.GET[name])
            for name in ("place", "venue")
            if request.GET.get(name, "").isdecimal()
        }
        return {
            **super().more_below(request, gap),
            "approaches": [
                (
                    each,
                    _answer_form(each) if may_approach else None,
                    each.place_id and each.place.sign_up_id in mine,
                )
                for each in approaches
            ],
            "approach_form": ApproachForm(gap=gap, user=user, initial=asked)
            if may_approach
            else None,
            "gap_form": GapForm(instance=gap, user=user)
            if user.has_perm("coverage.change_gap", gap)
            else None,
            "close_form": CloseGapForm()
            if not gap.closed_at and user.has_perm("coverage.close_gap", gap)
            else None,
            "may_reopen": bool(gap.closed_at) and user.has_perm("coverage.reopen_gap", gap),
        }

    @method_decorator(require_POST)
    def change_gap(self, request, pk):
        gap = self.own(request, pk, "change_gap")
        form = GapForm(
            request.POST, instance=self.own(request, pk, "change_gap"), user=request.user
        )
        if form.is_valid():
            with refusals_as_messages(request, _("Saved.")):
                actions.change_gap(gap, form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:coverage_gap_change", pk)

    @method_decorator(require_POST)
    def record_approach(self, request, pk):
        gap = self.own(request, pk, "record_approach")
        form = ApproachForm(request.POST, gap=gap, user=request.user)
        if form.is_valid():
            with refusals_as_messages(request, _("Written down.")):
                actions.record_approach(gap, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:coverage_gap_change", pk)

    @method_decorator(require_POST)
    def change_approach(self, request, pk, approach_pk):
        gap = self.own(request, pk, "record_approach")
        approach = get_object_or_404(gap.approaches, pk=approach_pk)
        form = _answer_form(approach, request.POST)
        if form.is_valid():
            whom = {"place": approach.place, "venue": approach.venue, "name": approach.name}
            with refusals_as_messages(request, _("Written down.")):
                actions.record_approach(gap, **whom, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:coverage_gap_change", pk)

    @method_decorator(require_POST)
    def close_gap(self, request, pk):
        gap = self.own(request, pk, "close_gap")
        form = CloseGapForm(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("The gap is closed.")):
                actions.close_gap(gap, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:coverage_gap_change", pk)

    @method_decorator(require_POST)
    def reopen_gap(self, request, pk):
        gap = self.own(request, pk, "reopen_gap")
        with refusals_as_messages(request, _("The gap is open again.")):
            actions.reopen_gap(gap, by=request.user)
        return redirect("admin:coverage_gap_change", pk)


def _answer_form(approach, data=None):
    """The form of an approach that exists: whom is settled."""
    known = {name: getattr(approach, name) for name in ("answer", "next_step", "due_on")}
    return AnswerForm(data, prefix=f"approach-{approach.pk}", initial=known)
