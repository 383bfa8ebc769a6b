"""Entering a return for a venue that rang or wrote, on the venue's own form."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from common.admin import officers_page
from partnership.views.asked import Asked
from partnership.views.returns import show_return_form, take_return
from venues.models import SignUp

PAGE = "<period:period>/enter/<int:pk>/"


class EntersReturns:
    """Two pages beside the list of returns. Numbers only: free text comes from the venue itself."""

    @officers_page(PAGE)
    def enter_return(self, request, period, pk):
        asked = self._asked_by(request, period, pk)
        for reason in asked.why_not()[:1]:  # the venue's own messages say to ring us
            messages.error(request, reason)
        return show_return_form(request, asked)

    @officers_page(f"{PAGE}send/", methods=("POST",))
    def send_entered_return(self, request, period, pk):
        return take_return(request, self._asked_by(request, period, pk))

    def _asked_by(self, request, period, pk):
        sign_ups = SignUp.objects.for_officer(request.user).filter(approved_at__isnull=False)
        sign_up = get_object_or_404(
            sign_ups.select_related("venue__organisation", "venue__lead_scheme", "scheme"), pk=pk
        )
        if not request.user.has_perm("partnership.enter_return", sign_up):
            raise PermissionDenied
        return Asked.by_officer(request, sign_up, period)
