"""A scheme's assets: its colour as a stylesheet, and its logo."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.colours import check_colour
from venues.look_preview import colours_of
from venues.models import Scheme


@login_not_required
@require_safe
def look_css(request, colour: str) -> HttpResponse:
    """Custom properties for a colour, six hex digits, on light and dark pages.

    Determined by the URL alone, so cacheable forever; our Content-Security-Policy forbids inline
    styles.
    """
    try:
        check_colour(f"#{colour}")
    except ValidationError:
        raise Http404 from None
    context = {"colours": colours_of(f"#{colour}")}
    response = render(request, "venues/look.css", context, content_type="text/css")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@login_not_required
@require_safe
def scheme_logo(request, slug: str) -> FileResponse:
    """The logo of a publicly visible scheme."""
    scheme = get_object_or_404(Scheme.objects.shown().exclude(logo=""), slug=slug)
    response = FileResponse(scheme.logo.open("rb"), content_type="image/png")
    response["Cache-Control"] = "public, max-age=300"
    return response
