"""A rule change that would unlist venues shows which ones and asks for confirmation."""

import hashlib

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from venues import actions
from venues.effects import effects, last_days
from venues.models import Scheme, SignUp

SEEN = "seen_effects"
NOT_REPEATED = ("csrfmiddlewaretoken", SEEN)


class ShowsEffects:
    """Saves the form in a transaction, works out the effect, and rolls back to ask if venues would
    leave.

    A confirmation only counts while the effect is still the one that was shown.
    """

    def scheme_of(self, thing) -> Scheme:
        """The scheme whose rules `thing` belongs to; each admin that uses this says it."""
        raise NotImplementedError

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        thing = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method != "POST" or thing is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        today, scheme = timezone.localdate(), self.scheme_of(thing)
        sign_ups = SignUp.objects.filter(scheme=scheme)
        with transaction.atomic():
            actions.keep_grace(sign_ups)
            before = last_days(scheme, today)
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if response.status_code != 302:  # validation failed, so nothing was saved
                return response
            actions.keep_grace(sign_ups)
            found = effects(before, last_days(scheme, today))
            digest = hashlib.sha256(repr(found).encode()).hexdigest()[:16]
            if not found or request.POST.get(SEEN) == digest:
                return response
            transaction.set_rollback(True)
        for _message in messages.get_messages(request):
            pass  # discard Django's "was changed successfully", which is no longer true
        page = self.page(
            request,
            title=_("Venues would leave the finder"),
            subtitle=None,
            original=thing,
            leaving=found,
            seen=(SEEN, digest),
            typed=[
                (name, value)
                for name, values in request.POST.lists()
                if name not in NOT_REPEATED
                for value in values
            ],
        )
        return render(request, "admin/venues/effects.html", page)
