"""The lead scheme, which decides on a place's name, address and point."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import letters
from venues.edits import DECIDED
from venues.models import Event, Scheme, SignUp, Venue


@transaction.atomic
def hand_over_lead(venue: Venue, *, scheme: Scheme, by: User) -> Venue:
    """Hand the lead to another scheme that the place is a member of.

    Any pending edit goes with it.
    """
    venue = lock(venue)
    if scheme.pk == venue.lead_scheme_id:
        raise Refused(_("%(scheme)s is the lead scheme already.") % {"scheme": scheme})
    sign_up = SignUp.objects.filter(venue=venue, scheme=scheme, state__in=DECIDED).first()
    if sign_up is None:
        raise Refused(_("The place is not a member of %(scheme)s.") % {"scheme": scheme})
    _lead_passes(venue, scheme, by)
    letters.notify(
        "venues.lead_handed_over",
        [scheme.contact_email],
        scheme=scheme,
        venue=venue,
        link=letters.url("admin:venues_venue_change", venue.pk),
    )
    return venue


def settle_lead(venue: Venue, *, by: User) -> None:
    """If the lead scheme has closed or lost the place, give the lead to its earliest other
    scheme.
    """
    members = SignUp.objects.filter(
        venue=venue, state__in=DECIDED, scheme__closed_at__isnull=True
    ).order_by("approved_at", "pk")
    schemes = [sign_up.scheme for sign_up in members.select_related("scheme")]
    if schemes and venue.lead_scheme_id not in [scheme.pk for scheme in schemes]:
        _lead_passes(lock(venue), schemes[0], by)


def _lead_passes(venue: Venue, scheme: Scheme, by: User) -> None:
    venue.lead_scheme = scheme
    venue.save(update_fields=["lead_scheme"])
    Event.objects.record("venues.lead_handed_over", venue=venue, by=by, scheme_now=str(scheme))
