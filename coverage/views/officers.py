"""Where and when nobody is covered, for officers: one page, its map and its downloads."""

from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, Office, officers_page
from common.refusals import Refused, refusals_as_messages
from common.spreadsheets import csv_response
from coverage import answers
from coverage.actions import hide_public_map, set_priority_groups, show_public_map
from coverage.forms import PriorityGroupsForm
from coverage.forms.question import QuestionForm
from coverage.models import OtherPlace, PublicMap
from coverage.priorities import priorities
from coverage.snapshots import quarters_of
from coverage.sums import measure, measure_week
from geography.geojson import MEDIA_TYPE
from geography.models import Area
from venues.models import Scheme

NOT_ON_A_MAP = _("Where people feel unsafe is shown in sums only, never on a map or in a file.")


class MapDecision(Decision):
    """Publishes or hides how well a scheme covers its area."""

    site = ""
    permission = "show_public_map"
    template = ""
    checks_version = False  # A switch: repeating it changes nothing.

    def may(self, user, scheme):
        """404 rather than 403: users without permission must not learn that the page exists."""
        if not super().may(user, scheme):
            raise Http404
        return True


class ShowCoverage(MapDecision):
    words = _("Show it to the public")
    done = _("The public may see the coverage of this scheme now.")
    action = show_public_map
    route = "<int:scheme_id>/show/"


class HideCoverage(MapDecision):
    words = _("Hide it from the public")
    done = _("The public sees the coverage no longer.")
    action = hide_public_map
    route = "<int:scheme_id>/hide/"


class SetPriorityGroups(Decision):
    """Which groups come before all residents."""

    words = _("Choose the priority groups")
    press = _("Save the groups")
    done = _("The priority groups are saved.")
    site = ""
    permission = "set_priority_groups"
    action = set_priority_groups
    form = PriorityGroupsForm
    route = "<int:scheme_id>/groups/"
    checks_version = False  # The whole choice is sent each time.

    def form_kwargs(self, scheme, user):
        chosen = scheme.priority_groups.values_list("base", flat=True)
        return {"initial": {"bases": list(chosen)}}


class Coverage(Office):
    """The coverage page, its map's data and its downloads."""

    base = "admin/coverage/"
    key = "scheme_id"
    decisions = [ShowCoverage, HideCoverage, SetPriorityGroups]

    def things(self, request):
        return Scheme.objects.for_officer(request.user)

    def home(self, scheme, goes_to=""):
        return f"{reverse('coverage')}?scheme={scheme.pk}"

    @officers_page("now/", permission="view_coverage")
    def coverage(self, request):
        """The answer in one sentence, then the map, then the tables."""
        form = QuestionForm(request.GET, user=request.user)
        page = {
            "title": _("Coverage"),
            "form": form,
            "asked": request.GET.urlencode(),
            "scheme": form.its_scheme,
            "answer": None,
        }
        if form.its_scheme:
            page["kept"] = quarters_of(form.its_scheme)
            page["is_public"] = PublicMap.objects.filter(scheme=form.its_scheme).exists()
            page["may_open_gap"] = self.may(request.user, "open_gap", form.its_scheme)
            if form.its_scheme.area:
                page["groups_form"] = self._groups_form(request, form.its_scheme)
            page["may_publish"] = self.may(request.user, "show_public_map", form.its_scheme)
        if form.is_valid():
            with refusals_as_messages(request):
                page["answer"] = _answer(form)
            page["may_download"] = not form.is_for_officers_only
        return render(request, "admin/coverage/coverage.html", self.page(request, **page))

    def _groups_form(self, request, scheme):
        """The form of the priority groups, if there are any and the officer may choose them."""
        if not self.may(request.user, "set_priority_groups", scheme):
            return None
        chosen = list(scheme.priority_groups.values_list("base", flat=True))
        form = PriorityGroupsForm(initial={"bases": chosen})
        return form if form.fields["bases"].queryset.exists() else None

    @officers_page("now/data/", permission="view_coverage")
    def coverage_map_data(self, request):
        """The map's data for every hour of the week, as JSON."""
        form = _asked(request)
        if form.is_for_officers_only:
            return JsonResponse({"refused": str(NOT_ON_A_MAP)}, status=400)
        other_places = OtherPlace.objects.for_officer(request.user).present()
        try:
            drawn = answers.map_of(
                form.question(), form.cleaned_data["week"], other_places=other_places
            )
        except Refused as refusal:
            return JsonResponse({"refused": str(refusal)}, status=400)
        return JsonResponse(drawn)

    @officers_page("now/csv/", permission="view_coverage")
    def coverage_csv(self, request):
        return _table(request, "coverage", lambda question, __: answers.table(measure(question)))

    @officers_page("now/week/csv/", permission="view_coverage")
    def coverage_week_csv(self, request):
        return _table(
            request,
            "coverage-week",
            lambda question, day: answers.week_table(measure_week(question, day)),
        )

    @officers_page("now/geojson/", permission="view_coverage")
    def coverage_geojson(self, request):
        form = _asked_for_download(request)
        with refusals_as_messages(request):
            answer = answers.areas_geojson(measure(form.question()))
            response = JsonResponse(answer, content_type=MEDIA_TYPE)
            response["Content-Disposition"] = 'attachment; filename="coverage.geojson"'
            return response
        return redirect("coverage")


def _answer(form):
    question = form.question()
    measures = measure(question)
    week = measure_week(question, form.cleaned_data["week"])
    return {
        "priorities": None
        if form.is_for_officers_only or not form.its_scheme.area
        else priorities(question, form.its_scheme),
        "measures": measures,
        "week": week,
        "grid": answers.grid(week),
        "hours": range(24),
        "worst": answers.worst_hours(week),
        "by_distance": answers.by_distance(question),
        "legend": answers.LEGEND,
        "now": form.hour_of_week,
        "wards": _wards(measures, form),
    }


def _wards(measures, form):
    """(row, URL of the prefilled form for a gap there) of each ward."""
    codes = [row.key for row in measures.wards]
    wards = Area.objects.filter(kind=Area.Kind.WARD, code__in=codes).order_by("vintage", "pk")
    keys = dict(wards.values_list("code", "pk"))
    known = {"scheme": form.its_scheme.pk}
    if measures.question.at:
        known["hours"] = f"{measures.question.at:%A %H:%M}"
    return [
        (row, gap_url(title=row.name, area=keys.get(row.key, ""), **known))
        for row in measures.wards
    ]


def gap_url(**known) -> str:
    """The URL of the form for a new gap, prefilled."""
    return f"{reverse('admin:coverage_gap_add')}?{urlencode(known)}"


def _asked(request):
    form = QuestionForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404
    return form


def _asked_for_download(request):
    """The form of a download; what is for officers only leaves the pages in no file."""
    form = _asked(request)
    if form.is_for_officers_only:
        raise Http404
    return form


def _table(request, name, make):
    form = _asked_for_download(request)
    with refusals_as_messages(request):
        return csv_response(name, *make(form.question(), form.cleaned_data["week"]))
    return redirect("coverage")
