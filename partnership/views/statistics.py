"""The public's page of figures: those of a quarter that a scheme has published."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnership.models import QuarterFigures
from partnership.pack.use import compared, use_part
from venues.models import Scheme

A_MINUTE = {"public": True, "max_age": 60}


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics(request):
    """Which schemes there are."""
    schemes = Scheme.objects.shown()
    return render(request, "partnership/statistics.html", {"scheme": None, "schemes": schemes})


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics_scheme(request, scheme):
    """A scheme's newest figures."""
    return _figures(request, scheme, None)


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics_quarter(request, scheme, quarter):
    return _figures(request, scheme, quarter)


def _figures(request, slug, quarter):
    scheme = get_object_or_404(Scheme.objects.shown(), slug=slug)
    published = QuarterFigures.objects.published().filter(scheme=scheme).latest()
    quarters = [each.quarter for each in published.only("scheme", "year", "number", "revision")]
    if quarter is None:
        quarter = quarters[0] if quarters else None
    elif quarter not in quarters:
        raise Http404
    context = {
        "scheme": scheme,
        "quarter": quarter,
        "part": use_part(compared(scheme, quarter, published=True)) if quarter else None,
        "others": [each for each in quarters if each != quarter],
    }
    return render(request, "partnership/statistics.html", context)
