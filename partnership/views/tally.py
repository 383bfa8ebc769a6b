"""The counter's page behind its own link, and the portal page that hands it out."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.limits import limit, limits_itself
from common.refusals import refusals_as_messages
from partnership import actions
from partnership.links.returns import link_page, make_tally_link, read_tally
from partnership.models import Tally
from partnership.rules.periods import period_on
from partnership.views.asked import Asked
from venues.evidence_kinds import Part
from venues.views.fetching import demand_part, of_member


def _asked(tally):
    period = period_on(tally.sign_up.scheme, timezone.localdate())
    if period is None:
        raise Http404
    return Asked(tally.sign_up, period)


@require_safe
@link_page(read_tally)
def tally_page(request, token, tally):
    """Big buttons, pressed as it happens."""
    asked = _asked(tally)
    totals = asked.tallied()
    lists = {}
    for item in asked.items(None):
        row = {"item": item, "total": totals.get(item.pk, 0)}
        lists.setdefault(item.get_kind_display(), []).append(row)
    page = {
        "token": token,
        "sign_up": tally.sign_up,
        "period": asked.period,
        "people": totals.get(None, 0),
        "lists": list(lists.items()),
        "hide_links": True,
    }
    return render(request, "partnership/tally_page.html", page)


@limits_itself  # the usual limit for links, twelve a minute, is too low for a busy night
@require_POST
@link_page(read_tally)
def count_one(request, token, tally):
    """Add or subtract one, and return to the same button."""
    wanted = request.POST.get("line", "")
    asked = _asked(tally)
    item = next((each for each in asked.items(None) if str(each.pk) == wanted), None)
    if not limit(request, "tally"):
        messages.error(request, _("That was very fast. Wait a minute, then go on."))
    elif item is None and wanted != "people":
        messages.error(request, _("The scheme has changed its lists. Please press again."))
    else:
        step = -1 if request.POST.get("step") == "fewer" else 1
        with refusals_as_messages(request):
            actions.count_one(tally, item, period=asked.period, step=step)
    return HttpResponseRedirect(reverse("tally_page", args=[token]) + f"#line-{_id(item)}")


def _id(item):
    return item.pk if item else "people"


@never_cache
@require_safe
def tally_home(request, sign_up_id):
    """Start or end a tally, with the counter's link and QR code."""
    sign_up = demand_part(of_member(request, sign_up_id), Part.RETURNS)
    tally = getattr(sign_up, "tally", None)
    link = make_tally_link(tally) if tally and tally.is_kept else ""
    page = {
        "sign_up": sign_up,
        "tally": tally,
        "link": link,
        "square": segno.make(link, error="m").svg_data_uri(scale=4, border=2) if link else "",
    }
    return render(request, "partnership/tally_home.html", page)


@require_POST
def start_tally(request, sign_up_id):
    sign_up = demand_part(of_member(request, sign_up_id), Part.RETURNS)
    with refusals_as_messages(request, _("Here is the link for your counter.")):
        actions.start_tally(sign_up, by=request.user)
    return redirect("tally_home", sign_up_id)


@require_POST
def renew_tally_link(request, sign_up_id):
    with refusals_as_messages(request, _("Here is a new link. The old one works no more.")):
        actions.renew_tally_link(_own(request, sign_up_id), by=request.user)
    return redirect("tally_home", sign_up_id)


@require_POST
def end_tally(request, sign_up_id):
    with refusals_as_messages(request, _("No tally is kept any more. Its totals stay for now.")):
        actions.end_tally(_own(request, sign_up_id), by=request.user)
    return redirect("tally_home", sign_up_id)


def _own(request, sign_up_id):
    return get_object_or_404(Tally, sign_up=of_member(request, sign_up_id))
