"""The badge for a place's own website: the picture, and the portal's page about it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from signposting.website_badges import website_badge
from venues.views.fetching import of_member


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def website_badge_picture(request, slug, scheme):
    """Anybody's website may show it, and it changes within minutes of the membership."""
    badge = website_badge(slug, scheme, timezone.localdate())
    return HttpResponse(
        badge.as_svg(),
        content_type="image/svg+xml; charset=utf-8",
        headers={"Cross-Origin-Resource-Policy": "cross-origin"},
    )


@require_safe
def badge_for_website(request, pk):
    sign_up = of_member(request, pk)
    slug, scheme = sign_up.venue.slug, sign_up.scheme
    picture = reverse("website_badge_picture", args=[slug, scheme.slug])
    snippet = format_html(
        '<a href="{}">\n  <img src="{}" alt="{}" width="320" height="96" loading="lazy">\n</a>',
        settings.SITE_URL + reverse("venue_page", args=[slug]),
        settings.SITE_URL + picture,
        # Not "member": the picture alone knows whether that is still so.
        scheme.name,
    )
    badge = website_badge(slug, scheme.slug, timezone.localdate())
    page = {"sign_up": sign_up, "picture": picture, "snippet": str(snippet), "badge": badge}
    return render(request, "signposting/badge_for_website.html", page)
