"""The public pages. None sets a cookie or records what was searched for."""

import datetime
import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts import devices
from common import retention
from common.drawn import Drawn, frame_key
from common.durations import in_words
from common.errors import too_many_requests
from common.limits import RATES, count_failure, may_try
from common.page_time import reads_only
from signposting.all_places import all_places, cards_of, moment_of
from signposting.answer_page import answer_page
from signposting.answers import arrange, origin_of
from signposting.around import nowhere
from signposting.directions import device_of
from signposting.followed import who_helps
from signposting.forms import HIDDEN, LocationForm
from signposting.geojson import outlines, places_by_rule, places_kept
from signposting.known_help import help_at
from signposting.map_views import here_on_the_map, read_view
from signposting.nearest import search
from signposting.paper import paper_of
from signposting.rules import (
    KEPT_SECONDS,
    closed_scheme_of,
    current_sticker,
    hidden_places,
    normalise_code,
)
from signposting.schemes import example_sticker
from signposting.sitemap import sitemap_of
from signposting.staffed import staffed_around
from signposting.venue_pages import kept_page, page_of
from signposting.wishes import NAMES, read_wishes
from venues.kept import page_of_slug, stamp
from venues.materials import Audience, materials_for
from venues.models import Clearance, Scheme, Venue
from venues.organisations_state import named_organisations
from venues.scheme_sections import sections

PLACES_A_PAGE = 250
PLACES_ON_A_SCHEMES_PAGE = 30
AN_HOUR = 3600
A_MINUTE = {"public": True, "max_age": 30}
"""How long others may cache a page: a suspended venue is gone from everywhere within a minute."""

_venue_pages = Drawn(most=1000, seconds=60)  # some 15 kB each
_map_pages = Drawn(most=100, seconds=KEPT_SECONDS)  # some 90 kB each
_map_views = Drawn(most=500, seconds=KEPT_SECONDS)
"""Rendered from kept rows, cached under keys that change with them: a suspended place is gone at
once.
"""


