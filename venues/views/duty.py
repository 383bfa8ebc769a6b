"""A duty officer's link, used without an account: find the place, preview the effect, hide it."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused, refusals_as_messages
from geography.rules import normalise_postcode
from venues import actions
from venues.actions.safety import refuse_unusable
from venues.forms.duty_links import FindPlaceForm
from venues.links import read_duty_link
from venues.models import DutyLink, SignUp
from venues.safety import effect_of_hiding

SHOWN = 20
"""If more are found, the name is too short."""


@login_not_required
@never_cache
@require_safe
def duty_link(request, token):
    """Choose a place with `?q=`, then confirm it with `?place=`. A GET changes nothing."""
    try:
        link = read_duty_link(token)
        if link.used_at and request.GET.get("done"):
            return _page(request, token, hidden=link.suspension.venue, link=link)
        refuse_unusable(link, timezone.localdate())
    except Refused as refused:
        return _page(request, token, status=410, reasons=refused.reasons)
    if place := request.GET.get("place"):
        sign_up = _sign_up(link, place)
        return _page(request, token, link=link, sign_up=sign_up, effect=effect_of_hiding(sign_up))
    form = FindPlaceForm(request.GET if "q" in request.GET else None)
    found = _found(link, form.cleaned_data["q"]) if form.is_bound and form.is_valid() else None
    return _page(request, token, link=link, form=form, found=found, most=SHOWN)


@login_not_required
@never_cache
@require_POST
def use_duty_link(request, token):
    with refusals_as_messages(request):
        link = read_duty_link(token)
        sign_up = _sign_up(link, request.POST.get("place", ""))
        actions.use_duty_link(link, venue=sign_up.venue)
        return redirect(reverse("duty_link", args=[token]) + "?done=1")
    return redirect("duty_link", token)


def _sign_up(link: DutyLink, place: str) -> SignUp:
    key = int(place) if place.isascii() and place.isdigit() else None
    sign_ups = link.scheme.sign_ups.on_board().select_related("venue", "scheme")
    return get_object_or_404(sign_ups, venue=key)


def _found(link, words):
    postcode = normalise_postcode(words) or words
    matches = Q(venue__name__icontains=words) | Q(venue__postcode__istartswith=postcode)
    sign_ups = link.scheme.sign_ups.on_board().filter(matches).select_related("venue")
    return sign_ups.order_by("venue__name", "pk")[: SHOWN + 1]


def _page(request, token, status=200, **page):
    shown = {"token": token, "reasons": (), "hidden": None, "sign_up": None, "found": None}
    return render(request, "venues/duty_link.html", {**shown, **page}, status=status)
