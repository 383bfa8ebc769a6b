"""Enquiries from places that are not sure yet and want a call."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.models import Enquiry, Event, Scheme


@transaction.atomic
def ask_to_be_rung(
    scheme: Scheme, *, name: str, venue_name: str, phone: str, best_time: str = ""
) -> Enquiry:
    """Leave an enquiry in the officers' queue. It is deleted as `retention` says."""
    return Enquiry.objects.create(
        scheme=scheme, name=name, venue_name=venue_name, phone=phone, best_time=best_time
    )


@transaction.atomic
def answer_enquiry(enquiry: Enquiry, *, by: User) -> Enquiry:
    """Mark the enquiry as answered, which takes it out of the queue."""
    enquiry = lock(enquiry)
    if enquiry.answered_at:
        raise Refused(_("Somebody has answered this enquiry already."))
    enquiry.answered_at, enquiry.answered_by = timezone.now(), by
    enquiry.save(update_fields=["answered_at", "answered_by"])
    Event.objects.record("venues.enquiry_answered", scheme=enquiry.scheme, by=by)
    return enquiry
