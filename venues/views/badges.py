"""Choosing which schemes' badges the public sees on a place."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.deciding import lock
from common.refusals import refusals_as_messages
from venues import actions
from venues.forms.badges import BadgesForm
from venues.models import SignUp
from venues.views.fetching import managed


@require_safe
def edit_badges(request, pk):
    sign_up = managed(request, pk)
    return _badges_page(request, sign_up, BadgesForm(sign_ups=_live(sign_up)))


@require_POST
@transaction.atomic
def choose_badges(request, pk):
    sign_up = managed(request, pk)
    lock(sign_up.venue)
    form = BadgesForm(request.POST, sign_ups=_live(sign_up))
    if not form.is_valid():
        return _badges_page(request, sign_up, form)
    with refusals_as_messages(request, _("Saved.")):
        actions.choose_badges(sign_up.venue, form.cleaned_data["shown"], by=request.user)
    return redirect("portal_home", pk)


def _live(sign_up):
    live = SignUp.objects.live().filter(venue=sign_up.venue_id)
    return live.select_related("scheme").order_by("scheme__name", "pk")


def _badges_page(request, sign_up, form):
    has_stickers = any(each.scheme.has_stickers for each in _live(sign_up))
    page = {"sign_up": sign_up, "form": form, "has_stickers": has_stickers}
    return render(request, "venues/badges.html", page)
