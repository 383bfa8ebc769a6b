"""The most useful buildings: a ranked list, on the map, and from there to an invitation."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import Office, officers_page
from common.refusals import Refused, refusals_as_messages
from common.spreadsheets import csv_response
from coverage import answers
from coverage.forms.next_best import NextBestForm
from coverage.models import OtherPlace
from coverage.sums.ranking import LONGER, OTHER_PLACE, next_best
from geography.grid import grid_point, to_wgs84

from .officers import gap_url

KINDS = {
    "other_place": gettext_lazy("other space, if it joins"),
    "point": gettext_lazy("a building there"),
    "longer": gettext_lazy("our venue, if it opens longer"),
}


class NextBest(Office):
    """The ranked list, its map's data, and the list as CSV."""

    base = "admin/coverage/next-best/"

    @officers_page("", permission="view_coverage")
    def coverage_next_best(self, request):
        form = NextBestForm(request.GET, user=request.user)
        page = {
            "title": _("Which building would help most"),
            "form": form,
            "scheme": form.its_scheme,
            "asked": request.GET.urlencode(),
            "answer": None,
        }
        if form.is_valid():
            with refusals_as_messages(request):
                page["answer"] = next_best(form.question(), **form.options())
                page["picks"] = [
                    (pick, _kind(pick), _gap_url(pick, form), _page_of(pick))
                    for pick in page["answer"].picks
                ]
                page["now"] = (form.hours() or [None])[0]
                page["legend"] = answers.LEGEND
                page["may_open_gap"] = self.may(request.user, "open_gap", form.its_scheme)
        return render(request, "admin/coverage/next_best.html", self.page(request, **page))

    @officers_page("csv/", permission="view_coverage")
    def coverage_next_best_csv(self, request):
        form = NextBestForm(request.GET, user=request.user)
        if not form.is_valid():
            raise Http404
        with refusals_as_messages(request):
            answer = next_best(form.question(), **form.options())
            header = [
                _("Rank"),
                _("Name"),
                _("What it is"),
                _("Easting"),
                _("Northing"),
                _("Newly covered: %(base)s") % {"base": answer.base},
                _("Times hours"),
                _("Hours it would have to open"),
                _("Share covered after it"),
                _("How it was worked out"),
            ]
            rows = [
                [
                    rank,
                    pick.name,
                    _kind(pick),
                    round(pick.xy[0]),
                    round(pick.xy[1]),
                    pick.people,
                    pick.people_hours,
                    pick.hours_in_words,
                    f"{pick.share_after:.4f}",
                    answer.method,
                ]
                for rank, pick in enumerate(answer.picks, start=1)
            ]
            return csv_response("next-best", header, rows)
        return redirect("coverage_next_best")

    @officers_page("data/", permission="view_coverage")
    def coverage_next_best_data(self, request):
        """The map's data: as on the coverage page, plus the picks in order."""
        form = NextBestForm(request.GET, user=request.user)
        if not form.is_valid():
            raise Http404
        other_places = OtherPlace.objects.for_officer(request.user).present()
        try:
            question = form.question()
            answer = next_best(question, **form.options())
            drawn = answers.map_of(question, form.cleaned_data["week"], other_places=other_places)
        except Refused as refusal:
            return JsonResponse({"refused": str(refusal)}, status=400)
        return JsonResponse({**drawn, "picks": _picks_geojson(answer)})


def _picks_geojson(answer) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": to_wgs84(grid_point(*pick.xy))},
                "properties": {"name": f"{rank}. {pick.name}", "sign": str(rank)},
            }
            for rank, pick in enumerate(answer.picks, start=1)
        ],
    }


def _kind(pick) -> str:
    return str(KINDS[pick.kind])


def _gap_url(pick, form) -> str:
    """The URL of the form for a new gap, prefilled."""
    known = {
        "scheme": form.its_scheme.pk,
        "title": _("%(name)s would help most") % {"name": pick.name[:120]},
        "hours": pick.hours_in_words[:120],
    }
    if pick.kind == OTHER_PLACE:
        known["other_place"] = pick.key
    if pick.kind == LONGER:
        known["venue"] = pick.key
    return gap_url(**known)


def _page_of(pick) -> str:
    if pick.kind == OTHER_PLACE:
        return reverse("admin:coverage_otherplace_change", args=[pick.key])
    if pick.kind == LONGER:
        return reverse("admin:venues_venue_change", args=[pick.key])
    return ""
