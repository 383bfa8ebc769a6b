"""Fetching what this user may access. The fetch is the permission check: outsiders get 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from venues.evidence_kinds import Part
from venues.models import SignUp, Venue

WHOLE = ("venue__organisation", "venue__lead_scheme", "scheme", "entered_by")
HOURS = ("venue__opening_hours", "venue__closures")


def editable(request, pk) -> SignUp:
    """A manager's sign-up, or a draft that an officer is entering for a venue."""
    sign_ups = (
        SignUp.objects.editable_by(request.user).select_related(*WHOLE).prefetch_related(*HOURS)
    )
    return get_object_or_404(sign_ups, pk=pk)


def being_saved(request, pk) -> SignUp:
    """As `editable`, with the venue locked, so that conflicts are detected against saved data.

    Call it inside a transaction that lasts until the form is saved.
    """
    venue_pk = editable(request, pk).venue_id
    while True:
        Venue.with_merged.select_for_update(of=("self",)).get(pk=venue_pk)
        sign_up = editable(request, pk)
        if sign_up.venue_id == venue_pk:
            return sign_up
        venue_pk = sign_up.venue_id  # merged into another entry meanwhile: lock that one


def managed(request, pk) -> SignUp:
    """A manager's sign-up: pages about people are for the organisation's managers only."""
    sign_ups = (
        SignUp.objects.managed_by(request.user).select_related(*WHOLE).prefetch_related(*HOURS)
    )
    return get_object_or_404(sign_ups, pk=pk)


def of_member(request, pk) -> SignUp:
    """A sign-up of an organisation where this user is a member, as manager or staff."""
    sign_ups = (
        SignUp.objects.of_member(request.user).select_related(*WHOLE).prefetch_related(*HOURS)
    )
    return get_object_or_404(sign_ups, pk=pk)


def demand_part(sign_up: SignUp, part: Part) -> SignUp:
    """The sign-up; raises 404 if its scheme lacks the part the page is about."""
    if not getattr(sign_up.scheme, f"has_{part}"):
        raise Http404
    return sign_up


def may_edit(request, sign_up) -> bool:
    return SignUp.objects.editable_by(request.user).filter(pk=sign_up.pk).exists()