@login_not_required
@reads_only
@csrf_exempt  # Safe: it changes nothing, and a token would need a cookie.
@gzip_page  # Safe: the page contains no secret, neither token nor cookie.
@sensitive_post_parameters("location", "accuracy", *HIDDEN, *NAMES)
@sensitive_variables("form", "point", "asked", "origin", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
def finder(request):
    """Ask for a location and answer on the same page, so nothing is in the URL or history.

    Never rate-limited: a hostel, a school or a mobile network shares one address.
    """
    if request.method != "POST":
        page = render(request, "signposting/finder.html", {"form": LocationForm()})
        patch_cache_control(page, **A_MINUTE)
        return page
    form = LocationForm(request.POST)
    asked = read_wishes(request.POST, timezone.now())
    if not form.is_valid() and form.is_cry:
        return _answer(request, "talk", LocationForm(only=form.only), asked, None)
    if not form.is_valid():
        return _answer(request, "not_found", form, asked, None)
    if form.found.kind == "choices":
        return _answer(request, "choices", form, asked, None, choices=form.found.choices)
    point = form.found.point
    origin = origin_of(form.found, asked)
    found, around = search(point, asked.when, form.only, asked.wishes, is_rough=origin.is_rough)
    answer = arrange(found, origin, asked.wishes, form.only)
    staffed = [] if answer.count else staffed_around(point, asked.when, is_rough=origin.is_rough)
    page = answer_page(
        request,
        answer=answer,
        paper=paper_of(answer),
        here=here_on_the_map(point, is_rough=origin.is_rough),
        staffed=staffed,
        form=form,
        asked=asked,
        around=around,
        device=device_of(request.headers.get("User-Agent", "")),
    )
    return _kept_by_nobody(HttpResponse(page))


def _answer(request, page, form, asked, point, **context):
    """A self-contained answer, including the helplines. Never cached."""
    context |= {
        "form": form,
        "asked": asked,
        "phone_lines": nowhere(form.unknown and form.unknown.nation).lines(asked.now),
    }
    return _kept_by_nobody(render(request, f"signposting/{page}.html", context))


def _kept_by_nobody(response):
    patch_cache_control(response, no_store=True, private=True)
    return response


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def venue_page(request, slug):
    """One place: hours, facilities, what to say. Prints as one A6 card."""
    now = timezone.now()
    device = device_of(request.headers.get("User-Agent", ""))

    def draw(page):
        words = vars(page) | {"device": device}
        return render_to_string("signposting/venue_page.html", words, request)

    if kept := page_of_slug(slug, now):
        key = (frame_key(request), device, kept)
        response = HttpResponse(_venue_pages.get(key, lambda: draw(kept_page(kept.venue, now))))
    else:
        listed = Venue.objects.listed(timezone.localdate(now)).with_hours_state(now)
        venue = listed.filter(slug=slug).first()
        if venue is None:  # a link to an entry that was merged leads to the remaining one
            gone = get_object_or_404(Venue.with_merged, slug=slug, merged_into__isnull=False)
            return redirect("venue_page", get_object_or_404(listed, pk=gone.merged_into_id).slug)
        response = HttpResponse(draw(page_of(venue, now)))
    # directions open in a different map app per device
    patch_vary_headers(response, ["User-Agent"])
    return response


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def map(request, slug=None):
    """Every listed place as a list, by town, with the map beside it.

    With a scheme's `slug`, the places it lists.
    """
    if slug and Scheme.objects.closed().filter(slug=slug).exists():
        return redirect("scheme_page", slug)
    scheme = shown_scheme(slug)
    now = timezone.now()
    at = stamp(now)

    def draw():
        every = all_places(now, scheme, at)
        page = Paginator(every.keys, PLACES_A_PAGE).get_page(request.GET.get("page"))
        cards = list(cards_of(page.object_list, now, at).values())
        words = {"page": page, "scheme": scheme, "every": every, "cards": cards, "now": now}
        return render_to_string("signposting/map.html", words, request)

    key = (frame_key(request), scheme and (scheme.pk, scheme.name), at, moment_of(now))
    return HttpResponse(_map_pages.get(key, draw) if at else draw())


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def map_part(request):
    """The map without its page, for an answer to put below its places on request."""
    return render(request, "signposting/map_part.html")


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def map_data(request, slug=None):
    """The places of one view as GeoJSON; with an ETag, because most find nothing changed."""
    scheme, view, now = shown_scheme(slug), read_view(request.GET), timezone.now()
    if at := stamp(now):
        key = (get_language(), scheme and scheme.pk, view, at, moment_of(now))
        return _geojson(request, _map_views.get(key, lambda: places_kept(view, now, scheme)))
    old_key = f"{get_language()}:{scheme.pk if scheme else ''}:{hidden_places()}:{view.key}"
    body = cache.get_or_set(
        f"signposting.places:{old_key}", lambda: places_by_rule(view, now, scheme), KEPT_SECONDS
    )
    return _geojson(request, body)


@login_not_required
@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def map_areas(request, slug=None):
    """The outlines of one view as GeoJSON: the map is legible without a background."""
    scheme, view = shown_scheme(slug), read_view(request.GET)
    own = Scheme.objects.shown().order_by("pk").values_list("pk", "area")
    whose = hashlib.sha256(repr(list(own)).encode()).hexdigest()[:16]
    key = f"signposting.outlines:{scheme.pk if scheme else ''}:{whose}:{view.key}"
    return _geojson(request, cache.get_or_set(key, lambda: outlines(view, scheme), AN_HOUR))


def shown_scheme(slug: str | None) -> Scheme | None:
    """The scheme with this slug; 404 unless it is public. None for an empty slug."""
    return get_object_or_404(Scheme.objects.shown(), slug=slug) if slug else None


def _geojson(request, body: str):
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="application/geo+json", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response)


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def schemes(request):
    """The schemes that run places here."""
    return render(request, "signposting/schemes.html", {"schemes": _schemes()})


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def scheme_page(request, slug):
    """What a scheme is, promises and looks like; for a closed one, that it ended and what follows.

    A hidden scheme has no page at all, nor has one that has not opened yet.
    """
    known = (Scheme.objects.shown() | Scheme.objects.closed()).select_related("successor", "area")
    words = Clearance.objects.to_show().filter(scheme=OuterRef("pk")).order_by("pk")
    words = words.values(each=JSONObject(shown="shown", website="website"))
    scheme = get_object_or_404(known.annotate(permitted=ArraySubquery(words)), slug=slug)
    if scheme.closed_at:
        return render(request, "signposting/scheme_closed.html", {"scheme": scheme})
    now = timezone.now()
    at = stamp(now)
    every = all_places(now, scheme, at)
    page = {
        "scheme": scheme,
        "principles": scheme.principles.all(),
        "supporters": named_organisations(scheme),
        "materials": materials_for(scheme, Audience.PUBLIC),
        "permitted": scheme.permitted,
        "every": every,
        "cards": list(cards_of(every.keys[:PLACES_ON_A_SCHEMES_PAGE], now, at).values()),
        "count": every.count,
        "sticker": example_sticker(scheme, timezone.localdate(now))
        if scheme.has_stickers
        else None,
        "sections": sections(scheme, now),
        "form": LocationForm(only=scheme),
    }
    return render(request, "signposting/scheme_page.html", page)


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def if_followed(request, slug):
    """“If somebody follows, touches or stalks you”: what to do now, what to keep, whom to tell."""
    scheme = get_object_or_404(Scheme.objects.shown().for_places(), slug=slug)
    page = {"scheme": scheme, "who_helps": who_helps(scheme, timezone.now())}
    return render(request, "signposting/if_followed.html", page)


