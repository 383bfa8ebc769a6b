"""A trainer's pages about training given in a room: the place first, then who was there."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.forms import InRoomForm, PlaceForm
from training.rules import sign_ups_to_train
from venues.models import Scheme

MAY = "training.record_training_in_room"


@require_safe
def choose_room(request):
    """At which place it was."""
    form = PlaceForm(request.GET if "sign_up" in request.GET else None, schemes=_schemes(request))
    if form.is_valid():
        return redirect("training_in_room", form.cleaned_data["sign_up"].pk)
    return render(request, "admin/training/choose_room.html", {"form": form})


@require_safe
def training_in_room(request, sign_up_pk):
    sign_up = _sign_up(request, sign_up_pk)
    return _page(request, sign_up, _form(request, sign_up))


@require_POST
def record_training_in_room(request, sign_up_pk):
    sign_up = _sign_up(request, sign_up_pk)
    form = _form(request, sign_up, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        module = given.pop("module")
        with refusals_as_messages(request, _("Recorded. It counts from now on.")):
            actions.record_training_in_room(sign_up, module, by=request.user, **given)
            return redirect("choose_room")
    return _page(request, sign_up, form)


def _form(request, sign_up, data=None):
    return InRoomForm(data, sign_up=sign_up, today=timezone.localdate(), user=request.user)


def _page(request, sign_up, form):
    return render(request, "admin/training/in_room.html", {"sign_up": sign_up, "form": form})


def _schemes(request):
    """Those in which this officer gives training; nobody else has anything to do here."""
    schemes = [
        scheme
        for scheme in Scheme.objects.for_officer(request.user)
        if request.user.has_perm(MAY, scheme)
    ]
    if not schemes:
        raise PermissionDenied
    return schemes


def _sign_up(request, pk):
    own = list(Scheme.objects.for_officer(request.user))
    sign_up = get_object_or_404(sign_ups_to_train(own), pk=pk)
    if not request.user.has_perm(MAY, sign_up):
        raise PermissionDenied
    return sign_up
