"""The public statistics: published figures only."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnership.models import PeriodFigures
from partnership.pack.use import compared, use_part
from venues.models import Scheme

A_MINUTE = {"public": True, "max_age": 60}


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics(request):
    """The schemes with published figures."""
    schemes = Scheme.objects.shown()
    return render(request, "partnership/statistics.html", {"scheme": None, "schemes": schemes})


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics_scheme(request, scheme):
    """A scheme's latest figures."""
    return _figures(request, scheme, None)


@login_not_required
@require_safe
@cache_control(**A_MINUTE)
def statistics_period(request, scheme, period):
    return _figures(request, scheme, period)


def _figures(request, slug, period):
    scheme = get_object_or_404(Scheme.objects.shown(), slug=slug)
    published = PeriodFigures.objects.published().filter(scheme=scheme).latest()
    periods = [
        each.period for each in published.only("scheme", "length", "year", "number", "revision")
    ]
    periods.sort(reverse=True)
    if period is None:
        period = periods[0] if periods else None
    elif period not in periods:
        raise Http404
    context = {
        "scheme": scheme,
        "period": period,
        "part": use_part(compared(scheme, period, published=True)) if period else None,
        "others": [each for each in periods if each != period],
    }
    return render(request, "partnership/statistics.html", context)
