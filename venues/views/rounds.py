"""Wanting to be told when a scheme takes new places: asking, confirming by a link, and stopping."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import too_many_requests
from common.limits import limit, may_mail
from common.refusals import Refused, refusals_as_messages
from common.retention import period_of
from venues import actions
from venues.explanations import explanation_of
from venues.forms import RingForm, TellMeForm
from venues.links import read_waiting
from venues.models import Scheme
from venues.rounds import Closed, closed


def closed_page(request, found: Closed, form=None, ring_form=None, *, was_filled_in=False):
    """What the start page of a scheme says between its rounds.

    `was_filled_in`: the round closed while somebody filled in the form for a link.
    """
    form = form or TellMeForm(auto_id="tell_%s", about=found.scheme)
    ring_form = ring_form or RingForm(auto_id="ring_%s", about=found.scheme)
    page = {
        "about": found.scheme,
        "closed": found,
        "may_still_send": found.last and found.day <= found.last.last_day_to_send,
        "was_filled_in": was_filled_in,
        "form": ring_form if ring_form.is_bound else form,
        "tell_form": form,
        "ring_form": ring_form,
        "tell_why": explanation_of("waiting"),
        "ring_why": explanation_of("ring"),
    }
    return render(request, "venues/join_closed.html", page)


@login_not_required
@require_POST
def ask_to_be_told(request):
    """Send the link to confirm the address; the response never reveals whether it is known."""
    if not limit(request, "tell_me"):
        return too_many_requests(request)
    schemes = Scheme.objects.shown().for_places()
    key = request.POST.get("scheme", "")
    about = schemes.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    if about is None:
        return redirect("join")
    found = closed(about)
    if found is None:  # It opened while somebody wrote the address.
        return redirect("join_one", about.slug)
    form = TellMeForm(request.POST, auto_id="tell_%s", about=about)
    if not form.is_valid():
        return closed_page(request, found, form)
    email = form.cleaned_data["email"]
    if may_mail(request, email, "tell_me"):
        actions.ask_to_be_told(about, email=email)
    return redirect("telling_asked")


@login_not_required
@require_safe
def telling_asked(request):
    return render(request, "venues/telling_asked.html")


@login_not_required
@never_cache
@require_safe
def waiting(request, token):
    """The link's page, with one button: to confirm, or once that is done to be taken off."""
    try:
        found = read_waiting(token)
    except Refused as refusal:
        page = {"said": str(refusal), "token": token, "waiting": None}
        return render(request, "venues/waiting.html", page, status=410)
    last = found.confirmed_at and timezone.localdate(found.confirmed_at)
    page = {
        "waiting": found,
        "token": token,
        "has_run_out": not found.confirmed_at and found.may_confirm_until < timezone.now(),
        "kept_until": last and period_of("waiting").last_day(last),
    }
    return render(request, "venues/waiting.html", page)


@login_not_required
@never_cache
@require_POST
def confirm_telling(request, token):
    with refusals_as_messages(request):
        actions.confirm_telling(read_waiting(token))
    return redirect("waiting", token)


@login_not_required
@never_cache
@require_POST
def stop_telling(request, token):
    with refusals_as_messages(request):
        actions.stop_telling(read_waiting(token))
        return redirect("telling_stopped")
    return redirect("waiting", token)


@login_not_required
@require_safe
def telling_stopped(request):
    return render(request, "venues/telling_stopped.html")
