"""Joining further schemes: what is on offer, the notice before joining, and sharing people."""

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.deciding import lock
from common.refusals import refusals_as_messages
from venues import actions
from venues.forms.sharing import ChangeSharingForm, JoinSchemeForm
from venues.joining import offers, offers_of, people_in_words, what_officers_read
from venues.models import SignUp
from venues.postcodes import doubt_about
from venues.rules import schemes_open_to
from venues.views.fetching import managed


@require_safe
def more_schemes(request, pk):
    """Each open scheme covering the place, and what it would still need."""
    sign_up = managed(request, pk)
    page = {
        "sign_up": sign_up,
        "joined": _live(sign_up),
        "offers": offers(sign_up.venue, timezone.localdate()),
    }
    return render(request, "venues/more_schemes.html", page)


def _live(sign_up):
    live = SignUp.objects.live().filter(venue=sign_up.venue_id)
    return live.select_related("scheme").order_by("scheme__name")


@require_safe
def review_joining(request, pk, scheme):
    """What the scheme's officers will read, before anything is shared with them."""
    sign_up, found = managed(request, pk), _open_scheme(request.user, scheme)
    if joined := _live(sign_up).filter(scheme=found).first():
        return redirect("portal_home", joined.pk)
    return _notice(request, sign_up, found, JoinSchemeForm(trains=found.has_training))


@require_POST
def join_scheme(request, pk, scheme):
    sign_up, found = managed(request, pk), _open_scheme(request.user, scheme)
    form = JoinSchemeForm(request.POST, trains=found.has_training)
    if not form.is_valid():
        return _notice(request, sign_up, found, form)
    shares = form.cleaned_data["shares_people"]
    with refusals_as_messages(request):
        joined = actions.join_scheme(sign_up.venue, found, by=request.user, shares_people=shares)
        return redirect("sign_up", joined.pk)
    return redirect("more_schemes", pk)


def _open_scheme(user, slug):
    return get_object_or_404(schemes_open_to(user), slug=slug)


def _notice(request, sign_up, scheme, form):
    venue, today = sign_up.venue, timezone.localdate()
    (offer,) = offers_of([scheme], venue, today)
    page = {
        "sign_up": sign_up,
        "scheme": scheme,
        "form": form,
        "offer": offer,
        "read": what_officers_read(venue, scheme),
        "people": people_in_words(venue, today),
        "doubt": doubt_about(venue.postcode, scheme, statement=True),
    }
    return render(request, "venues/join_scheme.html", page)


@require_POST
def take_back_venue_edit(request, pk):
    """Withdraw the edit that is pending with the lead scheme."""
    sign_up = managed(request, pk)
    with refusals_as_messages(request, _("Taken back. Nothing changes.")):
        actions.take_back_venue_edit(sign_up.venue, by=request.user)
    return redirect("portal_home", pk)


@require_safe
def edit_sharing(request, pk):
    """Choose whether this scheme can see the place's people."""
    sign_up = managed(request, pk)
    return _sharing_page(request, sign_up, _sharing_form(sign_up))


@require_POST
@transaction.atomic
def share_people(request, pk):
    sign_up = managed(request, pk)
    form = _sharing_form(lock(sign_up), request.POST)
    if not form.is_valid():
        return _sharing_page(request, sign_up, form)
    with refusals_as_messages(request, _("Saved.")):
        actions.share_people(sign_up, shares=form.cleaned_data["shares_people"], by=request.user)
    return redirect("people", pk)


def _sharing_form(sign_up, data=None):
    initial = {"shares_people": "yes" if sign_up.shares_people else "no"}
    return ChangeSharingForm(data, initial=initial, trains=sign_up.scheme.has_training)


def _sharing_page(request, sign_up, form):
    page = {
        "sign_up": sign_up,
        "form": form,
        "people": people_in_words(sign_up.venue, timezone.localdate()),
        "joined": _live(sign_up),
    }
    return render(request, "venues/sharing.html", page)
