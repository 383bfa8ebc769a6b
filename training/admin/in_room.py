"""A trainer's pages about training in a room: choose the venue, then who was there."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, Office, officers_page
from training import actions
from training.forms import InRoomForm, VenueForm
from training.rules import sign_ups_to_train
from venues.models import Scheme


class RecordTrainingInRoom(Decision):
    words = _("Record the training")
    done = _("Recorded. It counts from now on.")
    site = ""
    route = "<int:sign_up_pk>/record/"
    asked_at = ("<int:sign_up_pk>/", "training_in_room")
    template = "admin/training/in_room.html"
    shows_errors = True
    checks_version = False  # each completion has its own row

    def form_for(self, sign_up, user, data=None, files=None):
        return InRoomForm(data, sign_up=sign_up, today=timezone.localdate(), user=user)

    def do(self, sign_up, *, by, module, **given):
        return actions.record_training_in_room(sign_up, module, by=by, **given)

    def context(self, desk, request, sign_up):
        return {"sign_up": sign_up}


class InRoom(Office):
    base = "admin/training/in-room/"
    key = "sign_up_pk"
    in_admin = False
    decisions = [RecordTrainingInRoom]

    def things(self, request):
        return sign_ups_to_train(list(Scheme.objects.for_officer(request.user)))

    def home(self, sign_up, goes_to=""):
        return reverse("choose_room")

    @officers_page("")
    def choose_room(self, request):
        """Choose the venue, from the schemes in which this officer is a trainer."""
        schemes = [
            scheme
            for scheme in Scheme.objects.for_officer(request.user)
            if self.may(request.user, "record_training_in_room", scheme)
        ]
        if not schemes:
            raise PermissionDenied
        form = VenueForm.asked_by(request, schemes)
        if form.is_valid():
            return redirect("training_in_room", form.cleaned_data["sign_up"].pk)
        return render(request, "admin/training/choose_room.html", {"form": form})
