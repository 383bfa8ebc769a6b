"""The only code that publishes a support service's number, or withdraws it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from signposting.models import Service
from venues.models import Event

REACHED_BY = {"number", "by", "text_word"}
"""What a confirmation is about: when one of these changes, it has to be given again."""


@transaction.atomic
def confirm_service(service: Service, *, name: str, by: User) -> Service:
    """Record that the person called `name` rang this number, and show it to the public."""
    service = lock(service)
    if not name.strip():
        raise Refused(_("Give the name of the person who confirmed the number."))
    service.confirmed_by_name = name.strip()
    service.confirmed_on = timezone.localdate()
    service.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.service_confirmed", scheme=service.scheme, about=service, by=by
    )
    return service


@transaction.atomic
def unconfirm_service(service: Service, *, by: User) -> Service:
    """Withdraw the number from public pages until it is confirmed again."""
    service = lock(service)
    if service.confirmed_on is None:
        raise Refused(_("This number is not confirmed."))
    service.confirmed_by_name, service.confirmed_on = "", None
    service.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.service_unconfirmed", scheme=service.scheme, about=service, by=by
    )
    return service


@transaction.atomic
def change_service(service: Service, fields: list[str], *, by: User) -> Service:
    """Save the changed `fields` of `service`; a changed number must be confirmed again."""
    adding = service.pk is None
    if not adding:
        lock(service)
    if adding or REACHED_BY & set(fields):
        service.confirmed_by_name, service.confirmed_on = "", None
    service.save()
    Event.objects.record(
        "signposting.service_changed",
        scheme=service.scheme,
        about=service,
        by=by,
        fields=", ".join(sorted(fields)),
    )
    return service