@login_not_required
@cache_control(no_store=True, private=True)
@require_safe
def sticker_page(request, code):
    """Whether a sticker is current. Ended and unknown codes get the same answer."""
    if not may_try(request, "sticker_code"):
        return too_many_requests(request)
    now = timezone.now()
    standing = current_sticker(code, timezone.localdate(now))
    closed = None if standing else closed_scheme_of(code)
    if standing is None and closed is None:
        count_failure(request, "sticker_code")
    page = {
        "code": normalise_code(code),
        "standing": standing,
        "card": _card_of(standing.venue, now) if standing else None,
        "now": now,
        "closed": closed,
        "form": LocationForm(),
    }
    return render(request, "signposting/sticker_page.html", page)


def _card_of(venue, now):
    return cards_of([venue.pk], now, stamp(now)).get(venue.pk)


@login_not_required
@require_safe
def show_to_staff(request):
    """The words to show, as a page of their own to keep or print."""
    return render(request, "signposting/show_to_staff.html", {"hide_links": True})


@login_not_required
@cache_control(no_store=True, private=True)
@require_safe
def card(request):
    """A card to carry, made in the page: nothing that is written on it comes here.

    Stored by no cache, so that no browser brings it back filled in.
    """
    return render(request, "signposting/card.html")


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def help(request):
    """Every number that a named person confirmed, night lines first, and how to hide a visit.

    Without a database, the last known numbers, saying so.
    """
    now = timezone.now()
    known, is_current = help_at(now)
    page = {
        "phone_lines": known.lines(now),
        "nouns": known.nouns,
        "parts": known.parts,
        "followed": [each for each in known.schemes if not each.is_for_organisations],
        "known_at": None if is_current else known.read_at,
    }
    return render(request, "signposting/help.html", page)


def _schemes():
    return Scheme.objects.shown().order_by("name")


@login_not_required
@require_safe
def privacy(request):
    page = {
        "schemes": _schemes(),
        "retention": retention.rows(),
        "stickers_counted_for": _seconds_in_words(RATES["sticker_code"].per),
    }
    return render(request, "signposting/privacy.html", page)


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "signposting/accessibility.html", {"schemes": _schemes()})


def _seconds_in_words(seconds):
    return in_words(datetime.timedelta(seconds=seconds))


@login_not_required
@require_safe
def cookies(request):
    return render(
        request,
        "signposting/cookies.html",
        {
            "session": settings.SESSION_COOKIE_NAME,
            "session_lasts": _seconds_in_words(settings.SESSION_COOKIE_AGE),
            "remembered_lasts": _seconds_in_words(settings.ACCOUNT_SESSION_COOKIE_AGE),
            "csrf": settings.CSRF_COOKIE_NAME,
            "csrf_lasts": _seconds_in_words(settings.CSRF_COOKIE_AGE),
            "device": settings.DEVICE_COOKIE_NAME,
            "device_lasts": _seconds_in_words(devices.KEPT_SECONDS),
        },
    )


@login_not_required
@require_safe
def robots(request):
    """Allow crawling of the finder, not of pages for venues, officers and sticker holders."""
    lines = ["User-agent: *"]
    closed = ("/accounts/", "/admin/", "/portal/", "/stickers/")
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES[1:])]
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in closed]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@login_not_required
@cache_control(**A_MINUTE)
@require_safe
def sitemap(request):
    """The pages that a search engine may show: the finder, the schemes and today's places."""
    key = f"signposting.sitemap:{get_language()}:{hidden_places()}"
    body = cache.get_or_set(key, lambda: sitemap_of(timezone.localdate()), KEPT_SECONDS)
    return HttpResponse(body, content_type="application/xml")
