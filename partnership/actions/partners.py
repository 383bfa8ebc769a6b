"""Partners' seats: they are ended, never deleted."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership.models import Meeting, Partner
from venues.models import Event

from .feeds import end_feeds


@transaction.atomic
def end_partner(partner: Partner, *, by: User) -> Partner:
    """End a seat: no more invitations, no calendar feed, and its e-mail address is removed."""
    partner = lock(partner)
    if partner.ended_at:
        raise Refused(_("This partner has left already."))
    partner.ended_at, partner.ended_by, partner.email = timezone.now(), by, ""
    partner.save(update_fields=["ended_at", "ended_by", "email"])
    end_feeds(partner.scheme, partner=partner)
    to_come = partner.attendances.filter(meeting__state=Meeting.State.CONFIRMED, outcome="")
    to_come.filter(meeting__starts_at__gt=timezone.now()).delete()
    Event.objects.record("partnership.partner_ended", scheme=partner.scheme, about=partner, by=by)
    return partner
