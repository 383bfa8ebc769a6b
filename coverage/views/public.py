"""How well a scheme covers its area, for everybody, if an administrator has published it.

Opening hours are ignored: where nobody is open at night must not be published.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from common.refusals import Refused
from coverage import answers
from coverage.models import OtherPlace, PublicMap
from coverage.sums import WITHIN, Question, measure

MOST_OTHERS = 200
KEPT = {"public": True, "max_age": 600}


@login_not_required
@cache_control(**KEPT)
@require_safe
def public_coverage(request):
    """The schemes that publish their coverage."""
    maps = PublicMap.objects.shown().select_related("scheme").order_by("scheme__name")
    return render(request, "coverage/schemes.html", {"maps": maps})


@login_not_required
@cache_control(**KEPT)
@require_safe
def scheme_coverage(request, slug):
    scheme = _scheme(slug)
    page = {
        "scheme": scheme,
        "answer": None,
        "legend": answers.LEGEND,
        "others": _others(scheme),
    }
    try:
        question = _question(scheme)
        page["answer"] = measure(question)
        page["by_distance"] = answers.by_distance(question)
    except Refused as refusal:
        page["refused"] = refusal.reasons
    return render(request, "coverage/scheme.html", page)


@login_not_required
@cache_control(**KEPT)
@require_safe
def scheme_coverage_data(request, slug):
    """The public map's data, as JSON."""
    try:
        return JsonResponse(answers.public_map_of(_question(_scheme(slug))))
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=400)


def _scheme(slug):
    shown = PublicMap.objects.shown().select_related("scheme__area")
    return get_object_or_404(shown, scheme__slug=slug, scheme__area__isnull=False).scheme


def _others(scheme):
    """Spaces in this area that other schemes publish; named as theirs."""
    known = OtherPlace.objects.public().known_to(scheme).select_related("source")
    inside = known.filter(point__coveredby=scheme.area.boundary)
    return inside.order_by("source__own_scheme", "source_id", "name")[:MOST_OTHERS]


def _question(scheme):
    return Question(scheme.area, within=WITHIN, scheme=scheme, public=True)
