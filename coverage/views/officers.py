"""Where and when nobody is covered, for officers: one page, its map and its downloads."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused, refusals_as_messages
from common.spreadsheets import csv_response
from coverage import answers
from coverage.actions import hide_public_map, show_public_map
from coverage.forms.question import QuestionForm
from coverage.models import OtherPlace, PublicMap
from coverage.snapshots import quarters_of
from coverage.sums import measure, measure_week
from geography.geojson import MEDIA_TYPE
from geography.models import Area
from venues.models import Scheme

may_look = permission_required("coverage.view_coverage", raise_exception=True)


@never_cache
@may_look
@require_safe
def coverage(request):
    """The answer in one sentence, then the map, then the tables."""
    form = QuestionForm(request.GET, user=request.user)
    page = {
        **admin.site.each_context(request),
        "title": _("Coverage"),
        "form": form,
        "asked": request.GET.urlencode(),
        "scheme": form.its_scheme,
        "answer": None,
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION},
    }
    if form.its_scheme:
        page["kept"] = quarters_of(form.its_scheme)
        page["is_public"] = PublicMap.objects.filter(scheme=form.its_scheme).exists()
        page["may_open_gap"] = request.user.has_perm("coverage.open_gap", form.its_scheme)
        page["may_publish"] = request.user.has_perm("coverage.show_public_map", form.its_scheme)
    if form.is_valid():
        with refusals_as_messages(request):
            page["answer"] = _answer(form)
    return render(request, "admin/coverage/coverage.html", page)


def _answer(form):
    question = form.question()
    measures = measure(question)
    week = measure_week(question, form.cleaned_data["week"])
    return {
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
    """(row, address of the page that writes a gap there down) of each ward."""
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
    """The page that writes a gap down, with what is known already filled in."""
    return f"{reverse('admin:coverage_gap_add')}?{urlencode(known)}"


@never_cache
@may_look
@require_safe
def coverage_map_data(request):
    """What the map draws for every hour of the week, as JSON."""
    form = _asked(request)
    other_places = OtherPlace.objects.for_officer(request.user).present()
    try:
        drawn = answers.map_of(
            form.question(), form.cleaned_data["week"], other_places=other_places
        )
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=400)
    return JsonResponse(drawn)


@never_cache
@may_look
@require_safe
def coverage_csv(request):
    return _table(request, "coverage", lambda question, __: answers.table(measure(question)))


@never_cache
@may_look
@require_safe
def coverage_week_csv(request):
    return _table(
        request,
        "coverage-week",
        lambda question, day: answers.week_table(measure_week(question, day)),
    )


@never_cache
@may_look
@require_safe
def coverage_geojson(request):
    form = _asked(request)
    with refusals_as_messages(request):
        answer = answers.areas_geojson(measure(form.question()))
        response = JsonResponse(answer, content_type=MEDIA_TYPE)
        response["Content-Disposition"] = 'attachment; filename="coverage.geojson"'
        return response
    return redirect("coverage")


@may_look
@require_POST
def show_coverage(request, scheme_id):
    """Let the public see how well this scheme covers its area."""
    scheme = _scheme(request, scheme_id)
    with refusals_as_messages(request, _("The public may see the coverage of this scheme now.")):
        show_public_map(scheme, by=request.user)
    return redirect(f"{reverse('coverage')}?scheme={scheme.pk}")


@may_look
@require_POST
def hide_coverage(request, scheme_id):
    scheme = _scheme(request, scheme_id)
    with refusals_as_messages(request, _("The public sees the coverage no longer.")):
        hide_public_map(scheme, by=request.user)
    return redirect(f"{reverse('coverage')}?scheme={scheme.pk}")


def _scheme(request, pk):
    scheme = get_object_or_404(Scheme.objects.for_officer(request.user), pk=pk)
    if not request.user.has_perm("coverage.show_public_map", scheme):
        raise Http404
    return scheme


def _asked(request):
    form = QuestionForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404
    return form


def _table(request, name, make):
    form = _asked(request)
    with refusals_as_messages(request):
        return csv_response(name, *make(form.question(), form.cleaned_data["week"]))
    return redirect("coverage")
